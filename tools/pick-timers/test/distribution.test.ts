import { assert, suite } from '@raftlens/testing';
import { cumulative, distributionOf, meanMs, percentileMs } from '../src/distribution.ts';

const it = suite('the distribution of election times');

it('takes percentiles by nearest rank', () => {
  const distribution = distributionOf([40, 10, 30, 20], 0);
  assert.equal(percentileMs(distribution, 0.5), 20);
  assert.equal(percentileMs(distribution, 0.51), 30);
  assert.equal(percentileMs(distribution, 1), 40);
  assert.equal(meanMs(distribution), 25);
});

it('counts a trial without a leader as longer than every other', () => {
  const distribution = distributionOf([10, 20, 30], 1);
  assert.equal(percentileMs(distribution, 0.75), 30);
  assert.equal(percentileMs(distribution, 0.76), Number.POSITIVE_INFINITY);
  assert.equal(meanMs(distribution), Number.POSITIVE_INFINITY);
});

it('rises by the share of the trials at each time, and stays below one where some found no leader', () => {
  assert.equal(cumulative(distributionOf([10, 20, 20], 1)), [
    { timeMs: 10, fraction: 0.25 },
    { timeMs: 20, fraction: 0.75 },
  ]);
});
