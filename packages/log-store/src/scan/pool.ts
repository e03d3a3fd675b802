import { Worker } from 'node:worker_threads';
import { type Chunk, chunkOver } from '../columns/chunk.ts';
import { LogStoreError } from '../error.ts';
import { yieldToOthers } from '../io/host.ts';
import type { RangeRequest, ScannedSlot, WorkerReply, WorkerTask } from './messages.ts';
import type { RangeScan } from './range.ts';

/** A few milliseconds of work: so long the calling thread looks at nothing else. */
const RANGE_BYTES = 1 << 21;
/** Ranges that a worker has before it: one to work on and one so that it does not wait. */
const AHEAD = 2;
/** Scanned ranges that wait for the one before them. What a worker is late with, the others go on for so long. */
const WAITING_MAX = 8;
/** Lines of 16 MB are decoded, in a heap that else needs little. */
const WORKER_LIMITS = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 512 };

/** Who scanned a range, for each has names of its own: the number of a worker, or of the calling thread, which comes after them. */
export interface PoolRange {
  readonly scanner: number;
  readonly base: number;
  readonly chunk: Chunk;
}

interface PoolWorker {
  readonly thread: Worker;
  /** The chunks that the worker scans into, by slot. */
  readonly chunks: Chunk[];
}

interface WaitingRange extends PoolRange {
  /** Makes the chunk free for another range. */
  readonly release: () => void;
}

/**
 * Scans a stretch of a file by several threads, of which the calling one is one: it begins while the others start, and never
 * waits while there is something to scan. Ranges are taken in the order of the file and handed over in that order.
 */
export class ScanPool {
  readonly #workers: readonly PoolWorker[];
  readonly #own: RangeScan;
  readonly #ownChunks: Chunk[] = [];
  readonly #from: number;
  readonly #to: number;
  readonly #onRange: (range: PoolRange) => void;
  readonly #waiting = new Map<number, WaitingRange>();
  #nextToScan = 0;
  #nextToHandOver = 0;
  #isClosed = false;
  #error: Error | null = null;
  #wake: () => void = () => undefined;

  /** `own` is what the calling thread scans with. */
  constructor(task: WorkerTask, workers: number, own: RangeScan, from: number, to: number, onRange: (range: PoolRange) => void) {
    this.#own = own;
    this.#from = from;
    this.#to = to;
    this.#onRange = onRange;
    this.#workers = Array.from({ length: workers }, () => ({ thread: startWorker(task), chunks: [] }));
    this.#workers.forEach(({ thread }, number) => {
      thread.on('message', (reply: WorkerReply) => this.#received(number, reply));
      thread.on('error', (error) => this.#fail(error));
    });
  }

  /** Resolves when every range is handed over, or the pool was closed. */
  async run(): Promise<void> {
    try {
      while (!this.#isClosed && this.#nextToHandOver < this.#count) {
        if (this.#nextToScan < this.#count && this.#waiting.size < WAITING_MAX) this.#scanOne();
        else await this.#nextReply();
        await yieldToOthers();
        if (this.#error !== null) throw this.#error;
      }
    } finally {
      this.close();
    }
  }

  /** Stops the threads; what is not handed over yet is not going to be. */
  close(): void {
    this.#isClosed = true;
    for (const { thread } of this.#workers) void thread.terminate();
    this.#waiting.clear();
    this.#wake();
  }

  get #count(): number {
    return Math.ceil((this.#to - this.#from) / RANGE_BYTES);
  }

  #takeRange(): { readonly range: number; readonly from: number; readonly to: number } {
    const range = this.#nextToScan++;
    const from = this.#from + range * RANGE_BYTES;
    return { range, from, to: Math.min(from + RANGE_BYTES, this.#to) };
  }

  #scanOne(): void {
    const { range, from, to } = this.#takeRange();
    const { base, chunk } = this.#own.scan(from, to, this.#ownChunks.pop());
    const release = () => void this.#ownChunks.push(chunk);
    this.#scanned(range, { scanner: this.#workers.length, base, chunk, release });
  }

  #request(worker: number, slot: number): void {
    if (this.#nextToScan >= this.#count) return;
    const request: RangeRequest = { ...this.#takeRange(), slot };
    this.#workers[worker]?.thread.postMessage(request);
  }

  #received(worker: number, reply: WorkerReply): void {
    if (this.#isClosed) return;
    if (reply === 'ready') for (let slot = 0; slot < AHEAD; slot++) this.#request(worker, slot);
    else if ('error' in reply) this.#fail(new LogStoreError('READ_FAILED', reply.error));
    else {
      const chunk = this.#chunkOf(worker, reply);
      const release = () => this.#request(worker, reply.slot);
      this.#scanned(reply.range, { scanner: worker, base: reply.base, chunk, release });
    }
    this.#wake();
  }

  #chunkOf(worker: number, { slot, memory, rows, bytesUsed, newNames, keys, clocks }: ScannedSlot): Chunk {
    const chunks = this.#workers[worker]?.chunks ?? [];
    if (memory !== undefined) chunks[slot] = chunkOver(memory);
    const chunk = chunks[slot];
    if (chunk === undefined) throw new Error(`a worker answers from slot ${slot}, whose memory it has not sent`);
    return Object.assign(chunk, { rows, bytesUsed, newNames, keys, clocks });
  }

  #scanned(range: number, scanned: WaitingRange): void {
    this.#waiting.set(range, scanned);
    for (let next = this.#waiting.get(this.#nextToHandOver); next !== undefined; next = this.#waiting.get(this.#nextToHandOver)) {
      this.#waiting.delete(this.#nextToHandOver++);
      this.#onRange(next);
      next.release();
    }
  }

  #fail(error: Error): void {
    this.#error ??= error;
    this.#wake();
  }

  #nextReply(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}

function startWorker(task: WorkerTask): Worker {
  return new Worker(new URL('./worker.js', import.meta.url), { workerData: task, resourceLimits: WORKER_LIMITS });
}
