import { errorMessage } from '../errors.ts';
import type { Keeper, KeptRun, Observer } from '../kept-run.ts';
import { type Limits, reachedLimit, type StopReason } from '../queue/limits.ts';
import type { RunQueue } from '../queue/run-queue.ts';
import { describeVerdict } from '../report/describe.ts';
import type { SessionResults } from '../results/results.ts';
import type { Executor, Run, RunResult, RunVerdict } from '../run.ts';

export interface SessionOptions {
  readonly queue: RunQueue;
  readonly limits: Limits;
  readonly executor: Executor;
  readonly results: SessionResults;
  readonly keeper: Keeper;
  readonly observers: readonly Observer[];
  /**
   * Results count in the order of starting: with seeds, the failure that ends the session is then the lowest failing seed, on any number
   * of workers, and every seed below it has been run.
   */
  readonly ordered: boolean;
  /** A passing run is kept, too, although it has left no folder. */
  readonly keepsPassing: boolean;
}

/** After so many runs in a row that could not be run, or that a cache gave, going on is pointless. */
const IN_VAIN_MAX = 5;

/** From having killed all runs to giving up those of which nothing is heard. */
const ABANDON_MS = 10_000;

/** When every run fails, keeping is slower than running: it must not fall behind without bound. */
const KEEPING_MAX = 64;

