import { setImmediate as nextTurn } from 'node:timers/promises';
import { Checker, type Violation } from '@raftlens/checker';
import type { LogStore } from '@raftlens/log-store';
import type { Finding, Findings } from '../model/document.ts';

/** The checker, running behind the screen. */
export interface CheckJob {
  /** Begins; `onFindings` is called as more is known. */
  start(onFindings: (findings: Findings) => void): void;
  /** The log has more rows than before. */
  grown(): void;
  stop(): void;
}

/** The finding of a violation whose seqs are row numbers from 1, as both jobs give them to the checker. */
export function findingOf(violation: Violation): Finding {
  return { violation, row: violation.seq - 1, evidenceRows: violation.evidence.map((seq) => seq - 1) };
}

/** Events checked in one turn: about 10 ms, so that keys are answered in between. */
const SLICE_ROWS = 2000;

/** Checks in this thread, in slices: for standard input, which only one reader can read, and for small logs. */
export class LocalCheck implements CheckJob {
  readonly #store: LogStore;
  readonly #checker = new Checker();
  #onFindings: (findings: Findings) => void = () => {};
  #next = 0;
  #running = false;
  #stopped = false;

  constructor(store: LogStore) {
    this.#store = store;
  }

  start(onFindings: (findings: Findings) => void): void {
    this.#onFindings = onFindings;
    this.grown();
  }

  grown(): void {
    if (!this.#running && !this.#stopped) void this.#run();
  }

  stop(): void {
    this.#stopped = true;
  }

  async #run(): Promise<void> {
    this.#running = true;
    try {
      while (!this.#stopped && this.#next < this.#store.size) {
        this.#checkSlice();
        this.#report();
        await nextTurn();
      }
    } catch (error) {
      this.#onFindings({ ...this.#findings(), failed: error instanceof Error ? error.message : String(error) });
      this.#stopped = true;
    }
    this.#running = false;
    if (!this.#stopped) this.#report();
  }

  #checkSlice(): void {
    const end = Math.min(this.#store.size, this.#next + SLICE_ROWS);
    for (; this.#next < end; this.#next += 1) {
      const event = this.#store.event(this.#next);
      if (event === null) continue;
      event.seq = this.#next + 1;
      this.#checker.observe(event);
    }
  }

  #report(): void {
    this.#onFindings(this.#findings());
  }

  #findings(): Findings {
    const complete = this.#store.progress.done && this.#next >= this.#store.size;
    return {
      found: this.#checker.violations.map(findingOf),
      checkedRows: this.#next,
      report: complete ? this.#checker.finish() : null,
      failed: null,
    };
  }
}
