import { Queue, QueueEvents } from 'bullmq';
import { Redis } from 'ioredis';
import type { Executor, Run, RunResult, Verdict } from '../run.ts';
import { unpackFiles } from './carry-files.ts';
import { QUEUE_NAME, resultSchema, type SharedJob, STOP_CHANNEL } from './protocol.ts';

/** Runs that are handed out ahead: workers come and go, so that their number is not known. */
const AHEAD = 64;

export interface QueueExecutorOptions {
  readonly url: string;
  readonly session: string;
  readonly command: string;
  readonly nameOf: (test: number) => string;
  readonly directoryOf: (run: Run) => string;
}

/**
 * The coordinator's side: hands runs to workers on any machine through Redis. A run is settled once, by the first result that comes home;
 * one whose worker is killed is handed out again by BullMQ when its lock expires, so that none is lost and none counted twice.
 */
export class QueueExecutor implements Executor {
  readonly slots = AHEAD;
  readonly #options: QueueExecutorOptions;
  readonly #redis: Redis;
  readonly #eventsRedis: Redis;
  readonly #queue: Queue;
  readonly #events: QueueEvents;
  readonly #waiting = new Map<string, { readonly run: Run; readonly resolve: (result: RunResult) => void }>();
  #stopped = false;

  constructor(options: QueueExecutorOptions) {
    this.#options = options;
    this.#redis = new Redis(options.url, { maxRetriesPerRequest: null });
    this.#queue = new Queue(QUEUE_NAME, { connection: this.#redis });
    this.#eventsRedis = this.#redis.duplicate();
    this.#events = new QueueEvents(QUEUE_NAME, { connection: this.#eventsRedis });
    this.#events.on('completed', ({ jobId, returnvalue }) => this.#completed(jobId, returnvalue));
    this.#events.on('failed', ({ jobId, failedReason }) =>
      this.#settle(jobId, { kind: 'lost', code: 'WORKER_FAILED', message: failedReason }),
    );
  }

  async execute(run: Run): Promise<RunResult> {
    // Else a result could come home before anybody listens.
    await this.#events.waitUntilReady();
    const { session, command, nameOf } = this.#options;
    const job: SharedJob = { session, command, number: run.number, test: nameOf(run.test), seed: run.seed };
    const id = `${session}-${run.number}`;
    return new Promise((resolve) => {
      if (this.#stopped) return resolve(resultOf(run, { kind: 'stopped' }));
      this.#waiting.set(id, { run, resolve });
      this.#queue.add('run', job, { jobId: id, removeOnComplete: true, removeOnFail: true }).catch((error: unknown) => {
        this.#settle(id, { kind: 'lost', code: 'REDIS', message: String(error) });
      });
    });
  }

  stop(): void {
    this.#stopped = true;
    const ids = [...this.#waiting.keys()];
    for (const id of ids) this.#settle(id, { kind: 'stopped' });
  }

  /** Takes back what no worker has begun, and tells the workers to end what they have. */
  async close(): Promise<void> {
    await this.#queue.drain();
    await this.#redis.publish(STOP_CHANNEL, this.#options.session);
    await this.#events.close();
    await this.#queue.close();
    // BullMQ leaves connections that it was given to whom they belong.
    this.#eventsRedis.disconnect();
    this.#redis.disconnect();
  }

  #completed(id: string, value: unknown): void {
    const parsed = resultSchema.safeParse(typeof value === 'string' ? JSON.parse(value) : value);
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    if (!parsed.success) return this.#settle(id, { kind: 'lost', code: 'BAD_RESULT', message: 'a worker sent what is no result' });
    this.#waiting.delete(id);
    const { verdict, durationMs, cases, leftProcesses, files } = parsed.data;
    const directory = files.length === 0 ? null : this.#options.directoryOf(waiting.run);
    if (directory !== null) unpackFiles(directory, files);
    waiting.resolve({ run: waiting.run, verdict, durationMs, directory, cases, leftProcesses });
  }

  #settle(id: string, verdict: Verdict): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    waiting?.resolve(resultOf(waiting.run, verdict));
  }
}

function resultOf(run: Run, verdict: Verdict): RunResult {
  return { run, verdict, durationMs: 0, directory: null, cases: null, leftProcesses: false };
}
