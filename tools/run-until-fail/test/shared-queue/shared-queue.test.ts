import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { assert, suite, temporaryFolder, unlessRuns } from '@raftlens/testing';
import * as fc from 'fast-check';
import { decodeFilePath, encodeFilePath } from '../../src/shared-queue/file-path.ts';
import { identityDigest, jobSchema, messageSchema } from '../../src/shared-queue/protocol.ts';
import { outputOf, processesWith, type Started, type Tool, tool, until } from '../support/tool.ts';

const it = suite('sharing runs through Redis');

const NO_REDIS = unlessRuns(['redis-server', '--version']);

let redis: ChildProcess | undefined;
let url = '';

it.before(async () => {
  if (NO_REDIS !== false) return;
  const port = await freePort();
  url = `redis://127.0.0.1:${port}`;
  redis = spawn('redis-server', ['--port', String(port), '--save', '', '--appendonly', 'no', '--dir', temporaryFolder()], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let log = '';
  redis.stdout?.on('data', (chunk: Buffer) => (log += chunk.toString()));
  await until('Redis is ready', () => log.includes('Ready to accept connections'));
});

it.after(async () => {
  if (redis === undefined) return;
  const ended = new Promise((resolve) => redis?.once('exit', resolve));
  redis.kill();
  await ended;
});

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}

/** A worker in a folder of its own, or in that of `t`, once it serves. */
async function startWorker(words: readonly string[], t: Tool = tool()): Promise<Started> {
  const [before, after] = splitAtDashes(words);
  const started = t.start(...before, '--queue', url, '--worker', '--jobs', '2', ...after);
  let log = '';
  started.child.stderr?.on('data', (chunk: string) => (log += chunk));
  await until('the worker is ready', () => log.includes('ready for'), 20_000);
  return started;
}

function splitAtDashes(words: readonly string[]): readonly [readonly string[], readonly string[]] {
  const dashes = words.indexOf('--');
  return dashes === -1 ? [words, []] : [words.slice(0, dashes), words.slice(dashes)];
}

async function stopWorkers(...workers: readonly Started[]): Promise<void> {
  for (const { child } of workers) child.kill('SIGINT');
  await Promise.all(workers.map(({ ended }) => ended));
}

it('brings results and logs home from all workers; a failure ends its own session, and no other', {
  timeoutMs: 60_000,
  skip: NO_REDIS,
}, async () => {
  const words = ['--', 'sh', '-c', 'sleep 0.1; echo "seed $RUN_SEED here"; test $RUN_SEED != 12'];
  const workers = [await startWorker(words), await startWorker(words)];
  const other = tool().start('--queue', url, '--seed', '100', '--runs', '40', ...words);
  const t = tool();
  const { code, stdout } = await t.run('--queue', url, '--seed', '1', ...words);
  const others = await other.ended;
  await stopWorkers(...workers);
  assert.is(code, 1, stdout);
  assert.equal(
    t.runs().map(({ info }) => info.seed),
    ['12'],
  );
  assert.equal(t.runs().map(outputOf), ['seed 12 here\n']);
  assert.match(others.stdout, /asked 40, started 40, passed 40, failed 0/);
});

it('loses no run and counts none twice when a worker is killed', { timeoutMs: 90_000, skip: NO_REDIS }, async () => {
  const folder = temporaryFolder();
  const words = ['--', 'sh', '-c', 'sleep 0.3; echo $RUN_SEED >> "$0/seeds"', folder];
  const [victim, other] = [await startWorker(words), await startWorker(words)];
  const { ended } = tool().start('--queue', url, '--seed', '1', '--runs', '24', ...words);
  await until('runs are under way', () => existsSync(join(folder, 'seeds')), 20_000);
  victim.child.kill('SIGKILL');
  const { code, stdout } = await ended;
  await stopWorkers(other);
  assert.is(code, 0, stdout);
  assert.match(stdout, /asked 24, started 24, passed 24, failed 0/);
  assert.is(new Set(readFileSync(join(folder, 'seeds'), 'utf8').trimEnd().split('\n')).size, 24);
});

