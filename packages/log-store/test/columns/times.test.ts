import { assert, suite } from '@raftlens/testing';
import fc from 'fast-check';
import { Times } from '../../src/columns/times.ts';

const times = suite('The times of a page');

const whole = fc.integer({ min: 0, max: 2_000_000_000_000_000 }).map((us) => us / 1000);
const near = fc.integer({ min: -1_000_000, max: 1_000_000_000 });
const any = fc.oneof(fc.double(), whole, fc.constant(Number.NaN), fc.integer());

function kept(all: readonly number[]): { values: number[]; bytes: number } {
  const page = new Times();
  all.forEach((timeMs, i) => page.set(i, timeMs));
  return { values: all.map((_, i) => page.at(i)), bytes: page.cells.BYTES_PER_ELEMENT };
}

times('come out as they went in, whatever they are', () => {
  fc.assert(
    fc.property(fc.array(any, { maxLength: 40 }), (all) => kept(all).values.every((value, i) => value === all[i] || Number.isNaN(value))),
  );
});

times('cost four bytes each where they are microseconds that lie close together', () => {
  fc.assert(
    fc.property(whole, fc.array(near, { maxLength: 40 }), (firstMs, steps) => {
      const all = [firstMs, ...steps.map((us) => (Math.round(firstMs * 1000) + us) / 1000)];
      const { values, bytes } = kept(all);
      assert.equal(values, all);
      assert.is(bytes, 4);
    }),
  );
});

times('cost eight from the first on that four bytes do not hold', () => {
  assert.equal(kept([1, 2.5, 1e9, 3]), { values: [1, 2.5, 1e9, 3], bytes: 8 });
  assert.equal(kept([1, 2.0001, 3]), { values: [1, 2.0001, 3], bytes: 8 });
});

times('are those that were set last', () => {
  const page = new Times();
  [1, 2, 3].forEach((timeMs, i) => page.set(i, timeMs));
  [7_000_000, 7_000_001, 7_000_002].forEach((timeMs, i) => page.set(i, timeMs));
  assert.equal([page.at(0), page.at(1), page.at(2)], [7_000_000, 7_000_001, 7_000_002]);
});
