import { digestOf } from '@raftlens/events';
import { assert, suite } from '@raftlens/testing';
import fc from 'fast-check';
import { digestOfCommand } from '../src/entry-points/log.ts';
import { createEntry } from '../src/index.ts';

const it = suite('commands and entries');

it('have the digest that the event format asks for', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: 'grapheme' })), (text) => {
      assert.is(digestOfCommand(text), digestOf(text));
      assert.is(digestOfCommand(new TextEncoder().encode(text)), digestOf(text));
    }),
    { seed: 1, numRuns: 500 },
  );
});

it('are as large as their bytes and what stands beside them', () => {
  const empty = createEntry(1, 1, 'noop', '').size;
  assert.is(createEntry(1, 1, 'command', 'ä').size, empty + 2);
  assert.is(createEntry(1, 1, 'command', new Uint8Array(7)).size, empty + 7);
});
