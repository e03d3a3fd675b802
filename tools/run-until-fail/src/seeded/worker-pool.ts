import type { Executor, FailureReason, Run, RunResult, RunVerdict, WaitingRun } from '../run.ts';
import type { SeededTests, SeedReport } from './protocol.ts';
import { SeedWorker, type WorkerEnd } from './seed-worker.ts';

export interface WorkerPoolOptions {
  readonly tests: SeededTests;
  readonly workers: number;
  /** A seed that takes longer is given up together with its worker. */
  readonly timeoutMs: number;
  /** The memory of a worker: at half of it the worker is replaced between two runs, at the whole its run has failed. */
  readonly heapMaxMiB: number;
  readonly noted: (text: string) => void;
}

interface PoolMember {
  worker: SeedWorker;
  /** In the order in which the worker takes them. */
  readonly waiting: Map<number, WaitingRun>;
  /** The run that was seen under way, and since when: for the timeout. */
  seen: { readonly number: number | null; readonly sinceMs: number };
  runsDone: number;
  /** How many of its workers in a row have ended before their first run. */
  falseStarts: number;
}

const WATCH_MS = 50;
/** Not having watched for so long means that we were stopped, not busy. */
const STOPPED_MIN_MS = 1000;
const MIB = 2 ** 20;
/** So many workers in a row that end before their first run mean that the tests cannot be loaded. */
const FALSE_STARTS_MAX = 3;

/** Runs seeds in worker threads, a few ahead for each, so that none waits. A worker that dies, hangs or leaks is replaced. */
export class WorkerPool implements Executor {
  readonly #options: WorkerPoolOptions;
  readonly #members: PoolMember[];
  readonly #watch: NodeJS.Timeout;
  #watchedMs = performance.now();
  #meanMs = 10;
  /** Why no worker can do anything; null while some can. */
  #unusable: string | null = null;
  #stopped = false;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
    this.#members = Array.from({ length: options.workers }, () => this.#newMember());
    this.#watch = setInterval(() => this.#endHung(), WATCH_MS);
  }

  /** Short runs are handed out many ahead, long ones singly, so that no worker idles at the end while another has several left. */
  get slots(): number {
    const ahead = this.#meanMs < 2 ? 32 : this.#meanMs < 20 ? 6 : 2;
    return this.#members.length * ahead;
  }

  execute(run: Run): Promise<RunResult> {
    return new Promise((resolve) => {
      if (this.#stopped) return resolve(resultOf(run, { kind: 'stopped' }, 0));
      this.#assign({ run, resolve });
    });
  }

  /** To the member that has least to do, of those whose workers come up. */
  #assign(waiting: WaitingRun): void {
    const usable = this.#members.filter(({ falseStarts }) => falseStarts < FALSE_STARTS_MAX);
    const [first, ...others] = usable;
    if (first === undefined) {
      return waiting.resolve(resultOf(waiting.run, { kind: 'lost', code: 'WORKER_UNUSABLE', message: this.#unusable ?? 'no worker' }, 0));
    }
    const member = others.reduce((least, other) => (other.waiting.size < least.waiting.size ? other : least), first);
    member.waiting.set(waiting.run.number, waiting);
    hand(member, waiting.run);
  }

  /** A seed can be run again at any time, so that there is nothing to be gentle about. */
  stop(): void {
    this.#stopped = true;
    for (const member of this.#members) {
      void member.worker.end();
      for (const number of member.waiting.keys()) settle(member, number, { kind: 'stopped' }, 0);
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#watch);
    await Promise.all(this.#members.map((member) => member.worker.end()));
  }

  #newMember(): PoolMember {
    const member: PoolMember = {
      worker: this.#newWorker(() => member),
      waiting: new Map(),
      seen: { number: null, sinceMs: 0 },
      runsDone: 0,
      falseStarts: 0,
    };
    return member;
  }

  #newWorker(memberOf: () => PoolMember): SeedWorker {
    return new SeedWorker(this.#options.tests, this.#options.heapMaxMiB, {
      done: (report) => this.#done(memberOf(), report),
      ended: (end) => this.#ended(memberOf(), end),
    });
  }

  #done(member: PoolMember, { number, reason, durationMs, heapBytes }: SeedReport): void {
    member.runsDone += 1;
    member.falseStarts = 0;
    this.#meanMs += (durationMs - this.#meanMs) / 16;
    settle(member, number, verdictOf(reason), durationMs);
    if (heapBytes !== null && heapBytes > (this.#options.heapMaxMiB * MIB) / 2) {
      this.#options.noted(
        `a worker was replaced after ${member.runsDone} runs: its memory had grown to ${Math.round(heapBytes / MIB)} MiB`,
      );
      this.#replace(member);
    }
  }

  #ended(member: PoolMember, { during, message, outOfMemory }: WorkerEnd): void {
    if (this.#stopped) return;
    // Runs before this one may have used the memory up: it gets a worker of its own before it is blamed.
    const spared = outOfMemory && member.runsDone > 0;
    if (spared) this.#options.noted(`a worker was replaced after ${member.runsDone} runs: it had no memory left`);
    else if (during !== null) settle(member, during, { kind: 'failed', reason: { type: 'workerDied', message } }, 0);
    else if (member.runsDone === 0) member.falseStarts += 1;
    if (member.falseStarts >= FALSE_STARTS_MAX) this.#retire(member, message);
    else this.#replace(member);
  }

  /** No further worker of it will do better: the others get its runs, and where there are none, the tests cannot even be loaded. */
  #retire(member: PoolMember, message: string): void {
    this.#unusable = message;
    const waiting = [...member.waiting.values()];
    member.waiting.clear();
    for (const run of waiting) this.#assign(run);
  }

  #replace(member: PoolMember): void {
    void member.worker.end();
    member.worker = this.#newWorker(() => member);
    member.runsDone = 0;
    member.seen = { number: null, sinceMs: 0 };
    for (const { run } of member.waiting.values()) hand(member, run);
  }

  #endHung(): void {
    const nowMs = performance.now();
    // While we were stopped (Ctrl-Z) so were the workers.
    const sinceWatchedMs = nowMs - this.#watchedMs;
    const stoppedMs = sinceWatchedMs > STOPPED_MIN_MS ? sinceWatchedMs : 0;
    this.#watchedMs = nowMs;
    for (const member of this.#members) {
      const number = member.worker.current;
      if (number === null || number !== member.seen.number) {
        member.seen = { number, sinceMs: nowMs };
        continue;
      }
      member.seen = { number, sinceMs: member.seen.sinceMs + stoppedMs };
      if (nowMs - member.seen.sinceMs > this.#options.timeoutMs) {
        const limitMs = this.#options.timeoutMs;
        settle(member, number, { kind: 'failed', reason: { type: 'timeout', limitMs } }, nowMs - member.seen.sinceMs);
        this.#replace(member);
      }
    }
  }
}

function hand(member: PoolMember, run: Run): void {
  member.worker.run({ number: run.number, test: run.test, seed: run.seed, logTo: null });
}

function settle(member: PoolMember, number: number, verdict: RunVerdict, durationMs: number): void {
  const waiting = member.waiting.get(number);
  if (waiting === undefined) return;
  member.waiting.delete(number);
  waiting.resolve(resultOf(waiting.run, verdict, durationMs));
}

function resultOf(run: Run, verdict: RunVerdict, durationMs: number): RunResult {
  return { run, verdict, durationMs, cpuMs: null, directory: null, cases: null, leftProcesses: false };
}

function verdictOf(reason: FailureReason | null): RunVerdict {
  return reason === null ? { kind: 'passed' } : { kind: 'failed', reason };
}
