import { basename } from 'node:path';
import { UnrecoverableError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { errorMessage } from '../errors.ts';
import { removeTree } from '../files.ts';
import type { Executor, RunResult, RunVerdict, TestCase } from '../run.ts';
import { sendFiles } from './carry-files.ts';
import {
  jobSchema,
  LOCK_MS,
  messagesKey,
  queueName,
  SESSION_SECONDS,
  type SharedJob,
  type SharedMessage,
  type SharedResult,
  type SharedRun,
  STOP_CHANNEL,
  sendable,
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
/** Messages that nobody takes, since the coordinator is gone. */
const FORGOTTEN_SECONDS = 3600;

/** Runs what coordinators hand out, with its own command, until it is told to stop. */
export async function serveQueue(options: QueueWorkerOptions, interrupted: AbortSignal): Promise<void> {
  const { redis, identity, jobs, noted } = options;
  const server = new QueueServer(options);
  const worker = new Worker(queueName(identity), ({ id = '', data }) => server.runJob(id, data), {
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
class QueueServer {
  readonly #options: QueueWorkerOptions;
  readonly #sessions = new Map<string, ServedSession>();
  #runs = 0;

  constructor(options: QueueWorkerOptions) {
    this.#options = options;
  }

  /** Runs a job and sends home what came of it. @throws UnrecoverableError for what is no job, not for us, or of a session that is over */
  async runJob(id: string, data: unknown): Promise<void> {
    const parsed = jobSchema.safeParse(data);
    if (!parsed.success) throw new UnrecoverableError('the payload is no job');
    const job = parsed.data;
    if ((await this.#options.redis.exists(sessionKey(job.session))) === 0) throw new UnrecoverableError('its session is over');
    const problem = this.#problemWith(job);
    if (problem !== null) return this.#tell(job.session, { job: id, results: [], problem });
    const session = this.#sessionOf(job.session);
    const results: SharedResult[] = [];
    for (const run of job.runs) results.push(await this.#run(job.session, session, run));
    await this.#tell(job.session, { job: id, results, problem: null });
  }

  /** Before the job counts as done: a worker that is killed in between has told, and one that is killed before has its job given to another. */
  async #tell(session: string, message: SharedMessage): Promise<void> {
    const key = messagesKey(session);
    await this.#options.redis.rpush(key, JSON.stringify(message));
    await this.#options.redis.expire(key, FORGOTTEN_SECONDS);
  }

  /** Why this worker does not run it; null when it does. */
  #problemWith({ identity, runs }: SharedJob): string | null {
    if (identity !== this.#options.identity) return 'this worker was started for something else and runs nothing but that';
    const unknown = runs.find((run) => this.#testOf(run) === -1);
    return unknown === undefined ? null : `this worker was not started for the test "${unknown.test}"`;
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
    const { verdict, durationMs, cpuMs, cases, leftProcesses, check, setting, directory } = await result;
    session.running.delete(result);
    const told = { number: run.number, verdict, durationMs, cpuMs, cases, leftProcesses, check, setting };
    // The verdict arrives in any case: without its files, and at worst without its reason.
    return (
      sendable({ ...told, files: await this.#send(name, directory) }) ??
      sendable({ ...told, files: null }) ?? { ...told, verdict: plain(verdict), files: null }
    );
  }

  async #send(session: string, directory: string | null): Promise<SharedResult['files']> {
    if (directory === null) return null;
    try {
      return await sendFiles(this.#options.redis, session, directory, this.#options.carryBytesMax);
    } catch (error) {
      this.#options.noted(`the files of ${basename(directory)} could not be sent home: ${errorMessage(error)}`);
      return null;
    } finally {
      removeTree(directory);
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

/** A verdict whose details cannot travel. */
function plain(verdict: RunVerdict): RunVerdict {
  if (verdict.kind === 'failed')
    return { kind: 'failed', reason: { type: 'check', kind: verdict.reason.type, message: 'what it says could not be sent' } };
  if (verdict.kind === 'ignored') return { kind: 'ignored', pattern: '' };
  return verdict.kind === 'lost' ? { kind: 'lost', code: 'WORKER', message: 'why could not be sent' } : verdict;
}
