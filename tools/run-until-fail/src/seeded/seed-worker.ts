import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { errorCode, errorMessage } from '../errors.ts';
import type { FromWorker, SeededTests, SeedOrder, SeedReport, ToWorker, WorkerSetup } from './protocol.ts';

const WORKER = fileURLToPath(import.meta.resolve('./worker.js'));

/** What a worker ended for when it was not asked to. */
export interface WorkerEnd {
  /** The run that it was at; null when it was idle. */
  readonly during: number | null;
  readonly message: string;
  readonly outOfMemory: boolean;
}

export interface WorkerEvents {
  readonly done: (report: SeedReport) => void;
  readonly ended: (end: WorkerEnd) => void;
  /** What the tests print; without it the output is dropped. */
  readonly output?: (chunk: Uint8Array) => void;
}

/** One worker thread. It never writes to our terminal. */
export class SeedWorker {
  readonly #worker: Worker;
  /** Not handed to it yet. */
  #orders: SeedOrder[] = [];
  readonly #current = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  #problem: string | null = null;
  #outOfMemory = false;
  #ending = false;

  constructor(tests: SeededTests, heapMaxMiB: number, events: WorkerEvents) {
    const setup: WorkerSetup = { tests, current: this.#current };
    this.#worker = new Worker(WORKER, {
      workerData: setup,
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: heapMaxMiB },
    });
    for (const stream of [this.#worker.stdout, this.#worker.stderr]) {
      stream.on('data', (chunk: Uint8Array) => events.output?.(chunk));
    }
    this.#worker.on('message', (message: FromWorker) => {
      if (message.type === 'done') message.reports.forEach(events.done);
      if (message.type === 'unusable') {
        this.#problem = message.message;
        void this.#worker.terminate();
      }
    });
    this.#worker.on('error', (error) => {
      this.#problem = errorMessage(error);
      this.#outOfMemory = errorCode(error) === 'ERR_WORKER_OUT_OF_MEMORY';
    });
    this.#worker.once('exit', (code) => {
      if (!this.#ending)
        events.ended({ during: this.current, message: this.#problem ?? `it called process.exit(${code})`, outOfMemory: this.#outOfMemory });
    });
  }

  run(order: SeedOrder): void {
    if (this.#orders.push(order) === 1) setImmediate(() => this.#hand());
  }

  #hand(): void {
    const orders: ToWorker = this.#orders;
    this.#orders = [];
    this.#worker.postMessage(orders);
  }

  /** The number of the run under way. */
  get current(): number | null {
    const number = Atomics.load(this.#current, 0);
    return number === 0 ? null : number;
  }

  /** Ends it at once, in the middle of whatever it does; no event follows. */
  async end(): Promise<void> {
    this.#ending = true;
    await this.#worker.terminate();
  }
}
