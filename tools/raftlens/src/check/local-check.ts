import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LogStore } from '@raftlens/log-store';
import type { Findings } from '../model/document.ts';
import type { CheckJob } from './check-job.ts';
import { FoundSoFar } from './found-so-far.ts';

/** Events checked in one turn: about 10 ms. Keys are answered in between. */
const SLICE_ROWS = 2000;

/** Checks in this thread, in slices: for small logs, and for those that are only in memory. */
export class LocalCheck implements CheckJob {
  readonly #store: LogStore;
  readonly #found = new FoundSoFar();
  #onFindings: (findings: Findings) => void = () => {};
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

  stop(): Promise<void> {
    this.#stopped = true;
    return Promise.resolve();
  }

  async #run(): Promise<void> {
    this.#running = true;
    try {
      while (!this.#stopped && this.#found.next < this.#store.size) {
        const end = Math.min(this.#store.size, this.#found.next + SLICE_ROWS);
        while (this.#found.next < end) this.#found.observe(this.#store);
        this.#onFindings(this.#found.findings(false));
        await nextTurn();
      }
      if (!this.#stopped && this.#store.progress.done) this.#onFindings(this.#found.findings(true));
    } catch (error) {
      this.#onFindings({ ...this.#found.findings(false), failed: error instanceof Error ? error.message : String(error) });
      this.#stopped = true;
    }
    this.#running = false;
  }
}
