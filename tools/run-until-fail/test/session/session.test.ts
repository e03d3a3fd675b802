import { assert, suite } from '@raftlens/testing';
import * as fc from 'fast-check';
import type { Keeper, KeptRun } from '../../src/kept-run.ts';
import { RunQueue } from '../../src/queue/run-queue.ts';
import { SessionResults } from '../../src/results/results.ts';
import { ended } from '../../src/results/tally.ts';
import type { Executor, Run, RunResult, RunVerdict } from '../../src/run.ts';
import { Session, type SessionOptions } from '../../src/session/session.ts';

const it = suite('a session');

const PASSED: RunVerdict = { kind: 'passed' };
const FAILED: RunVerdict = { kind: 'failed', reason: { type: 'exit', code: 1 } };
const LOST: RunVerdict = { kind: 'lost', code: 'LAUNCHER_DIED', message: 'gone' };

/** Runs without processes: verdicts come from a function, later or at once, in an order that the test chooses. */
class FakeExecutor implements Executor {
  readonly slots: number;
  readonly executed: Run[] = [];
  readonly #verdictOf: (run: Run) => RunVerdict;
  readonly #delayOf: (run: Run) => number;
  readonly #waiting = new Map<number, (verdict: RunVerdict) => void>();
  #stopped = false;

  constructor(slots: number, verdictOf: (run: Run) => RunVerdict, delayOf: (run: Run) => number = () => 0) {
    this.slots = slots;
    this.#verdictOf = verdictOf;
    this.#delayOf = delayOf;
  }

  execute(run: Run): Promise<RunResult> {
    this.executed.push(run);
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#waiting.get(run.number)?.(this.#verdictOf(run)), this.#delayOf(run));
      const end = (verdict: RunVerdict): void => {
        clearTimeout(timer);
        this.#waiting.delete(run.number);
        resolve({ run, verdict, durationMs: 1, cpuMs: null, directory: null, cases: null, leftProcesses: false });
      };
      if (this.#stopped) return end({ kind: 'stopped' });
      this.#waiting.set(run.number, end);
    });
  }

  stop(): void {
    this.#stopped = true;
    for (const end of this.#waiting.values()) end({ kind: 'stopped' });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

const keeper: Keeper = {
  keep: ({ run, verdict, durationMs }) =>
    Promise.resolve({
      test: 'test',
      run,
      verdict,
      durationMs,
      folder: `/logs/${run.seed}`,
      problem: null,
      signature: 'same',
      why: 'exit code 1',
      again: '',
      output: null,
      againWords: [],
      values: {},
    }),
};

function session(executor: Executor, runs: number | null, overrides: Partial<SessionOptions> = {}) {
  const queue = new RunQueue({ tests: 1, runsPerTest: runs, shard: { position: 0, count: 1 }, seedOf: String });
  const results = new SessionResults([{ name: 'test' }]);
  const kept: KeptRun[] = [];
  const made = new Session({
    queue,
    results,
    executor,
    keeper,
    limits: { timeMs: null, failures: 1, failuresOfTest: null },
    observers: [{ kept: (run) => kept.push(run) }],
    ordered: false,
    keepsPassing: false,
    ...overrides,
  });
  return { session: made, queue, results, kept };
}

it('ends when the queue is empty, with every run counted', async () => {
  const { session: it1, results } = session(new FakeExecutor(3, () => PASSED), 10);
  assert.is(await it1.run(), 'queueEmpty');
  assert.is(results.total.passed, 10);
});

it('counts every started run exactly once, whatever happens', async () => {
  const verdicts = fc.array(fc.constantFrom<RunVerdict>(PASSED, FAILED, { kind: 'ignored', pattern: 'x' }), {
    minLength: 1,
    maxLength: 30,
  });
  await fc.assert(
    fc.asyncProperty(
      verdicts,
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 4 }),
      fc.boolean(),
      async (list, slots, failures, ordered) => {
        const executor = new FakeExecutor(
          slots,
          (run) => list[run.index] ?? PASSED,
          (run) => run.index % 3,
        );
        const { session: one, results } = session(executor, list.length, {
          limits: { timeMs: null, failures, failuresOfTest: null },
          ordered,
        });
        await one.run();
        assert.is(ended(results.total), executor.executed.length);
      },
    ),
    { numRuns: 40 },
  );
});

it('names the lowest failing seed when results count in order, however the runs overtake each other', async () => {
  // Seeds 6 and 3 fail; 6 is quick and 3 slow.
  const executor = new FakeExecutor(
    8,
    (run) => (run.seed === '3' || run.seed === '6' ? FAILED : PASSED),
    (run) => (run.seed === '3' ? 30 : 1),
  );
  const { session: one, results, kept } = session(executor, null, { ordered: true });
  assert.is(await one.run(), 'failures');
  assert.equal(
    kept.map((run) => run.run.seed),
    ['3'],
  );
  assert.is(results.total.passed, 3, 'seeds 0, 1 and 2');
  assert.is(results.total.failed, 1);
});

