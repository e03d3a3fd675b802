import { assert, suite } from '@raftlens/testing';
import fc from 'fast-check';
import { IdRows } from '../../src/link/id-rows.ts';

const ids = suite('The rows of message ids');

const dense = fc.integer({ min: 1, max: 400_000 });
const sparse = fc.oneof(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), fc.integer({ min: 1, max: 5_000_000 }));

ids('are found again, whether the ids count up or not', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(dense, sparse), { maxLength: 200 }), fc.array(sparse, { maxLength: 20 }), (set, others) => {
      const rows = new IdRows();
      const expected = new Map<number, number>();
      set.forEach((id, row) => {
        rows.set(id, row);
        expected.set(id, row);
      });
      for (const id of [...set, ...others]) assert.is(rows.get(id), expected.get(id) ?? -1);
    }),
    { numRuns: 50 },
  );
});

ids('move into the pages when these have grown to them', () => {
  const rows = new IdRows();
  rows.set(150_000, 7);
  for (let id = 1; id <= 200_000; id++) if (id !== 150_000) rows.set(id, id);
  assert.is(rows.get(150_000), 7);
  assert.is(rows.get(149_999), 149_999);
  assert.is(rows.get(200_001), -1);
  rows.clear();
  assert.is(rows.get(150_000), -1);
});
