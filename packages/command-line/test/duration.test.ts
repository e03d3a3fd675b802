import { assert, suite, throws } from '@raftlens/testing';
import fc from 'fast-check';
import { formatDuration, parseDuration, UserError } from '../src/index.ts';

const it = suite('durations');

it('reads what people write', () => {
  const cases = {
    '10m': 600_000,
    '1h30m': 5_400_000,
    '90s': 90_000,
    '1.5h': 5_400_000,
    '250ms': 250,
    '2d': 172_800_000,
    '30': 30_000,
    ' 5s ': 5000,
  };
  for (const [text, wanted] of Object.entries(cases)) assert.is(parseDuration(text, '--time'), wanted, text);
});

it('refuses the rest by name', () => {
  for (const text of ['', 'm', '10x', '-5s', '10 m', '1m 30', 'Infinity', '1e3s']) throws(() => parseDuration(text, '--time'), UserError);
  throws(() => parseDuration('soon', '--time'), {
    code: 'BAD_DURATION',
    message: '--time must be a duration such as 90s, 10m or 1h30m, not "soon"',
  });
});

it('writes two units at most', () => {
  const cases: readonly (readonly [number, string])[] = [
    [0, '0ms'],
    [3.21, '3.2ms'],
    [850.4, '850ms'],
    [999.7, '1s'],
    [12_345, '12.3s'],
    [59_960, '1m00s'],
    [245_000, '4m05s'],
    [5_400_000, '1h30m'],
    [3_599_999, '1h00m'],
    [183_600_000, '2d03h'],
    [-1500, '-1.5s'],
  ];
  for (const [durationMs, wanted] of cases) assert.is(formatDuration(durationMs), wanted);
});

it('reads back what it wrote, to within a twentieth', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e9 }), (durationMs) => {
      assert.ok(Math.abs(parseDuration(formatDuration(durationMs), 'x') - durationMs) <= Math.max(0.06, durationMs / 20));
    }),
    { seed: 1, numRuns: 300 },
  );
});