it('shares seeds of scenarios, and finds the failure that one machine finds', { timeoutMs: 60_000, skip: NO_REDIS }, async () => {
  const worker = await startWorker(['sim', 'figure-8-unreliable', '--bug', 'R1']);
  const [shared, alone] = [tool(), tool()];
  const { code, stdout } = await shared.run('sim', 'figure-8-unreliable', '--bug', 'R1', '--queue', url);
  await alone.run('sim', 'figure-8-unreliable', '--bug', 'R1');
  await stopWorkers(worker);
  assert.is(code, 1, stdout);
  const [run] = shared.runs();
  assert.is(run?.info.seed, alone.runs()[0]?.info.seed);
  assert.ok(run?.planFile !== undefined && run.eventFiles.length === 1, 'the failing seed is logged at home');
});

it('shares the seeds of a module, many in a job', { timeoutMs: 60_000, skip: NO_REDIS }, async () => {
  const t = tool();
  writeFileSync(
    join(t.folder, 'my.ts'),
    "export function breaks(seed: string): void { if (seed === '1777') throw new RangeError('bad'); }\n",
  );
  const worker = await startWorker(['module', 'my.ts'], t);
  const { stdout } = await t.run('module', 'my.ts', '--seeds', '1..3000', '--keep-going', '--queue', url);
  await stopWorkers(worker);
  assert.match(stdout, /asked 3,000, started 3,000, passed 2,999, failed 1/);
  assert.match(stdout, /1x RangeError: bad/);
});

it('shares the runs of a preset, which each worker builds for itself', { timeoutMs: 60_000, skip: NO_REDIS }, async () => {
  const mine = {
    setup: [['sh', '-c', 'echo built > "$0/file"', '{build}']],
    command: ['sh', '-c', 'echo "$(cat "$0/file") $RUN_TEST"; exit 3', '{build}'],
  };
  const [t, elsewhere] = [tool(), tool()];
  for (const { folder } of [t, elsewhere]) writeFileSync(join(folder, 'run-until-fail.json'), JSON.stringify({ presets: { mine } }));
  const worker = await startWorker(['mine', '-t', 'T1'], elsewhere);
  const { code } = await t.run('mine', '-t', 'T1', '--queue', url, '--runs', '1');
  await stopWorkers(worker);
  assert.is(code, 1);
  assert.equal(t.runs().map(outputOf), ['built T1\n']);
});

it('ends a run at the workers as soon as its session is over', { timeoutMs: 60_000, skip: NO_REDIS }, async () => {
  const mark = `RUN_OF_${randomUUID()}`;
  const words = ['--env', `${mark}=1`, '--', 'sh', '-c', 'test $RUN_SEED != 2 && sleep 600'];
  const worker = await startWorker(words);
  const { code } = await tool().run('--queue', url, '--seed', '1', ...words.slice(2));
  await until('nothing of the session runs any more', () => processesWith(mark).length === 0);
  await stopWorkers(worker);
  assert.is(code, 1);
});

it('sends home what lies in subfolders; of what is too large the end, and says so', { timeoutMs: 60_000, skip: NO_REDIS }, async () => {
  const script =
    'cd "$RUN_DIR"; mkdir -p a/b; echo deep > a/b/c.log; for i in $(seq 50); do echo $i > f$i; done; seq 700000 > z.log; exit 1';
  const t = tool();
  const words = ['--carry', '2M', '--', 'sh', '-c', script];
  const worker = await startWorker(words);
  const { stderr } = await t.run('--queue', url, ...words);
  await stopWorkers(worker);
  const folder = t.runs()[0]?.folder ?? '';
  assert.is(readFileSync(join(folder, 'a/b/c.log'), 'utf8'), 'deep\n');
  assert.ok(existsSync(join(folder, 'f50')));
  assert.match(stderr, /only the end of z\.log came home/);
  assert.match(readFileSync(join(folder, 'z.log'), 'utf8'), /^\[the first \d+ bytes stayed with the worker\]\n[\s\S]*\n700000\n$/);
});

