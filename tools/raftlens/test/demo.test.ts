import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { assert, suite, temporaryFolder } from '@raftlens/testing';

const it = suite('the demo of the README');

const DEMO = fileURLToPath(new URL('../../../../scripts/demo.mjs', import.meta.url));

function demo(logs: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [DEMO, ...args], { env: { ...process.env, RAFTLENS_LOGS: logs }, encoding: 'utf8' });
}

it('passes on the healthy core, fails with the bug, names the rule and shows the lines that prove it', { timeoutMs: 90_000 }, () => {
  const logs = temporaryFolder();
  const { status, stdout, stderr } = demo(logs);
  assert.is(status, 0, stderr);
  assert.match(stdout, /^PASSED: 0 of 20 runs failed/m);
  assert.match(stdout, /^FAILED: 1 of \d+ runs? failed/m);
  assert.match(stdout, /^Leaders rule 4 \(figure 2, .*\) broken by S\d/m);
  // The evidence is marked in the columns, and the wrong step is the leader's commit.
  assert.match(stdout, /^! +\d+ .*S\d Commit T\d+/m);
  assert.is(readdirSync(logs).filter((name) => name.includes('figure-8')).length, 1);
});

it('says in one line that there is no such bug, and which one may have been meant', () => {
  const { status, stderr } = demo(temporaryFolder(), '--bug', 'C99');
  assert.is(status, 2);
  assert.match(stderr, /C99.*Did you mean/);
});
