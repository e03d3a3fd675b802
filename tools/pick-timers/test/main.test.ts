import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assert, suite, temporaryFolder } from '@raftlens/testing';

const it = suite('pick-timers');

const TOOL = fileURLToPath(new URL('../../bin/pick-timers.mjs', import.meta.url));

function pickTimers(folder: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [TOOL, ...args], { cwd: folder, encoding: 'utf8' });
}

it('prints a table and draws the distributions', () => {
  const folder = temporaryFolder();
  const { status, stdout } = pickTimers(folder, '-r', '150-300', '-r', '150-200', '-n', '20');
  assert.is(status, 0);
  assert.match(stdout, /^150-300 ms +20 /m);
  const svg = readFileSync(join(folder, 'election-times.svg'), 'utf8');
  assert.is(svg.match(/class="curve"/g)?.length, 2);
});

it('prints one JSON object a range, and nothing else, with --json', () => {
  const { stdout } = pickTimers(temporaryFolder(), '-r', '150-300', '-n', '5', '--json', '--svg', '');
  const swept: unknown = JSON.parse(stdout);
  assert.is(Reflect.get(Object(swept), 'trials'), 5);
});

it('says in one line what is wrong, and draws nothing', () => {
  const folder = temporaryFolder();
  const { status, stderr } = pickTimers(folder, '-r', '300-150');
  assert.is(status, 2);
  assert.is(stderr.trim().split('\n').length, 1);
  assert.not.ok(existsSync(join(folder, 'election-times.svg')));
  assert.is(pickTimers(folder, '--trials', 'many').status, 2);
});
