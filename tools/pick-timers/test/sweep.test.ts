import { assert, suite } from '@raftlens/testing';
import { percentileMs } from '../src/distribution.ts';
import { brokenRules, type SweepOptions, sweep } from '../src/sweep.ts';
import { electionMs } from '../src/trial.ts';

const it = suite('a sweep of timeouts (9.3, figure 16)');

const OPTIONS: SweepOptions = { servers: 5, broadcastMs: 15, limitMs: 10_000, trials: 60, seed: 'test' };

it('gives the same time for the same seed, and another for another', async () => {
  const range = { minMs: 150, maxMs: 300 };
  const first = await electionMs(range, 'a', OPTIONS);
  assert.is(await electionMs(range, 'a', OPTIONS), first);
  assert.is.not(await electionMs(range, 'b', OPTIONS), first);
});

it('never elects within half of the shortest timeout, because the last heartbeat is at most that old', async () => {
  const { distribution } = await sweep({ minMs: 150, maxMs: 300 }, OPTIONS);
  assert.ok(percentileMs(distribution, 0) >= 75, `the fastest took ${percentileMs(distribution, 0)} ms`);
  assert.is(distribution.unfinished, 0);
});

it('hardly ever elects a leader without randomness: the votes are split again and again', async () => {
  const { distribution } = await sweep({ minMs: 150, maxMs: 150 }, { ...OPTIONS, trials: 20 });
  assert.ok(distribution.unfinished >= 18, `${distribution.unfinished} of 20 found no leader`);
});

it('elects faster with more randomness', async () => {
  const little = await sweep({ minMs: 150, maxMs: 155 }, OPTIONS);
  const much = await sweep({ minMs: 150, maxMs: 200 }, OPTIONS);
  assert.ok(percentileMs(little.distribution, 0.5) > percentileMs(much.distribution, 0.5));
});

it('names the rules of thumb that a range breaks', () => {
  assert.ok(brokenRules({ minMs: 150, maxMs: 151 }, OPTIONS).includes('random-part'));
  assert.ok(brokenRules({ minMs: 12, maxMs: 24 }, OPTIONS).includes('broadcast-time'));
  assert.not.ok(brokenRules({ minMs: 150, maxMs: 300 }, OPTIONS).includes('random-part'));
});
