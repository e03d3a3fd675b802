import { Worker } from 'node:worker_threads';
import type { Sharing } from '@raftlens/log-store';
import { type Findings, NO_FINDINGS } from '../model/document.ts';
import type { CheckJob } from './check-job.ts';

/** An event lives as long as its check: a small young generation holds all of them, and V8's usual one takes 48 MB. */
const YOUNG_GENERATION_MB_MAX = 6;

/** Checks a log in a thread of its own, which reads the rows in the memory and through the files that this one has. */
export class WorkerCheck implements CheckJob {
  readonly #sharing: Sharing;
  #worker: Worker | null = null;

  constructor(sharing: Sharing) {
    this.#sharing = sharing;
  }

  start(onFindings: (findings: Findings) => void): void {
    this.#worker = new Worker(new URL('check-worker.js', import.meta.url), {
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB_MAX },
    });
    // What comes from the thread was made by check-worker.ts and is cloned, not parsed.
    this.#worker.on('message', (findings: Findings) => onFindings(findings));
    this.#worker.on('error', (error) => onFindings({ ...NO_FINDINGS, failed: error.message }));
    this.#worker.unref();
    this.grown();
  }

  grown(): void {
    this.#worker?.postMessage(this.#sharing.next());
  }

  async stop(): Promise<void> {
    this.#sharing.end();
    await this.#worker?.terminate();
  }
}
