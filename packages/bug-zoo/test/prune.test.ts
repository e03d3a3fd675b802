import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, suite } from '@raftlens/testing';
import { prune } from '../src/prune.ts';

const it = suite('the folder of planted cores');

/** A folder with these files, each so many minutes old; gives what is left after C1-new.mjs was written. */
function left(ages: Readonly<Record<string, number>>): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'zoo-prune-'));
  try {
    const written = join(folder, 'C1-new.mjs');
    writeFileSync(written, '');
    const nowS = statSync(written).mtimeMs / 1000;
    for (const [name, minutes] of Object.entries(ages)) {
      writeFileSync(join(folder, name), '');
      utimesSync(join(folder, name), nowS - minutes * 60, nowS - minutes * 60);
    }
    prune(folder, written, 'C1');
    return readdirSync(folder).sort();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

it('keeps the newest cores of a bug, and all of other bugs', () => {
  const kept = left({ 'C1-a.mjs': 1, 'C1-b.mjs': 2, 'C1-c.mjs': 3, 'C1-d.mjs': 4, 'C10-a.mjs': 9, 'R1-a.mjs': 9 });
  assert.equal(kept, ['C1-a.mjs', 'C1-b.mjs', 'C1-new.mjs', 'C10-a.mjs', 'R1-a.mjs']);
});

it('keeps what was just written, even where clocks put it behind', () => {
  assert.ok(left({ 'C1-a.mjs': -1, 'C1-b.mjs': -2, 'C1-c.mjs': -3 }).includes('C1-new.mjs'));
});

it('loses what dead processes left half written, and not what others are writing', () => {
  assert.equal(left({ 'R1-a.mjs.7.0.tmp': 70, 'R2-a.mjs.8.0.tmp': 1 }), ['C1-new.mjs', 'R2-a.mjs.8.0.tmp']);
});
