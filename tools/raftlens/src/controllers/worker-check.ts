import { Worker } from 'node:worker_threads';
import { type Findings, NO_FINDINGS } from '../model/document.ts';
import type { CheckJob } from './check-job.ts';

/** Checks files in a thread of their own. */
export class WorkerCheck implements CheckJob {
  readonly #paths: readonly string[];
  readonly #sizeOf: () => number;
  #worker: Worker | null = null;

  constructor(paths: readonly string[], sizeOf: () => number) {
    this.#paths = paths;
    this.#sizeOf = sizeOf;
  }

  start(onFindings: (findings: Findings) => void): void {
    this.#worker = new Worker(new URL('check-worker.js', import.meta.url), { workerData: this.#paths });
    // What comes from the thread was made by `report` in check-worker.ts and is cloned, not parsed.
    this.#worker.on('message', (findings: Findings) => onFindings(findings));
    this.#worker.on('error', (error) => onFindings({ ...NO_FINDINGS, failed: error.message }));
    this.#worker.unref();
  }

  grown(): void {
    this.#worker?.postMessage(this.#sizeOf());
  }

  stop(): void {
    void this.#worker?.terminate();
  }
}
