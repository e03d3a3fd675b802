import { UserError } from '@raftlens/command-line';
import { assert, suite, throws } from '@raftlens/testing';
import { labelOf, parseRange, RANDOMNESS_SWEEP, SCALE_SWEEP } from '../src/timeout-range.ts';

const it = suite('a range of timeouts');

it('is read as two numbers, or as one where there is no randomness', () => {
  assert.equal(parseRange('150-300'), { minMs: 150, maxMs: 300 });
  assert.equal(parseRange(' 12.5-25ms'), { minMs: 12.5, maxMs: 25 });
  assert.equal(parseRange('150'), { minMs: 150, maxMs: 150 });
});

for (const wrong of ['', '300-150', '0-10', 'a-b', '150-', '-150', '1-2-3']) {
  it(`refuses "${wrong}" and says how to write one`, () => {
    const error = throws(() => parseRange(wrong), UserError);
    assert.match(String(error), /150-300/);
  });
}

it("has the paper's eleven curves", () => {
  assert.equal(RANDOMNESS_SWEEP.map(labelOf).join(' '), '150-150 ms 150-151 ms 150-155 ms 150-175 ms 150-200 ms 150-300 ms');
  assert.equal(SCALE_SWEEP.map(labelOf).join(' '), '12-24 ms 25-50 ms 50-100 ms 100-200 ms 150-300 ms');
});
