import { assert, suite } from '@raftlens/testing';
import * as fc from 'fast-check';
import { boundWithoutFailures, passesToBeSure, wilsonInterval } from '../../src/results/confidence.ts';

const it = suite('confidence in a failure rate');

function near(actual: number, expected: number, by = 0.0005): void {
  assert.ok(Math.abs(actual - expected) < by, `${actual} should be near ${expected}`);
}

it('gives the Wilson interval of published examples', () => {
  // Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I, method 3.
  const examples = [
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ] as const;
  for (const [failed, total, low, high] of examples) {
    near(wilsonInterval(failed, total).low, low);
    near(wilsonInterval(failed, total).high, high);
  }
});

it('says nothing after no run', () => {
  assert.equal(wilsonInterval(0, 0), { low: 0, high: 1 });
  assert.is(boundWithoutFailures(0), 1);
});

it('bounds the rate by about 3/n when nothing failed', () => {
  near(boundWithoutFailures(100), 0.0295);
  near(boundWithoutFailures(1000), 3 / 1000, 0.00001);
});

it('asks for enough passing runs after a fix', () => {
  assert.is(passesToBeSure(1, 50), 950);
  assert.is(passesToBeSure(2, 50), 174);
  assert.is(passesToBeSure(3, 104), 179);
  assert.is(passesToBeSure(100, 1000), 31);
  assert.is(passesToBeSure(50, 50), 4);
  assert.is(passesToBeSure(0, 50), Number.POSITIVE_INFINITY);
});

/** Runs up to the k-th failure of a test that fails at this rate, by inversion of the geometric distribution. */
function runsUntil(failures: number, rate: number, random: () => number): number {
  let runs = 0;
  for (let count = 0; count < failures; count++) runs += Math.max(1, Math.ceil(Math.log(1 - random()) / Math.log1p(-rate)));
  return runs;
}

it('lets at most one in twenty unmended tests pass, whatever their rate and however many failures were seen', () => {
  const random = sequence(20_261_128);
  const sessions = 10_000;
  for (const rate of [0.0001, 0.001, 0.01, 0.05, 0.2, 0.5]) {
    for (const failures of [1, 2, 3, 5, 10, 30]) {
      let passed = 0;
      for (let session = 0; session < sessions; session++) {
        const needed = passesToBeSure(failures, runsUntil(failures, rate, random));
        if (random() < (1 - rate) ** needed) passed += 1;
      }
      // Three standard deviations of the simulation above 5 %.
      assert.ok(passed / sessions < 0.05 + 3 * Math.sqrt((0.05 * 0.95) / sessions), `rate ${rate}, ${failures} failures: ${passed}`);
    }
  }
});

/** Numbers from 0 up to 1, always the same (mulberry32). */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

it('asks for less the more failures were seen, and for more the rarer they are', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 0, max: 1_000_000 }), (failed, passed) => {
      const needed = passesToBeSure(failed, failed + passed);
      assert.ok(
        needed >= 1 &&
          needed >= passesToBeSure(failed + 1, failed + passed + 1) - 20 &&
          needed <= passesToBeSure(failed, failed + passed + 1),
      );
    }),
    { numRuns: 10_000 },
  );
});
