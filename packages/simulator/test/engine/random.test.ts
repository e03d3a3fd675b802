import { assert, suite } from '@raftlens/testing';
import { Stream } from '../../src/engine/random.ts';

const it = suite('random streams');

it('give the same numbers on every machine and in every version', () => {
  const stream = new Stream('42', 'net.delay S1->S2');
  assert.equal([stream.below(1000), stream.below(1000), stream.below(1000), stream.below(1000)], [704, 323, 630, 711]);
});

it('differ by seed and by label', () => {
  const first = (seed: string, label: string): number => new Stream(seed, label).bits();
  const all = new Set<number>();
  for (let seed = 0; seed < 100; seed += 1) for (const label of ['a', 'b', 'timer S1', 'timer S2']) all.add(first(String(seed), label));
  assert.is(all.size, 400);
});

it('are uniform enough: each of ten buckets gets a tenth within one per cent of a million draws', () => {
  const stream = new Stream('1', 'uniform');
  const buckets = new Array<number>(10).fill(0);
  for (let draw = 0; draw < 1_000_000; draw += 1) {
    const bucket = stream.below(10);
    buckets[bucket] = (buckets[bucket] ?? 0) + 1;
  }
  for (const count of buckets) assert.ok(Math.abs(count - 100_000) < 1000, `a bucket holds ${count}`);
});