it('runs nothing that the flags of a worker do not name', { timeoutMs: 60_000, skip: NO_REDIS }, async () => {
  const words = ['--', 'touch', '{test}'];
  const worker = await startWorker(['-t', 'allowed', ...words]);
  const t = tool();
  const test = await t.run('--queue', url, '--runs', '1', '-t', join(t.folder, 'other'), ...words);
  const command = await t.run('--queue', url, '--time', '1s', '--', 'touch', join(t.folder, 'other'));
  await stopWorkers(worker);
  assert.is(test.code, 3);
  assert.match(test.stdout, /this worker was not started for the test/);
  assert.match(command.stdout, /NOTHING WAS TESTED/);
  assert.not.ok(existsSync(join(t.folder, 'other')));
});

it('ends when Redis has lost its memory, instead of waiting for ever', { timeoutMs: 60_000, skip: NO_REDIS }, async () => {
  const { child, ended } = tool().start('--queue', url, '--', 'true');
  let said = '';
  child.stderr?.on('data', (text: string) => (said += text));
  await until('the runs are handed out', () => said.includes('no worker has been there'), 20_000);
  spawnSync('redis-cli', ['-u', url, 'flushall']);
  const { code, stdout } = await ended;
  assert.is(code, 3);
  assert.match(stdout, /could not go on: Redis has lost it/);
});

it('says when no worker is there, and when there is no Redis', { timeoutMs: 60_000, skip: NO_REDIS }, async () => {
  const lonely = await tool().run('--queue', url, '--time', '4500ms', '--', 'true');
  assert.match(lonely.stderr, /no worker has been there for 3s: start some with this same command line and --worker/);
  const none = await tool().run('--queue', 'redis://127.0.0.1:1', '--', 'true');
  assert.is(none.code, 2);
  assert.match(none.stderr, /there is no Redis at redis:\/\/127\.0\.0\.1:1/);
});

it('takes no payload that is anything else than runs', () => {
  const job = { session: '0123456789abcdef', identity: identityDigest(['command']), runs: [{ number: 1, test: 't', seed: '1' }] };
  assert.equal(jobSchema.parse(job), job);
  for (const wrong of [
    { ...job, argv: ['rm'] },
    { ...job, runs: [] },
    { ...job, session: '../x' },
    { ...job, runs: [{ number: 1, test: 't', seed: '1; rm' }] },
    { ...job, runs: [{ number: 1, test: 't', seed: '1', command: 'rm' }] },
  ]) {
    assert.not.ok(jobSchema.safeParse(wrong).success, JSON.stringify(wrong));
  }
});

it('takes no result whose files would leave the folder of the run', () => {
  const name = '0123456789abcdef0123456789abcdef';
  const files = (path: string) => ({ name, files: [{ path: encodeFilePath(Buffer.from(path)), bytes: 1, size: 1 }], leftOut: 0 });
  const result = { number: 1, verdict: { kind: 'passed' }, durationMs: 1, cpuMs: null, cases: null, leftProcesses: false };
  const messageWith = (path: string) => ({ job: 'a-1', results: [{ ...result, files: files(path) }], problem: null });
  for (const path of ['a', 'a/b/c.log', '.x', '..x/y', 'a..b', 'a\\b', 'new\nline', 'x'.repeat(255)]) {
    assert.ok(messageSchema.safeParse(messageWith(path)).success, path);
  }
  for (const path of ['../x', '/a', 'a/../b', 'a/..', 'a//b', '..', '.', './a', '', 'a/', 'a\0b', 'x'.repeat(256)]) {
    assert.not.ok(messageSchema.safeParse(messageWith(path)).success, path);
  }
});

