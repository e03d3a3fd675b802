import { assert, suite } from '@raftlens/testing';
import { boundWithoutFailures, runsToBeSure, wilsonInterval } from '../../src/results/confidence.ts';

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
  assert.is(runsToBeSure(1), 1);
  assert.is(runsToBeSure(0.5), 5);
  assert.is(runsToBeSure(0.02), 149);
  assert.is(runsToBeSure(0), Number.POSITIVE_INFINITY);
});
