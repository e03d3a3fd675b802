import { rmSync } from 'node:fs';
import { UnrecoverableError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { errorMessage } from '../errors.ts';
import type { Executor, RunResult, TestCase } from '../run.ts';
import { sendFiles } from './carry-files.ts';
import {
  jobSchema,
  LOCK_MS,
  queueName,
  resultsSchema,
  SESSION_SECONDS,
  type SharedJob,
  type SharedResult,
  type SharedRun,
  STOP_CHANNEL,
  sessionKey,
} from './protocol.ts';

export interface QueueWorkerOptions {
  readonly redis: Redis;
  readonly identity: string;
  /** What this worker may run: a job may name these tests, and no others. */
  readonly tests: readonly TestCase[];
  readonly jobs: number;
  /** Of the files of one run. */
  readonly carryBytesMax: number;
  /** One for each session, so that the end of one ends nothing of another. */
  readonly open: () => Executor;
  readonly noted: (text: string) => void;
}

/** So often may workers die under one job before it is given back to the coordinator as lost. */
const STALLS_MAX = 20;
const GOODBYE_MS = 3000;

/** Runs what coordinators hand out, with its own command, until it is told to stop. */
export async function serveQueue(options: QueueWorkerOptions, interrupted: AbortSignal): Promise<void> {
  const { redis, identity, jobs, noted } = options;
  const server = new Server(options);
  const worker = new Worker(queueName(identity), ({ data }) => server.runJob(data), {
    connection: redis,
    concurrency: jobs,
    lockDuration: LOCK_MS,
    stalledInterval: LOCK_MS / 2,
    maxStalledCount: STALLS_MAX,
  });
  worker.on('error', (error) => noted(error.message));
  const stops = redis.duplicate();
  stops.on('error', () => undefined); // It connects again.
  await stops.subscribe(STOP_CHANNEL);
  stops.on('message', (_, session) => void server.endSession(session));
  const sweep = setInterval(() => void server.endForgotten().catch(() => undefined), SESSION_SECONDS * 1000);
  await worker.waitUntilReady();
  noted(`ready for ${jobs} runs at a time`);
  await new Promise<void>((resolve) => interrupted.addEventListener('abort', () => resolve(), { once: true }));
  clearInterval(sweep);
  await server.stop();
  // Where Redis is gone there is nobody to say goodbye to, and BullMQ would wait for it.
  await Promise.race([worker.close(), new Promise((resolve) => setTimeout(resolve, GOODBYE_MS).unref())]);
  stops.disconnect();
}

interface ServedSession {
  readonly executor: Executor;
  readonly running: Set<Promise<RunResult>>;
}

/** The sessions that this worker has runs of. */
class Server {
  readonly #options: QueueWorkerOptions;
  readonly #sessions = new Map<string, ServedSession>();
  #runs = 0;

  constructor(options: QueueWorkerOptions) {
    this.#options = options;
  }

  /** @throws UnrecoverableError for what is no job, not for us, or of a session that is over */
  async runJob(data: unknown): Promise<{ readonly results: readonly SharedResult[] }> {
    const job = this.#allowed(data);
    if ((await this.#options.redis.exists(sessionKey(job.session))) === 0) throw new UnrecoverableError('its session is over');
    const session = this.#sessionOf(job.session);
    const results: SharedResult[] = [];
    for (const run of job.runs) results.push(await this.#run(job.session, session, run));
    return resultsSchema.parse({ results });
  }

  #allowed(data: unknown): SharedJob {
    const parsed = jobSchema.safeParse(data);
    if (!parsed.success) throw new UnrecoverableError('the payload is no job');
    const { identity, runs } = parsed.data;
    if (identity !== this.#options.identity)
      throw new UnrecoverableError('this worker was started for something else and runs nothing but that');
    const unknown = runs.find((run) => this.#testOf(run) === -1);
    if (unknown !== undefined) throw new UnrecoverableError(`this worker was not started for the test "${unknown.test}"`);
    return parsed.data;
  }

  #testOf({ test }: SharedRun): number {
    return this.#options.tests.findIndex(({ name }) => name === test);
  }

  #sessionOf(name: string): ServedSession {
    const known = this.#sessions.get(name);
    if (known !== undefined) return known;
    const session = { executor: this.#options.open(), running: new Set<Promise<RunResult>>() };
    this.#sessions.set(name, session);
    return session;
  }

  async #run(name: string, session: ServedSession, run: SharedRun): Promise<SharedResult> {
    this.#runs += 1; // Coordinators count for themselves; here each run needs a number of its own.
    const result = session.executor.execute({ number: this.#runs, test: this.#testOf(run), index: 0, seed: run.seed });
    session.running.add(result);
    const { verdict, durationMs, cases, leftProcesses, directory } = await result;
    session.running.delete(result);
    return { number: run.number, verdict, durationMs, cases, leftProcesses, files: await this.#send(name, directory) };
  }

  async #send(session: string, directory: string | null): Promise<SharedResult['files']> {
    if (directory === null) return null;
    try {
      return await sendFiles(this.#options.redis, session, directory, this.#options.carryBytesMax);
    } catch (error) {
      this.#options.noted(`${directory} could not be sent home: ${errorMessage(error)}`);
      return null;
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }

  async endSession(name: string): Promise<void> {
    const session = this.#sessions.get(name);
    if (session === undefined) return;
    this.#sessions.delete(name);
    session.executor.stop('gently');
    while (session.running.size > 0) await Promise.allSettled(session.running);
    await session.executor.close();
  }

  /** Sessions whose coordinator was killed. */
  async endForgotten(): Promise<void> {
    for (const name of this.#sessions.keys()) {
      if ((await this.#options.redis.exists(sessionKey(name))) === 0) await this.endSession(name);
    }
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#sessions.keys()].map((name) => this.endSession(name)));
  }
}
