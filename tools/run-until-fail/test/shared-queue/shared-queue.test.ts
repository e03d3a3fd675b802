import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { assert, suite, temporaryFolder, throws } from '@raftlens/testing';
import { commandDigest, jobSchema, resultSchema } from '../../src/shared-queue/protocol.ts';
import { outputOf, type Started, tool, until } from '../support/tool.ts';

const it = suite('sharing runs through Redis');

const NO_REDIS = spawnSync('redis-server', ['--version']).status === 0 ? false : 'redis-server is not installed';

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

async function startWorker(words: readonly string[], jobs = '2'): Promise<Started> {
  const started = tool().start('worker', '--queue', url, '--jobs', jobs, '--', ...words);
  let log = '';
  started.child.stderr?.on('data', (chunk: string) => (log += chunk));
  await until('the worker is ready', () => log.includes('ready for'), 20_000);
  return started;
}

async function stopWorkers(...workers: readonly Started[]): Promise<void> {
  for (const { child } of workers) child.kill('SIGINT');
  await Promise.all(workers.map(({ ended }) => ended));
}

it('brings results and logs home from all workers, and a failure ends the session', { timeoutMs: 60_000, skip: NO_REDIS }, async () => {
  const words = ['sh', '-c', 'echo "seed $RUN_SEED here"; test $RUN_SEED != 12'];
  const workers = [await startWorker(words), await startWorker(words)];
  const t = tool();
  const { code, stdout } = await t.run('--queue', url, '--seed', '1', '--', ...words);
  await stopWorkers(...workers);
  assert.is(code, 1, stdout);
  const [run, ...others] = t.runs();
  assert.equal(others, []);
  assert.is(run?.info.seed, '12');
  assert.is(run === undefined ? '' : outputOf(run), 'seed 12 here\n');
});

it('loses no run and counts none twice when a worker is killed', { timeoutMs: 90_000, skip: NO_REDIS }, async () => {
  const folder = temporaryFolder();
  const words = ['sh', '-c', 'sleep 0.3; echo $RUN_SEED >> "$0/seeds"', folder];
  const [victim, other] = [await startWorker(words), await startWorker(words)];
  const { ended } = tool().start('--queue', url, '--seed', '1', '--runs', '24', '--', ...words);
  await until('runs are under way', () => spawnSync('test', ['-e', join(folder, 'seeds')]).status === 0, 20_000);
  victim.child.kill('SIGKILL');
  const { code, stdout } = await ended;
  await stopWorkers(other);
  assert.is(code, 0, stdout);
  assert.match(stdout, /asked 24, started 24, passed 24, failed 0/);
  assert.is(new Set(readFileSync(join(folder, 'seeds'), 'utf8').trimEnd().split('\n')).size, 24);
});

it('refuses a command that the worker was not started for', { timeoutMs: 60_000, skip: NO_REDIS }, async () => {
  const worker = await startWorker(['true']);
  const { code, stdout } = await tool().run('--queue', url, '--runs', '3', '--', 'touch', '/tmp/never');
  await stopWorkers(worker);
  assert.is(code, 3);
  assert.match(stdout, /this worker was started for another command/);
});

it('takes no payload that is anything else than a run', () => {
  const job = { session: 'a', command: commandDigest(['true'], false), number: 1, test: 't', seed: '1' };
  assert.equal(jobSchema.parse(job), job);
  throws(() => jobSchema.parse({ ...job, argv: ['rm'] }));
  throws(() => jobSchema.parse({ ...job, seed: '1; rm' }));
  const result = { number: 1, verdict: { kind: 'passed' }, durationMs: 1, cases: null, leftProcesses: false, files: [] };
  assert.ok(resultSchema.safeParse(result).success);
  for (const name of ['../x', 'a/b', '..', '.', '']) {
    assert.not.ok(resultSchema.safeParse({ ...result, files: [{ name, content: '', cut: false }] }).success, name);
  }
});
