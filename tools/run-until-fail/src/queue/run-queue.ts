import type { Run } from '../run.ts';

export interface QueueOptions {
  /** How many tests share the queue; at least 1. */
  readonly tests: number;
  /** Runs of each test, over all shards; null when only time or failures end the session. */
  readonly runsPerTest: number | null;
  /** The part of the run indices that is ours: those with `index % count === position`. */
  readonly shard: { readonly position: number; readonly count: number };
  /** The seed of the run with this index. Must be a pure function, so that shards and resumed sessions agree. */
  readonly seedOf: (index: number) => string;
}

/** Where a queue stands, to be resumed: for each test the next index, and the runs that were begun and not finished. */
export interface QueueState {
  readonly tests: readonly { readonly next: number; readonly unfinished: readonly number[] }[];
  readonly started: number;
}

interface Lane {
  next: number;
  /** Begun before an interruption, or given back: they go first. */
  readonly again: number[];
  readonly running: Set<number>;
  isClosed: boolean;
}

/**
 * One queue over tests x runs. It is fair: the tests take turns, so that after any number of starts no test has been started two times
 * more than another that still has runs to do, whatever they cost. Pure: it neither runs nor waits.
 */
export class RunQueue {
  readonly #options: QueueOptions;
  readonly #lanes: Lane[];
  #turn = 0;
  #started: number;

  constructor(options: QueueOptions, resumed: QueueState | null = null) {
    this.#options = options;
    this.#started = resumed?.started ?? 0;
    this.#lanes = Array.from({ length: options.tests }, (_, test) => {
      const state = resumed?.tests[test];
      return { next: state?.next ?? options.shard.position, again: [...(state?.unfinished ?? [])], running: new Set(), isClosed: false };
    });
  }

  /** The next run to start, or null when every run has been handed out. */
  next(): Run | null {
    for (let tried = 0; tried < this.#lanes.length; tried++) {
      const test = this.#turn;
      this.#turn = (this.#turn + 1) % this.#lanes.length;
      const lane = this.#lanes[test];
      const index = lane === undefined || lane.isClosed ? null : this.#takeIndex(lane);
      if (index === null) continue;
      this.#started += 1;
      return { number: this.#started, test, index, seed: this.#options.seedOf(index) };
    }
    return null;
  }

  finished(run: Run): void {
    this.#lanes[run.test]?.running.delete(run.index);
  }

  /** The run says nothing about the test (its launcher died, we ended it): it is handed out once more. */
  giveBack(run: Run): void {
    const lane = this.#lanes[run.test];
    if (lane?.running.delete(run.index)) lane.again.push(run.index);
  }

  /** Hands out no further run of a test. */
  close(test: number): void {
    const lane = this.#lanes[test];
    if (lane !== undefined) lane.isClosed = true;
  }

  isClosed(test: number): boolean {
    return this.#lanes[test]?.isClosed ?? false;
  }

  /** No test is to be run any more, whatever was asked for. */
  get allClosed(): boolean {
    return this.#lanes.every((lane) => lane.isClosed);
  }

  /** How many runs this queue was asked for in all; null when unbounded. */
  get asked(): number | null {
    const { runsPerTest, shard, tests } = this.#options;
    if (runsPerTest === null) return null;
    return tests * Math.max(0, Math.ceil((runsPerTest - shard.position) / shard.count));
  }

  state(): QueueState {
    return {
      started: this.#started,
      tests: this.#lanes.map((lane) => ({ next: lane.next, unfinished: [...lane.again, ...lane.running] })),
    };
  }

  #takeIndex(lane: Lane): number | null {
    const { runsPerTest, shard } = this.#options;
    const again = lane.again.shift();
    const index = again ?? lane.next;
    if (again === undefined) {
      if (runsPerTest !== null && index >= runsPerTest) return null;
      lane.next += shard.count;
    }
    lane.running.add(index);
    return index;
  }
}
