import { assert, suite } from '@raftlens/testing';
import fc from 'fast-check';
import { type Action, Lockstep } from './lockstep.ts';

const it = suite('structure A against a model of figure 2');

/** Evenly spread: the usual leaning towards small numbers would make one server do everything. */
const upTo = (max: number): fc.Arbitrary<number> => fc.noBias(fc.nat(max));
const number = upTo(1000);
const on = (kind: 'tick' | 'propose' | 'crash' | 'snapshot' | 'cut'): fc.Arbitrary<Action> => number.map((server) => ({ kind, server }));

const deliver = fc.record({ kind: fc.constant('deliver' as const), message: number, times: upTo(5), keep: upTo(9).map((n) => n === 0) });

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 30, arbitrary: deliver },
  { weight: 40, arbitrary: fc.record({ kind: fc.constant('work' as const), server: number, steps: upTo(10) }) },
  { weight: 10, arbitrary: on('propose') },
  { weight: 8, arbitrary: on('tick') },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('lose' as const), message: number }) },
  { weight: 2, arbitrary: on('snapshot') },
  { weight: 4, arbitrary: on('cut') },
  { weight: 1, arbitrary: on('crash') },
);

it('agrees with it after every input, over slow disks, crashes, and messages lost, repeated and out of order', {
  timeoutMs: 60_000,
}, () => {
  const sum = { committed: 0, truncations: 0, installed: 0 };
  fc.assert(
    fc.property(fc.constantFrom(1, 2, 3, 3, 5), fc.array(action, { minLength: 300, maxLength: 600, size: 'max' }), (servers, actions) => {
      const cluster = new Lockstep(servers);
      for (const each of actions) {
        cluster.do(each);
      }
      sum.committed += cluster.committed;
      sum.truncations += cluster.truncations;
      sum.installed += cluster.installed;
    }),
    { seed: 20140618, numRuns: 1000, interruptAfterTimeLimit: 40_000, markInterruptAsFailure: true },
  );
  // Runs in which nothing happens would compare nothing.
  assert.ok(sum.committed > 6000 && sum.truncations > 150 && sum.installed > 500, JSON.stringify(sum));
});
