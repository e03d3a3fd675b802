import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readRun } from '@raftlens/events';
import { assert, suite, temporaryFolder } from '@raftlens/testing';
import { runsToDrop } from '../../src/keep/bounds.ts';
import { moveRun } from '../../src/keep/move-run.ts';
import { packRun } from '../../src/keep/pack-run.ts';
import { shellLine } from '../../src/shell-words.ts';
import { tool } from '../support/tool.ts';

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

it('packs files of any name that Linux allows, and no links, pipes or sockets', async () => {
  const folder = join(temporaryFolder(), 'run');
  const names = ['run.json', 'plain', `${'long'.repeat(60)}.log`, 'back\\slash', 'new\nline', 'ünïcödé 漢', ' blanks ', ...DEEP];
  for (const name of names) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), `{"text":"${Buffer.from(name).toString('hex')}"}`);
  }
  const secret = join(temporaryFolder(), 'secret');
  writeFileSync(secret, 'not to be given away');
  symlinkSync(secret, join(folder, 'link'));
  spawnSync('mkfifo', [join(folder, 'pipe')]);
  const target = join(temporaryFolder(), 'run.tar.gz');
  const leftOut = await packRun(readRun(folder), target);
  assert.equal(
    leftOut.map((line) => line.split(':')[0]),
    ['link', 'pipe'],
  );
  const unpacked = temporaryFolder();
  assert.is(spawnSync('tar', ['xzf', target, '-C', unpacked]).status, 0);
  for (const name of names) {
    assert.is(readFileSync(join(unpacked, 'run', name), 'utf8'), `{"text":"${Buffer.from(name).toString('hex')}"}`, name);
  }
});

/** Twenty levels, and a path of more than 1,000 bytes. */
const DEEP = [Array.from({ length: 20 }, (_, level) => `level-${level}-${'x'.repeat(45)}`).join('/')];

it('names no folder that is gone, although the test printed the one that it ran in', async () => {
  const t = tool();
  const script = 'echo "Error: see $RUN_DIR/own.txt"; echo x > $RUN_DIR/own.txt; exit 1';
  const { stdout, stderr } = await t.run('--runs', '3', '--keep-going', '--report', 'report.json', '--', 'sh', '-c', script);
  const shown = (await t.run('show')).stdout;
  for (const text of [stdout, stderr, shown, readFileSync(join(t.folder, 'report.json'), 'utf8')]) assert.not.match(text, /\.running/);
  assert.match(stdout, /3x exit 1: Error: see \$RUN_DIR\/own\.txt\n/);
  assert.match(stdout, /\| Error: see .*logs\/\d+-\d+-\S+-seed\d+\/own\.txt\n/);
});
