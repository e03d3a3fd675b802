import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, suite, temporaryFolder } from '@raftlens/testing';
import { SESSION_VARIABLE } from '../../src/execute/launch-plan.ts';
import { clearLeftovers } from '../../src/keep/leftovers.ts';
import { RUNNING, SessionFolder } from '../../src/keep/session-folder.ts';
import { outputOf, processesWith, tool, until } from '../support/tool.ts';

const it = suite('what a killed session left');

/** A session that never was: no process has started so long ago under so high a number. */
const DEAD = `4194303-${process.pid}`;

function deadSession(logs: string): string {
  const run = join(logs, RUNNING, DEAD, '20260101-000000-test-seed7');
  mkdirSync(run, { recursive: true });
  return run;
}

it('is found by the next start: what a run had printed is kept, its processes are ended, and it is said', async () => {
  const t = tool();
  writeFileSync(join(deadSession(t.logs), 'output.log'), 'half a line');
  // It has left its process group too, and only its environment tells whose it is.
  const orphan = spawn('sleep', ['60'], { detached: true, stdio: 'ignore', env: { ...process.env, [SESSION_VARIABLE]: DEAD } });
  await until('the orphan runs', () => processesWith(DEAD).includes(orphan.pid ?? 0));
  const { code, stderr } = await t.run('--runs', '1', '--', 'true');
  assert.is(code, 0);
  assert.match(stderr, new RegExp(`session ${DEAD} had been killed: 1 processes of it were still running`));
  await until('the orphan is gone', () => processesWith(DEAD).length === 0);
  const [run] = t.runs();
  assert.is(run?.info.outcome, 'abandoned');
  assert.is(run === undefined ? '' : outputOf(run), 'half a line');
});

it('does not include the runs of a session that is alive', () => {
  const logs = temporaryFolder();
  const folder = new SessionFolder(logs, () => 'test');
  assert.equal(clearLeftovers(logs), []);
  assert.ok(existsSync(folder.path));
});

it('is dropped where a run had printed nothing', () => {
  const logs = temporaryFolder();
  const run = deadSession(logs);
  writeFileSync(join(run, 'output.log'), '');
  assert.equal(clearLeftovers(logs), []);
  assert.not.ok(existsSync(run));
});
