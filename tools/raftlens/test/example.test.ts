import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { assert, fixture, suite, temporaryFolder } from '@raftlens/testing';
import { raftlens } from './support/command.ts';

const it = suite('The program over the core in docs/example');

const ROOT = fixture(import.meta.url, '..', '..', '..');

it('runs outside of this repository, commits, and holds to figure 2', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'node_modules', '@raftlens'), { recursive: true });
  for (const name of ['raft', 'events']) symlinkSync(join(ROOT, 'packages', name), join(folder, 'node_modules', '@raftlens', name));
  copyFileSync(join(ROOT, 'docs', 'example', 'three-servers.mjs'), join(folder, 'three-servers.mjs'));
  const { status, stdout, stderr } = spawnSync(process.execPath, ['three-servers.mjs'], { cwd: folder, encoding: 'utf8' });
  assert.is(status, 0, stderr);
  assert.is(stdout.match(/has applied [1-9]\d* commands/g)?.length, 3, stdout);
  assert.match(stdout, /leader of term/);
  const checked = await raftlens(['check', join(folder, 'events.ndjson')]);
  assert.is(checked.code, 0);
  assert.match(checked.stdout, /no violation in [1-9]/);
});
