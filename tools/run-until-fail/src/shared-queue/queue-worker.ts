import { rmSync } from 'node:fs';
import { UnrecoverableError, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { LauncherPool, type PoolOptions } from '../execute/launcher-pool.ts';
import { packFiles } from './carry-files.ts';
import { jobSchema, LOCK_MS, QUEUE_NAME, resultSchema, type SharedJob, type SharedResult, STOP_CHANNEL } from './protocol.ts';

export interface QueueWorkerOptions {
  readonly url: string;
  readonly command: string;
  readonly jobs: number;
  readonly plan: PoolOptions['plan'];
  readonly directoryOf: PoolOptions['directoryOf'];
  readonly noted: (text: string) => void;
}

/** So often may workers die under one run before it is given back to the coordinator as lost. */
const STALLS_MAX = 20;

const GOODBYE_MS = 3000;

/** Runs what coordinators hand out, with its own command, until it is told to stop. */
export async function serveQueue(options: QueueWorkerOptions, interrupted: AbortSignal): Promise<void> {
  const names = new Map<number, string>();
  const { plan, jobs, directoryOf } = options;
  const pool = new LauncherPool({ plan, jobs, nameOf: (test) => names.get(test) ?? '', directoryOf });
  let number = 0;

  const run = async (job: SharedJob): Promise<SharedResult> => {
    number += 1;
    const own = number; // Coordinators count for themselves; here each run needs a number of its own.
    names.set(own, job.test);
    const { verdict, durationMs, cases, leftProcesses, directory } = await pool.execute({
      number: own,
      test: own,
      index: 0,
      seed: job.seed,
    });
    names.delete(own);
    const files = directory === null ? [] : packFiles(directory);
    if (directory !== null) rmSync(directory, { recursive: true, force: true });
    return { number: job.number, verdict: resultSchema.shape.verdict.parse(verdict), durationMs, cases, leftProcesses, files };
  };

  const redis = new Redis(options.url, { maxRetriesPerRequest: null });
  const worker = new Worker(QUEUE_NAME, async ({ data }) => run(allowed(data, options.command)), {
    connection: redis,
    concurrency: options.jobs,
    lockDuration: LOCK_MS,
    stalledInterval: LOCK_MS / 2,
    maxStalledCount: STALLS_MAX,
  });
  worker.on('error', (error) => options.noted(error.message));
  const stops = redis.duplicate();
  await stops.subscribe(STOP_CHANNEL);
  stops.on('message', () => {
    pool.stop('gently');
    pool.resume();
  });
  await worker.waitUntilReady();
  options.noted(`ready for ${options.jobs} runs at a time`);
  await new Promise<void>((resolve) => interrupted.addEventListener('abort', () => resolve(), { once: true }));
  pool.stop('gently');
  // Where Redis is gone there is nobody to say goodbye to, and BullMQ would wait for it.
  await Promise.race([worker.close(), new Promise((resolve) => setTimeout(resolve, GOODBYE_MS).unref())]);
  await pool.close();
  stops.disconnect();
  redis.disconnect();
}

/** @throws UnrecoverableError for a payload that is none, or for another command than ours */
function allowed(data: unknown, command: string): SharedJob {
  const parsed = jobSchema.safeParse(data);
  if (!parsed.success) throw new UnrecoverableError('the payload is no run');
  if (parsed.data.command !== command) throw new UnrecoverableError('this worker was started for another command and runs no other');
  return parsed.data;
}