it('runs a lost run again, and counts it once as lost and once by its verdict', async () => {
  let first = true;
  const executor = new FakeExecutor(1, (run) => {
    if (run.index !== 1 || !first) return PASSED;
    first = false;
    return LOST;
  });
  const { session: one, results } = session(executor, 3);
  assert.is(await one.run(), 'queueEmpty');
  assert.equal([results.total.passed, results.total.lost], [3, 1]);
});

it('gives up when nothing can be run any more', async () => {
  const { session: one } = session(new FakeExecutor(2, () => LOST), null);
  assert.is(await one.run(), 'machine');
  assert.is(one.problem, 'gone');
});

it('stops at once on a full disk', async () => {
  const executor = new FakeExecutor(1, () => ({ kind: 'lost', code: 'ENOSPC', message: 'the disk is full' }));
  const { session: one } = session(executor, null);
  assert.is(await one.run(), 'machine');
  assert.is(executor.executed.length, 1);
});

it('ends the runs under way when it is stopped, and counts none of them as passed', async () => {
  const { session: one, results } = session(
    new FakeExecutor(
      4,
      () => PASSED,
      () => 10_000,
    ),
    null,
  );
  const running = one.run();
  one.stop('interrupted');
  assert.is(await running, 'interrupted');
  assert.equal([results.total.passed, results.total.stopped], [0, 4]);
});

/** What an executor may do with a run. Each of them is still to be counted. */
const MANNERS = ['passes', 'fails', 'is lost', 'rejects', 'throws', 'never ends'] as const;

class UnrulyExecutor implements Executor {
  readonly slots = 3;
  readonly #mannerOf: (run: Run) => (typeof MANNERS)[number];
  readonly executed: Run[] = [];

  constructor(mannerOf: (run: Run) => (typeof MANNERS)[number]) {
    this.#mannerOf = mannerOf;
  }

  execute(run: Run): Promise<RunResult> {
    this.executed.push(run);
    const result = (verdict: RunVerdict): RunResult => ({
      run,
      verdict,
      durationMs: 1,
      cpuMs: null,
      directory: null,
      cases: null,
      leftProcesses: false,
    });
    switch (this.#mannerOf(run)) {
      case 'passes':
        return Promise.resolve(result(PASSED));
      case 'fails':
        return Promise.resolve(result(FAILED));
      case 'is lost':
        return Promise.resolve(result(LOST));
      case 'rejects':
        return Promise.reject(new Error('gone'));
      case 'throws':
        throw new Error('gone at once');
      case 'never ends':
        return new Promise(() => undefined);
    }
  }

  stop(): void {}

  close(): Promise<void> {
    return Promise.resolve();
  }
}

it('comes to its end with every run counted, whatever its executor and its keeper do', { timeoutMs: 60_000 }, async () => {
  const manners = fc.array(fc.constantFrom(...MANNERS.filter((manner) => manner !== 'never ends')), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(manners, fc.boolean(), fc.boolean(), fc.integer({ min: 1, max: 4 }), async (list, ordered, keeps, failures) => {
      const executor = new UnrulyExecutor((run) => list[run.number - 1] ?? 'passes');
      const failing: Keeper = { keep: () => Promise.reject(new Error('the disk is full')) };
      const overrides = { ordered, limits: { timeMs: null, failures, failuresOfTest: null }, ...(keeps ? {} : { keeper: failing }) };
      const { session: one, results, kept } = session(executor, list.length, overrides);
      await one.run();
      assert.is(ended(results.total), executor.executed.length);
      assert.is(
        kept.length,
        results.failures.reduce((sum, group) => sum + group.count, 0),
      );
      assert.is(kept.filter(({ problem }) => problem === null).length, keeps ? kept.length : 0);
    }),
    { numRuns: 10_000 },
  );
});

it('gives up runs of which nothing is heard once it was told to kill them', { timeoutMs: 30_000 }, async () => {
  const executor = new UnrulyExecutor((run) => (run.number % 2 === 0 ? 'never ends' : 'passes'));
  for (const ordered of [false, true]) {
    const { session: one, results } = session(executor, 6, { ordered });
    const running = one.run();
    await new Promise((resolve) => setTimeout(resolve, 50));
    one.stop('interrupted');
    one.stop('interrupted');
    assert.is(await running, 'interrupted');
    assert.ok(results.total.stopped >= 1);
    assert.is(one.running, 0);
  }
});
