import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, suite, throws, unlessRuns } from '@raftlens/testing';
import { instrumentLab } from '../src/instrument-lab.ts';

const it = suite('instrument-lab');
const needsGo = { skip: unlessRuns(['go', 'version']), timeoutMs: 60_000 };

function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'observe-lab-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

it('says of a folder without tests where it looked', needsGo, () => {
  const error = throws(() => instrumentLab({ directory: folderOf({}), out: null }), { code: 'NO_LAB' });
  assert.match(error.message, /no Go tests in .*, nor in raft or raft1 below it/);
});

it('says of tests without labrpc that they are no lab', needsGo, () => {
  const directory = folderOf({ 'raft/a_test.go': 'package raft\n' });
  const error = throws(() => instrumentLab({ directory, out: null }), { code: 'NO_LAB' });
  assert.match(error.message, /no labrpc\/labrpc\.go/);
});
