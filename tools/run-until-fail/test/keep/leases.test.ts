import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, suite, temporaryFolder, unlessRuns } from '@raftlens/testing';
import { LEASE_ENDING, LEASE_EXPIRES_MS, Lease } from '../../src/keep/lease.ts';
import { clearLeftovers } from '../../src/keep/leftovers.ts';
import { RUNNING } from '../../src/keep/session-folder.ts';
import { TOOL, tool, until } from '../support/tool.ts';

const it = suite('a logs folder that several machines share');

/** A namespace of process ids of its own, as a container has. */
const INSIDE = ['unshare', '--user', '--map-root-user', '--pid', '--fork', '--mount-proc'];
const NO_UNSHARE = unlessRuns([...INSIDE, 'true']);

/** A run that fails after others have had time to look for what is left. */
const SLOW = ['sh', '-c', 'echo half; sleep 3; exit 7'];

/** The name of a session of another machine: no process of it can be seen here. */
const ELSEWHERE = '7-12345-0123abcd';

function sessionElsewhere(logs: string): string {
  const run = join(logs, RUNNING, ELSEWHERE, '20260101-000000-test-seed7');
  mkdirSync(run, { recursive: true });
  writeFileSync(join(run, 'output.log'), 'half a line');
  return run;
}

function age(path: string, ms: number): void {
  const then = new Date(Date.now() - ms);
  utimesSync(path, then, then);
}

for (const first of ['inside', 'outside'] as const) {
  it(`leaves a live session alone that is seen from another namespace of process ids: it runs ${first}`, {
    skip: NO_UNSHARE,
    timeoutMs: 60_000,
  }, async () => {
    const t = tool();
    const start = (where: 'inside' | 'outside', words: readonly string[]) => {
      const [program = '', ...rest] = [...(where === 'inside' ? INSIDE : []), process.execPath, TOOL, ...words];
      const child = spawn(program, rest, {
        cwd: t.folder,
        env: { ...process.env, RAFTLENS_LOGS: t.logs },
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let said = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
      return new Promise<string>((resolve) => child.once('close', () => resolve(said)));
    };
    const slow = start(first, ['--runs', '1', '--', ...SLOW]);
    const running = join(t.logs, RUNNING);
    await until(
      'its run is under way',
      () =>
        existsSync(running) &&
        readdirSync(running).some((name) => !name.endsWith(LEASE_ENDING) && readdirSync(join(running, name)).length > 0),
    );
    const said = await start(first === 'inside' ? 'outside' : 'inside', ['--runs', '1', '--', 'true']);
    assert.not.match(said, /had been killed/);
    await slow;
    assert.equal(
      t.runs().map(({ info }) => [info.outcome, info.exitCode]),
      [['fail', 7]],
    );
    assert.equal(readdirSync(running), [], 'both have tidied up');
  });
}

it('leaves a session of another machine alone as long as it gives signs of life', () => {
  const logs = temporaryFolder();
  const run = sessionElsewhere(logs);
  const lease = join(logs, RUNNING, `${ELSEWHERE}${LEASE_ENDING}`);
  writeFileSync(lease, '{}\n');
  age(lease, LEASE_EXPIRES_MS / 2);
  assert.equal(clearLeftovers(logs), []);
  assert.ok(existsSync(run));
  rmSync(lease);
  assert.equal(clearLeftovers(logs), [], 'a test has removed the lease: the folder of the session is young enough');
  assert.ok(existsSync(run));
});

it('keeps what a session of another machine left that has given none for long', () => {
  const logs = temporaryFolder();
  sessionElsewhere(logs);
  const lease = join(logs, RUNNING, `${ELSEWHERE}${LEASE_ENDING}`);
  writeFileSync(lease, '{}\n');
  age(lease, 2 * LEASE_EXPIRES_MS);
  const [found, ...others] = clearLeftovers(logs);
  assert.equal(others, []);
  assert.is(found?.session, ELSEWHERE);
  assert.is(found?.runs.length, 1);
  assert.equal(readdirSync(join(logs, RUNNING)), []);
});

it('has signs of life that go on whatever a test puts in the place of the lease', async () => {
  const path = join(temporaryFolder(), `x${LEASE_ENDING}`);
  const lease = new Lease(path, 20);
  const beats = async (): Promise<void> => {
    age(path, 60_000);
    await until('it beats', () => existsSync(path) && Date.now() - statSync(path).mtimeMs < 30_000);
  };
  await beats();
  rmSync(path);
  await until('it is there again', () => existsSync(path));
  const aim = join(temporaryFolder(), 'of somebody else');
  rmSync(path);
  symlinkSync(aim, path);
  await until('the link is gone', () => existsSync(path));
  assert.not.ok(existsSync(aim), 'no link is followed');
  rmSync(path);
  mkdirSync(join(path, 'deep'), { recursive: true });
  await until('the folder is gone', () => statSync(path, { throwIfNoEntry: false })?.isFile() === true);
  await beats();
  lease.release();
  assert.not.ok(existsSync(path));
});