it('takes every path that Linux allows below a folder, byte for byte, and no other', { timeoutMs: 60_000 }, () => {
  const name = fc
    .uint8Array({ minLength: 1, maxLength: 255 })
    .map((bytes) => Buffer.from(bytes.map((byte) => (byte === 0 || byte === 0x2f ? 0x5c : byte))));
  const path = fc
    .array(name, { minLength: 1, maxLength: 15 })
    .map((names) => Buffer.concat(names.flatMap((one) => [Buffer.from('/'), one])).subarray(1));
  fc.assert(
    fc.property(path, (bytes) => {
      const isNowhere = bytes
        .toString('latin1')
        .split('/')
        .some((one) => one === '.' || one === '..');
      const decoded = decodeFilePath(encodeFilePath(bytes));
      assert.is(decoded?.toString('hex') ?? null, isNowhere ? null : bytes.toString('hex'));
    }),
    { numRuns: 10_000 },
  );
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      const decoded = decodeFilePath(text);
      assert.ok(decoded === null || encodeFilePath(decoded) === text);
    }),
    { numRuns: 10_000 },
  );
});

it('counts a failing run whatever its files are called, and brings them home', { timeoutMs: 90_000, skip: NO_REDIS }, async () => {
  const deep = Array.from({ length: 17 }, (_, level) => `level${level}`).join('/');
  const script = `cd "$RUN_DIR"
    printf 1 > 'back\\slash'; printf 2 > "$(printf 'new\\nline')"; printf 3 > "$(printf 'not\\377text')"
    printf 4 > "$(printf %0250d 7)"; mkdir -p ${deep}; printf 5 > ${deep}/deep
    ln -s /etc/passwd link; mkfifo pipe; exit 1`;
  const words = ['--', 'sh', '-c', script];
  const worker = await startWorker(words);
  const t = tool();
  const { code, stdout, stderr } = await t.run('--queue', url, '--runs', '3', '--keep-going', ...words);
  await stopWorkers(worker);
  assert.is(code, 1, stdout);
  assert.match(stdout, /failed 3/);
  assert.match(stderr, /2 files stayed with the worker: links, pipes, or too many/);
  const folder = t.runs()[0]?.folder ?? '';
  const odd = Buffer.concat([Buffer.from(`${folder}/not`), Buffer.from([0xff]), Buffer.from('text')]);
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  assert.equal(
    [read('back\\slash'), read('new\nline'), readFileSync(odd, 'utf8'), read('7'.padStart(250, '0')), read(`${deep}/deep`)],
    ['1', '2', '3', '4', '5'],
  );
  assert.not.ok(existsSync(join(folder, 'link')));
});

it('hears every worker on, whatever else comes through Redis', { timeoutMs: 90_000, skip: NO_REDIS }, async () => {
  const words = ['--', 'sh', '-c', 'sleep 0.2; test $RUN_SEED != 30'];
  const worker = await startWorker(words);
  const t = tool();
  const { ended, child } = t.start('--queue', url, '--seed', '1', ...words);
  let said = '';
  child.stderr?.on('data', (text: string) => (said += text));
  let keys: string[] = [];
  await until(
    'the session is known',
    () => {
      keys = spawnSync('redis-cli', ['-u', url, 'keys', 'run-until-fail:session:*'], { encoding: 'utf8' }).stdout.split('\n');
      return keys.some((key) => key.startsWith('run-until-fail:session:'));
    },
    20_000,
  );
  for (const key of keys.filter((one) => one !== '')) {
    const messages = key.replace(':session:', ':messages:');
    for (const noise of ['{', '[]', 'null', '{"job":"x"}', '{"job":"x","results":[{}],"problem":null}'])
      spawnSync('redis-cli', ['-u', url, 'rpush', messages, noise]);
  }
  for (const stream of spawnSync('redis-cli', ['-u', url, 'keys', 'bull:*:events'], { encoding: 'utf8' }).stdout.split('\n'))
    if (stream !== '') spawnSync('redis-cli', ['-u', url, 'xadd', stream, '*', 'event', 'completed', 'jobId', 'x', 'returnvalue', '{']);
  const { code, stdout } = await ended;
  await stopWorkers(worker);
  assert.is(code, 1, stdout);
  assert.match(said, /something arrived that is no result; it is left aside/);
  assert.equal(
    t.runs().map(({ info }) => info.seed),
    ['30'],
  );
});
