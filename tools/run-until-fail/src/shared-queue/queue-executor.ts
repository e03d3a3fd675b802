import { randomBytes } from 'node:crypto';
import { formatDuration } from '@raftlens/command-line';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { errorMessage } from '../errors.ts';
import { plural } from '../format.ts';
import type { Executor, Run, RunResult, RunVerdict, WaitingRun } from '../run.ts';
import { fetchFiles } from './carry-files.ts';
import {
  messageSchema,
  messagesKey,
  queueName,
  SESSION_SECONDS,
  type SharedJob,
  type SharedResult,
  STOP_CHANNEL,
  sessionKey,
} from './protocol.ts';

/** Jobs that are handed out ahead at first; more when there are so many workers that they take all of them. */
const AHEAD_MIN = 64;
const AHEAD_MAX = 1024;
/** Short runs travel together, so that a job is worth its way: about this long a job. */
const JOB_MS = 200;
const RUNS_PER_JOB_MAX = 256;
const LOOK_MS = 1000;
/** Without a worker for so long, a person should know. */
const LONELY_MS = 3000;
/** A job that Redis has not known for so many looks, and whose result has not come home: Redis has lost its memory. */
const UNKNOWN_LOOKS = 5;
/** So long one wait for messages takes at most. */
const LISTEN_SECONDS = 5;

export interface QueueExecutorOptions {
  /** It stays the caller's. */
  readonly redis: Redis;
  readonly identity: string;
  readonly nameOf: (test: number) => string;
  readonly directoryOf: (run: Run) => string;
  readonly noted: (text: string) => void;
}

/**
 * The coordinator's side: hands runs to workers on any machine through Redis. A run is settled once, by the first result that comes home;
 * one whose worker is killed is handed out again by BullMQ when its lock expires, so that none is lost and none counted twice.
 */
export class QueueExecutor implements Executor {
  readonly #options: QueueExecutorOptions;
  readonly #session = randomBytes(8).toString('hex');
  readonly #queue: Queue;
  /** A connection of its own: it waits most of the time. */
  readonly #inbox: Redis;
  readonly #listening: Promise<void>;
  #closed = false;
  #sawNoise = false;
  /** Runs that are not yet in a job. */
  #gathered: WaitingRun[] = [];
  readonly #jobs = new Map<string, Map<number, WaitingRun>>();
  readonly #look: NodeJS.Timeout;
  readonly #openedMs = performance.now();
  #jobCount = 0;
  #ahead = AHEAD_MIN;
  #meanMs = JOB_MS;
  #lonely = false;
  #unknownLooks = 0;
  #stopped: Promise<unknown> | null = null;

  constructor(options: QueueExecutorOptions) {
    this.#options = options;
    const name = queueName(options.identity);
    this.#queue = new Queue(name, { connection: options.redis });
    // A connection that is lost is made again.
    this.#queue.on('error', () => undefined);
    this.#inbox = options.redis.duplicate();
    this.#inbox.on('error', () => undefined);
    this.#listening = this.#listen();
    this.#look = setInterval(() => void this.#lookAround().catch(() => undefined), LOOK_MS);
  }

  get slots(): number {
    return this.#ahead * this.#runsPerJob;
  }