/** Feeds the executor from the queue, counts what comes back and keeps the failures, until a limit or the end of the queue. */
export class Session {
  readonly #options: SessionOptions;
  readonly #startedMs = performance.now();
  readonly #waiting = new Map<number, RunResult>();
  readonly #keeping = new Set<Promise<void>>();
  readonly #pending = new Map<number, Run>();
  #stop: StopReason | null = null;
  /** Runs in a row that came to nothing: for want of the machine, or out of a cache. */
  #inVain = 0;
  #lastProblem = '';
  #timer: NodeJS.Timeout | undefined;
  #abandonTimer: NodeJS.Timeout | undefined;
  #finish: ((reason: StopReason) => void) | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** Resolves when nothing runs any more and all failures are kept. Whatever the executor and the keeper do, it comes to that. */
  async run(): Promise<StopReason> {
    const { timeMs } = this.#options.limits;
    const finished = new Promise<StopReason>((resolve) => {
      this.#finish = resolve;
    });
    for (const [test, { over }] of this.#options.results.tests.entries()) if (over) this.#options.queue.close(test);
    if (timeMs !== null) this.#timer = setTimeout(() => this.stop('time'), timeMs);
    this.#fill();
    const reason = await finished;
    clearTimeout(this.#timer);
    clearTimeout(this.#abandonTimer);
    return reason;
  }

  /** Starts no further run and ends those under way; a second call ends them at once. */
  stop(reason: StopReason): void {
    // Only who insists ends runs at once: that of a limit or a full disk is still to end them gently.
    const again = this.#stop !== null && reason === 'interrupted';
    this.#stop ??= reason;
    this.#options.executor.stop(again ? 'now' : 'gently');
    if (again) this.#options.keeper.hurry?.();
    if (again) this.#abandonTimer ??= setTimeout(() => this.#abandon(), ABANDON_MS);
    this.#fill();
  }

  get elapsedMs(): number {
    return performance.now() - this.#startedMs;
  }

  /** Runs under way. */
  get running(): number {
    return this.#pending.size;
  }

  /** Why the last runs came to nothing, when that ended the session. */
  get problem(): string {
    return this.#lastProblem;
  }

  #fill(): void {
    const { executor, queue, observers } = this.#options;
    while (this.#stop === null && this.#pending.size < executor.slots && this.#keeping.size < KEEPING_MAX) {
      const run = queue.next();
      if (run === null) break;
      this.#pending.set(run.number, run);
      for (const observer of observers) observer.started?.(run);
      void this.#execute(run).then((result) => this.#completed(result));
    }
    if (this.#pending.size > 0 || this.#keeping.size > 0) return;
    this.#finish?.(this.#stop ?? (queue.allClosed ? 'failures' : 'queueEmpty'));
  }

  /** A run that its executor cannot take, or of which it never says what became, is one that could not be run, and not one for ever under way. */
  async #execute(run: Run): Promise<RunResult> {
    try {
      return await this.#options.executor.execute(run);
    } catch (error) {
      return withoutRun(run, { kind: 'lost', code: 'EXECUTOR_FAILED', message: errorMessage(error) });
    }
  }

  /** Runs that were to be killed, and of which nothing has been heard since. */
  #abandon(): void {
    for (const run of this.#pending.values()) if (!this.#waiting.has(run.number)) this.#completed(withoutRun(run, { kind: 'stopped' }));
  }

  #completed(result: RunResult): void {
    if (!this.#pending.has(result.run.number)) return; // It was abandoned.
    if (!this.#options.ordered) {
      this.#pending.delete(result.run.number);
      this.#count(result);
    } else {
      this.#waiting.set(result.run.number, result);
      this.#countInOrder();
    }
    this.#fill();
  }

  #countInOrder(): void {
    for (const number of this.#pending.keys()) {
      const result = this.#waiting.get(number);
      if (result === undefined) return;
      this.#waiting.delete(number);
      this.#pending.delete(number);
      const isLate = this.#stop === 'failures' || this.#options.queue.isClosed(result.run.test);
      this.#count(isLate ? { ...result, verdict: { kind: 'stopped' } } : result);
    }
  }

  #count(result: RunResult): void {
    const { observers, queue, results } = this.#options;
    const { kind } = result.verdict;
    if (kind === 'lost' || kind === 'stopped') queue.giveBack(result.run);
    else queue.finished(result.run);
    results.add(result);
    for (const observer of observers) observer.finished?.(result);
    this.#noteInVain(result);
    if (kind === 'failed' || (kind === 'passed' && this.#options.keepsPassing) || (kind !== 'stopped' && result.directory !== null))
      this.#keep(result);
    this.#endTest(result.run.test);
    if (this.#stop !== null) return;
    const reason = reachedLimit(this.#options.limits, this.elapsedMs, results.failed);
    if (reason !== null) this.stop(reason);
  }

  /** Ends a test that has failed often enough, where each has a limit of its own. */
  #endTest(test: number): void {
    const { limits, queue, results } = this.#options;
    if (limits.failuresOfTest === null || results.failedOf(test) < limits.failuresOfTest) return;
    queue.close(test);
    results.end(test);
  }

  #noteInVain({ verdict }: RunResult): void {
    if (verdict.kind === 'stopped') return;
    this.#inVain = verdict.kind === 'lost' || verdict.kind === 'cached' ? this.#inVain + 1 : 0;
    if (this.#inVain === 0) return;
    this.#lastProblem = problemOf(verdict);
    // A full disk does not empty itself, and every further run would be judged on a broken machine.
    const atOnce = verdict.kind === 'lost' && verdict.code === 'ENOSPC';
    if ((this.#inVain >= IN_VAIN_MAX || atOnce) && this.#stop === null) this.stop(verdict.kind === 'cached' ? 'cached' : 'machine');
  }

  #keep(result: RunResult): void {
    const { keeper, results, observers } = this.#options;
    const keeping: Promise<void> = keeper
      .keep(result)
      .catch((error: unknown) => notKept(result, error))
      .then((kept) => {
        this.#keeping.delete(keeping);
        if (kept.verdict.kind === 'failed') {
          const { folder, run, why, output } = kept;
          const example = { folder, seed: run.seed, why, ...(output === null ? {} : { output }) };
          results.addFailure(kept.test, kept.signature ?? why, example);
        }
        for (const observer of observers) observer.kept?.(kept);
        this.#fill();
      });
    this.#keeping.add(keeping);
  }
}

/** Why a run came to nothing, in a few words; empty for one that came to something. */
function problemOf(verdict: RunVerdict): string {
  if (verdict.kind === 'cached') return `${verdict.runner} runs nothing and repeats results out of its cache: ${verdict.advice}`;
  return verdict.kind === 'lost' ? verdict.message : '';
}

/** A keeper that fails changes nothing of what was found. */
function notKept({ run, verdict, durationMs }: RunResult, error: unknown): KeptRun {
  const why = describeVerdict(verdict);
  return {
    test: '',
    run,
    verdict,
    durationMs,
    folder: null,
    problem: errorMessage(error),
    signature: why,
    why,
    output: null,
    again: '',
    againWords: [],
    values: {},
  };
}

function withoutRun(run: Run, verdict: RunVerdict): RunResult {
  return { run, verdict, durationMs: 0, cpuMs: null, directory: null, cases: null, leftProcesses: false };
}
