import { assert, suite } from '@raftlens/testing';
import * as fc from 'fast-check';
import { addSample, mergeMoments, NO_MOMENTS, type SampleMoments, standardDeviation } from '../../src/results/moments.ts';
import { addResult, EMPTY_TALLY, ended, judged, mergeTallies, type RunTally } from '../../src/results/tally.ts';
import type { RunResult, RunVerdict } from '../../src/run.ts';

const it = suite('counts');

const VERDICTS: readonly RunVerdict[] = [
  { kind: 'passed' },
  { kind: 'failed', reason: { type: 'exit', code: 1 } },
  { kind: 'failed', reason: { type: 'timeout', limitMs: 10 } },
  { kind: 'failed', reason: { type: 'signal', signal: 'SIGSEGV' } },
  { kind: 'ignored', pattern: 'x' },
  { kind: 'stopped' },
  { kind: 'lost', code: 'ENOSPC', message: 'full' },
];

function result(verdict: RunVerdict, durationMs = 5, cases: number | null = null): RunResult {
  return {
    run: { number: 1, test: 0, index: 0, seed: '1' },
    verdict,
    durationMs,
    cpuMs: null,
    directory: null,
    cases,
    leftProcesses: false,
  };
}

function tallyOf(results: readonly RunResult[]): RunTally {
  return results.reduce(addResult, EMPTY_TALLY);
}

function momentsOf(samples: readonly number[]): SampleMoments {
  return samples.reduce(addSample, NO_MOMENTS);
}

it('puts every run into exactly one place', () => {
  const tally = tallyOf(VERDICTS.map((verdict) => result(verdict)));
  assert.is(ended(tally), VERDICTS.length);
  assert.is(tally.failed, 3);
  assert.is(tally.timedOut, 1);
  assert.is(tally.crashed, 1);
});

it('judges the test by runs that passed or failed, and by no others', () => {
  const tally = tallyOf([result({ kind: 'stopped' }, 1000), result({ kind: 'passed' }, 10)]);
  assert.is(judged(tally), 1);
  assert.is(tally.durations.max, 10);
});

it('counts how many passing runs executed how many cases: a failing one may have been cut short', () => {
  const passed = [3, 3, 2].map((cases) => result({ kind: 'passed' }, 1, cases));
  const cutShort = result({ kind: 'failed', reason: { type: 'exit', code: 1 } }, 1, 1);
  const tally = tallyOf([...passed, cutShort]);
  assert.equal(tally.caseCounts, { '2': 1, '3': 2 });
});

it('merges the tallies of two machines as if one had counted', () => {
  const samples = fc.array(fc.tuple(fc.constantFrom(...VERDICTS), fc.double({ min: 0, max: 1e6, noNaN: true })), { maxLength: 30 });
  fc.assert(
    fc.property(samples, samples, (a, b) => {
      const [left, right] = [a, b].map((list) => list.map(([verdict, durationMs]) => result(verdict, durationMs)));
      const merged = mergeTallies(tallyOf(left ?? []), tallyOf(right ?? []));
      const together = tallyOf([...(left ?? []), ...(right ?? [])]);
      assert.equal({ ...merged, durations: null }, { ...together, durations: null });
      assert.is(merged.durations.count, together.durations.count);
      assert.ok(
        Math.abs(standardDeviation(merged.durations) - standardDeviation(together.durations)) <= 1e-6 * (1 + together.durations.max),
      );
    }),
    { numRuns: 100 },
  );
});

it('knows mean, spread and extremes', () => {
  const moments = momentsOf([2, 4, 4, 4, 5, 5, 7, 9]);
  assert.is(moments.mean, 5);
  assert.ok(Math.abs(standardDeviation(moments) - Math.sqrt(32 / 7)) < 1e-12);
  assert.is(moments.min, 2);
  assert.is(moments.max, 9);
});

it('survives JSON when it is empty', () => {
  assert.equal(JSON.parse(JSON.stringify(NO_MOMENTS)), NO_MOMENTS);
  assert.equal(mergeMoments(NO_MOMENTS, momentsOf([3])), momentsOf([3]));
});
