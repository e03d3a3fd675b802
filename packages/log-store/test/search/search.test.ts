import { type LinearPattern, linearPattern } from '@raftlens/patterns';
import { assert, suite } from '@raftlens/testing';
import fc from 'fast-check';
import { CancelledError, type LogStore, openText, openTexts } from '../../src/index.ts';
import { textOfLog } from '../lines.ts';

const searching = suite('Search through more than one block');

const NEEDLE = 'needle in the haystack';
const ROWS = 12_000;

/** Rows of 300 bytes, some of which hold the needle; about four blocks. */
function haystack(needles: ReadonlySet<number>): string {
  const filler = 'hay '.repeat(70);
  return Array.from({ length: ROWS }, (_, row) => `${row} ${filler}${needles.has(row) ? NEEDLE : ''}\n`).join('');
}

function nearest(needles: ReadonlySet<number>, from: number, direction: 'forward' | 'backward'): number {
  const step = direction === 'forward' ? 1 : -1;
  for (let row = from; row >= 0 && row < ROWS; row += step) if (needles.has(row)) return row;
  return -1;
}

searching('finds the nearest row in both directions, by text and by expression', async () => {
  const needles = new Set([0, 1, 3500, 3501, 7000, 11_998, 11_999]);
  const log = openText(haystack(needles), { format: 'native' });
  await log.done;
  assert.is(log.size, ROWS);
  await fc.assert(
    fc.asyncProperty(
      fc.nat(ROWS - 1),
      fc.constantFrom('forward', 'backward'),
      fc.constantFrom<string | LinearPattern>(NEEDLE, linearPattern('n.edle in'), linearPattern('(n|e)+dle in')),
      async (from, direction, what) => {
        assert.is(await log.search(what, from, direction), nearest(needles, from, direction));
      },
    ),
    { numRuns: 60, seed: 20261124 },
  );
});

searching('says -1 where there is nothing, and for a text of nothing', async () => {
  const log = openText(haystack(new Set()), { format: 'native' });
  await log.done;
  assert.is(await log.search(NEEDLE, 0, 'forward'), -1);
  assert.is(await log.search(NEEDLE, ROWS - 1, 'backward'), -1);
  assert.is(await log.search('', 5, 'forward'), -1);
});

searching('can be cancelled', async () => {
  const log = openText(haystack(new Set()), { format: 'native' });
  await log.done;
  let thrown: unknown;
  await log.search(NEEDLE, 0, 'forward', { signal: AbortSignal.abort() }).catch((error: unknown) => (thrown = error));
  assert.ok(thrown instanceof CancelledError);
});

searching('follows the order of time where files are merged', async () => {
  const note = (time: number, detail: string) => textOfLog([{ op: 'Note', node: 'TEST', boot: 0, time, detail }]);
  const log: LogStore = openTexts([
    { name: 'a', text: note(1, 'x') + note(3, NEEDLE) + note(5, 'x') },
    { name: 'b', text: note(2, NEEDLE) + note(4, 'x') + note(6, NEEDLE) },
  ]);
  await log.done;
  assert.is(await log.search(NEEDLE, 0, 'forward'), 1);
  assert.is(await log.search(NEEDLE, 2, 'forward'), 2);
  assert.is(await log.search(linearPattern('needle'), 4, 'backward'), 2);
  assert.is(await log.search(NEEDLE, 5, 'backward'), 5);
});