  get #runsPerJob(): number {
    return Math.min(RUNS_PER_JOB_MAX, Math.max(1, Math.round(JOB_MS / Math.max(this.#meanMs, 0.01))));
  }

  execute(run: Run): Promise<RunResult> {
    return new Promise((resolve) => {
      if (this.#stopped !== null) return resolve(withoutResult(run, { kind: 'stopped' }));
      if (this.#gathered.length === 0) setImmediate(() => void this.#handOut());
      this.#gathered.push({ run, resolve });
    });
  }

  /** There is nothing to be gentle about: the workers end what they have, each in its own way. */
  stop(): void {
    if (this.#stopped !== null) return;
    const ids = [...this.#jobs.keys()];
    this.#stopped = this.#endSession(ids).catch(() => undefined);
    for (const { run, resolve } of this.#gathered) resolve(withoutResult(run, { kind: 'stopped' }));
    this.#gathered = [];
    for (const id of ids) this.#settleJob(id, { kind: 'stopped' });
  }

  async close(): Promise<void> {
    clearInterval(this.#look);
    this.stop();
    await this.#stopped;
    this.#closed = true;
    this.#inbox.disconnect();
    await this.#listening;
    // BullMQ leaves a connection that it was given to whom it belongs.
    await this.#queue.close();
  }

  /** Ends this session, and no other: takes back what no worker has begun, and tells the workers to end what they have. */
  async #endSession(ids: readonly string[]): Promise<void> {
    const { redis } = this.#options;
    await redis.del(sessionKey(this.#session), messagesKey(this.#session));
    await redis.publish(STOP_CHANNEL, this.#session);
    await Promise.allSettled(ids.map((id) => this.#queue.remove(id))); // What a worker has begun cannot be taken back.
  }

  async #handOut(): Promise<void> {
    const gathered = this.#gathered;
    this.#gathered = [];
    const size = this.#runsPerJob;
    const jobs = Array.from({ length: Math.ceil(gathered.length / size) }, (_, at) =>
      this.#newJob(gathered.slice(at * size, (at + 1) * size)),
    );
    try {
      // Else a worker could take the session for one that is over.
      if (this.#stopped === null) await this.#sayAlive();
      if (this.#stopped === null) await this.#queue.addBulk(jobs);
    } catch (error) {
      for (const { opts } of jobs) this.#settleJob(opts.jobId, { kind: 'lost', code: 'REDIS', message: errorMessage(error) });
    }
  }

  #newJob(runs: readonly WaitingRun[]) {
    this.#jobCount += 1;
    const jobId = `${this.#session}-${this.#jobCount}`;
    this.#jobs.set(jobId, new Map(runs.map((waiting) => [waiting.run.number, waiting])));
    const data: SharedJob = {
      session: this.#session,
      identity: this.#options.identity,
      runs: runs.map(({ run }) => ({ number: run.number, test: this.#options.nameOf(run.test), seed: run.seed })),
    };
    return { name: 'runs', data, opts: { jobId, removeOnComplete: true, removeOnFail: true } };
  }

  /** Takes what workers send until we close. Whoever can write to that Redis can send anything: what is no message is left aside, and the rest is heard. */
  async #listen(): Promise<void> {
    while (!this.#closed) {
      try {
        const popped = await this.#inbox.blpop(messagesKey(this.#session), LISTEN_SECONDS);
        if (popped !== null) void this.#arrived(popped[1]);
      } catch {
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS)); // It was closed, or the list is none: then until it is one again.
        if (!this.#closed) await this.#options.redis.del(messagesKey(this.#session)).catch(() => undefined);
      }
    }
  }

  async #arrived(text: string): Promise<void> {
    const parsed = messageSchema.safeParse(parseJson(text));
    if (!parsed.success) {
      if (!this.#sawNoise) this.#options.noted('something arrived that is no result; it is left aside');
      this.#sawNoise = true;
      return;
    }
    const { job: id, results, problem } = parsed.data;
    const job = this.#jobs.get(id);
    if (job === undefined) return;
    this.#jobs.delete(id);
    for (const result of results) {
      const waiting = job.get(result.number);
      if (waiting === undefined) continue;
      job.delete(result.number);
      this.#meanMs += (result.durationMs - this.#meanMs) / 16;
      waiting.resolve(await this.#settled(waiting.run, result));
    }
    settle(job, { kind: 'lost', code: 'NO_RESULT', message: problem ?? 'a worker sent no result of it' });
  }

  async #settled(run: Run, { files, number: _, ...told }: SharedResult): Promise<RunResult> {
    if (files === null) return { run, ...told, directory: null };
    const directory = this.#options.directoryOf(run);
    try {
      const { cut, leftOut, stayed } = await fetchFiles(this.#options.redis, this.#session, files, directory);
      const of = `of run ${run.number} (seed ${run.seed})`;
      if (cut.length > 0) this.#options.noted(`${of} only the end of ${listed(cut)} came home: see --carry`);
      if (leftOut.length > 0) this.#options.noted(`${of} ${plural(leftOut.length, 'file')} did not come home: ${listed(leftOut)}`);
      if (stayed > 0) this.#options.noted(`${of} ${plural(stayed, 'file')} stayed with the worker: links, pipes, or too many`);
    } catch (error) {
      this.#options.noted(`the files of run ${run.number} (seed ${run.seed}) did not come home: ${errorMessage(error)}`);
    }
    return { run, ...told, directory };
  }

  #settleJob(id: string, verdict: RunVerdict): void {
    const job = this.#jobs.get(id);
    this.#jobs.delete(id);
    if (job !== undefined) settle(job, verdict);
  }

  /** After a restart without its memory Redis knows no job any more, and no result would ever come. */
  async #lookForOldest(): Promise<void> {
    const [oldest] = this.#jobs.keys();
    const unknown = oldest !== undefined && (await this.#queue.getJobState(oldest)) === 'unknown' && this.#jobs.has(oldest);
    this.#unknownLooks = unknown ? this.#unknownLooks + 1 : 0;
    if (unknown && this.#unknownLooks >= UNKNOWN_LOOKS)
      this.#settleJob(oldest, { kind: 'lost', code: 'FORGOTTEN', message: 'Redis has lost it' });
  }

  async #sayAlive(): Promise<void> {
    await this.#options.redis.set(sessionKey(this.#session), '1', 'EX', SESSION_SECONDS);
  }

  async #lookAround(): Promise<void> {
    if (this.#stopped !== null) return;
    await this.#sayAlive();
    await this.#lookForOldest();
    const { active = 0, waiting = 0 } = await this.#queue.getJobCounts('active', 'waiting');
    if (active > waiting) this.#ahead = Math.min(AHEAD_MAX, this.#ahead * 2);
    const workers = await this.#queue.getWorkersCount();
    const lonely = workers === 0 && performance.now() - this.#openedMs > LONELY_MS;
    if (lonely && !this.#lonely)
      this.#options.noted(`no worker has been there for ${formatDuration(LONELY_MS)}: start some with this same command line and --worker`);
    this.#lonely = lonely;
  }
}

const LISTED_MAX = 5;

function listed(names: readonly string[]): string {
  const rest = names.length - LISTED_MAX;
  return [...names.slice(0, LISTED_MAX), ...(rest > 0 ? [`and ${rest} more`] : [])].join(', ');
}

function settle(job: ReadonlyMap<number, WaitingRun>, verdict: RunVerdict): void {
  for (const { run, resolve } of job.values()) resolve(withoutResult(run, verdict));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

function withoutResult(run: Run, verdict: RunVerdict): RunResult {
  return { run, verdict, durationMs: 0, cpuMs: null, directory: null, cases: null, leftProcesses: false };
}
