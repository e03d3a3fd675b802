import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, suite, temporaryFolder, throws } from '@raftlens/testing';
import { runsToDrop } from '../../src/keep/bounds.ts';
import { moveRun } from '../../src/keep/move-run.ts';
import { tarHeader, tarPadding } from '../../src/keep/tar.ts';
import { shellLine } from '../../src/shell-words.ts';

const it = suite('keeping runs');

const kept = (folder: string, passed: boolean, example = false) => ({ folder, bytes: 10, passed, example });

it('drops the oldest passing runs first, then failures that have another example, and never the only example', () => {
  const runs = [kept('f1', false, true), kept('p1', true), kept('f2', false), kept('p2', true), kept('f3', false)];
  const dropped = (runsMax: number) => runsToDrop(runs, { runsMax, bytesMax: 1000 }).map((run) => run.folder);
  assert.equal(dropped(5), []);
  assert.equal(dropped(3), ['p1', 'p2']);
  assert.equal(dropped(2), ['p1', 'p2', 'f2']);
  assert.equal(dropped(0), ['p1', 'p2', 'f2', 'f3']);
});

it('bounds bytes as well as runs', () => {
  const runs = [kept('p1', true), kept('p2', true), kept('p3', true)];
  assert.equal(
    runsToDrop(runs, { runsMax: 9, bytesMax: 20 }).map((run) => run.folder),
    ['p1'],
  );
});

it('overwrites no run of the same name, and links the newest', () => {
  const folder = temporaryFolder();
  for (const text of ['a', 'b']) {
    mkdirSync(join(folder, '.running', 'x'), { recursive: true });
    writeFileSync(join(folder, '.running', 'x', 'own'), text);
    moveRun(join(folder, '.running', 'x'), folder);
  }
  assert.equal(readdirSync(folder).toSorted(), ['.running', 'latest', 'x', 'x-2']);
});

it('writes lines that a shell takes as they were meant', () => {
  assert.is(shellLine(['sh', '-c', "it's $HOME", '']), `sh -c 'it'\\''s $HOME' ''`);
});

it('writes tar headers with a right sum, and refuses what tar cannot say', () => {
  const header = tarHeader({ name: 'run/run.json', bytes: 5, modifiedMs: 0 });
  const written = Number.parseInt(header.toString('ascii', 148, 154), 8);
  header.fill(' ', 148, 156);
  assert.is(
    written,
    header.reduce((sum, byte) => sum + byte, 0),
  );
  assert.is(tarPadding(5).length, 507);
  assert.is(tarPadding(512).length, 0);
  throws(() => tarHeader({ name: 'x'.repeat(101), bytes: 0, modifiedMs: 0 }), 'longer than');
});
