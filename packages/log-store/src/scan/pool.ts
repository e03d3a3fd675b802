import { Worker } from 'node:worker_threads';
import { LogStoreError } from '../error.ts';
import type { Chunk } from './chunk.ts';
import type { RangeReply, RangeRequest, WorkerTask } from './messages.ts';

const RANGE_BYTES = 1 << 22;
/** Ranges that a worker has before it: one to work on and one so that it does not wait. */
const AHEAD = 2;

/** A scanned range, with the number of the worker, for each has names of its own. */
export interface PoolRange {
  readonly worker: number;
  readonly base: number;
  readonly chunk: Chunk;
}

/** Scans a stretch of a file by several threads, and hands the ranges over in the order of the file. */
export class ScanPool {
  readonly #workers: Worker[];
  readonly #from: number;
  readonly #to: number;
  readonly #onRange: (range: PoolRange) => void;
  readonly #waiting = new Map<number, PoolRange>();
  #nextToScan = 0;
  #nextToHandOver = 0;
  #settle: { resolve: () => void; reject: (error: unknown) => void } | null = null;

  constructor(task: WorkerTask, workers: number, from: number, to: number, onRange: (range: PoolRange) => void) {
    this.#from = from;
    this.#to = to;
    this.#onRange = onRange;
    this.#workers = Array.from({ length: workers }, () => new Worker(new URL('./worker.js', import.meta.url), { workerData: task }));
  }

  /** Resolves when every range is handed over. */
  run(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.#workers.forEach((worker, number) => {
        worker.on('message', (reply: RangeReply) => this.#received(number, reply));
        worker.on('error', (error) => this.#end(error));
        for (let i = 0; i < AHEAD; i++) this.#request(number);
      });
    });
  }

  /** Stops the threads; what is not handed over yet is not going to be. */
  close(): void {
    this.#end();
  }

  get #count(): number {
    return Math.ceil((this.#to - this.#from) / RANGE_BYTES);
  }

  #request(worker: number, reuse?: Chunk): void {
    if (this.#nextToScan >= this.#count) return;
    const range = this.#nextToScan++;
    const from = this.#from + range * RANGE_BYTES;
    const request: RangeRequest = { range, from, to: Math.min(from + RANGE_BYTES, this.#to), reuse };
    this.#workers[worker]?.postMessage(request);
  }

  #received(worker: number, reply: RangeReply): void {
    if (this.#settle === null) return;
    if ('error' in reply) {
      this.#end(new LogStoreError('READ_FAILED', reply.error));
      return;
    }
    this.#waiting.set(reply.range, { worker, base: reply.base, chunk: reply.chunk });
    for (let next = this.#waiting.get(this.#nextToHandOver); next !== undefined; next = this.#waiting.get(this.#nextToHandOver)) {
      this.#waiting.delete(this.#nextToHandOver++);
      this.#onRange(next);
      this.#request(next.worker, next.chunk);
    }
    if (this.#nextToHandOver === this.#count) this.#end();
  }

  #end(error?: unknown): void {
    const settle = this.#settle;
    this.#settle = null;
    for (const worker of this.#workers) void worker.terminate();
    this.#waiting.clear();
    if (error === undefined) settle?.resolve();
    else settle?.reject(error);
  }
}
