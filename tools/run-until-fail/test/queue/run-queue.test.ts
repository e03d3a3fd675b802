import { assert, suite } from '@raftlens/testing';
import * as fc from 'fast-check';
import { type QueueOptions, RunQueue } from '../../src/queue/run-queue.ts';
import type { Run } from '../../src/run.ts';

const it = suite('the queue of runs');

const WHOLE = { position: 0, count: 1 };

function queue(options: Partial<QueueOptions>): RunQueue {
  return new RunQueue({ tests: 1, runsPerTest: null, shard: WHOLE, seedOf: (index) => String(100 + index), ...options });
}

function drain(source: RunQueue, most = 10_000): Run[] {
  const runs: Run[] = [];
  for (let run = source.next(); run !== null && runs.length < most; run = source.next()) runs.push(run);
  return runs;
}

it('hands out each run of each test once, and then nothing', () => {
  const runs = drain(queue({ tests: 3, runsPerTest: 4 }));
  assert.is(runs.length, 12);
  assert.is(new Set(runs.map((run) => `${run.test}/${run.index}`)).size, 12);
  assert.equal(
    runs.map((run) => run.number),
    Array.from({ length: 12 }, (_, at) => at + 1),
  );
});

it('lets the tests take turns', () => {
  assert.equal(
    drain(queue({ tests: 3 }), 7).map((run) => run.test),
    [0, 1, 2, 0, 1, 2, 0],
  );
});

it('derives the seed from the index alone', () => {
  assert.equal(
    drain(queue({ tests: 2, runsPerTest: 2 })).map((run) => run.seed),
    ['100', '100', '101', '101'],
  );
});

it('divides the runs over shards without gap or overlap', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 3 }),
      (runsPerTest, count, tests) => {
        const shards = Array.from({ length: count }, (_, position) => queue({ tests, runsPerTest, shard: { position, count } }));
        const asked = shards.reduce((sum, shard) => sum + (shard.asked ?? 0), 0);
        const names = shards.flatMap((shard) => drain(shard)).map((run) => `${run.test}/${run.index}`);
        assert.is(asked, names.length);
        assert.is(names.length, runsPerTest * tests);
        assert.is(new Set(names).size, names.length);
      },
    ),
    { numRuns: 60 },
  );
});

it('hands out a run that was given back once more, before new ones', () => {
  const runs = queue({ runsPerTest: 2 });
  const first = runs.next();
  assert.ok(first);
  runs.giveBack(first);
  assert.equal(
    drain(runs).map((run) => run.index),
    [0, 1],
  );
});

it('resumes where it stood: unfinished runs again, finished ones never', () => {
  const before = queue({ tests: 2, runsPerTest: 5 });
  const begun = [before.next(), before.next(), before.next()];
  for (const run of begun.slice(0, 2)) if (run !== null) before.finished(run);
  const after = new RunQueue({ tests: 2, runsPerTest: 5, shard: WHOLE, seedOf: String }, structuredClone(before.state()));
  const rest = drain(after).map((run) => `${run.test}/${run.index}`);
  assert.is(rest.length, 8);
  assert.ok(rest.includes('0/1'), 'the run that was under way is run again');
  assert.not.ok(rest.includes('0/0'));
});
