import { Worker } from 'node:worker_threads';
import type { OpenOptions } from '@raftlens/log-store';
import { type Findings, NO_FINDINGS } from '../model/document.ts';
import type { CheckJob } from './check-job.ts';

/** What the thread opens. */
export interface CheckedLog {
  readonly paths: readonly string[];
  readonly reading: OpenOptions;
}

/** Checks files in a thread of their own. */
export class WorkerCheck implements CheckJob {
  readonly #log: CheckedLog;
  readonly #sizeOf: () => number;
  #worker: Worker | null = null;

  constructor(log: CheckedLog, sizeOf: () => number) {
    this.#log = log;
    this.#sizeOf = sizeOf;
  }

  start(onFindings: (findings: Findings) => void): void {
    this.#worker = new Worker(new URL('check-worker.js', import.meta.url), { workerData: this.#log });
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
