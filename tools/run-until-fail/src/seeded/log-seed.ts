import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { OUTPUT_FILE } from '../execute/launch-plan.ts';
import type { FailureReason, Run } from '../run.ts';
import type { SeededTests, SeedReport } from './protocol.ts';
import { SeedWorker } from './seed-worker.ts';

/** What came of running a seed once more with everything logged. */
export interface LoggedSeed {
  readonly info: Readonly<Record<string, unknown>>;
  /** It failed this time: where that is not so as before, the test is no function of its seed. */
  readonly failed: boolean;
}

/** Runs one seed in a worker of its own, with its events and its output written into the folder. */
export async function logSeed(
  tests: SeededTests,
  run: Run,
  folder: string,
  limits: { timeoutMs: number; heapMaxMiB: number },
): Promise<LoggedSeed> {
  await mkdir(folder, { recursive: true });
  const output = tests.kind === 'module' ? createWriteStream(join(folder, OUTPUT_FILE)) : null;
  // A full disk, say: the run has failed all the same, and is kept without it.
  output?.on('error', () => undefined);
  let timer: NodeJS.Timeout | undefined;
  let worker: SeedWorker | undefined;
  try {
    const { reason, info } = await new Promise<Pick<SeedReport, 'reason' | 'info'>>((resolve) => {
      const gaveUp = (died: FailureReason): void => resolve({ reason: died, info: {} });
      worker = new SeedWorker(tests, limits.heapMaxMiB, {
        done: resolve,
        ended: ({ message }) => gaveUp({ type: 'workerDied', message }),
        ...(output === null ? {} : { output: (chunk) => output.write(chunk) }),
      });
      timer = setTimeout(() => gaveUp({ type: 'timeout', limitMs: limits.timeoutMs }), limits.timeoutMs);
      worker.run({ number: 1, test: run.test, seed: run.seed, logTo: folder });
    });
    return { info, failed: reason !== null };
  } finally {
    clearTimeout(timer);
    await worker?.end();
    if (output !== null) {
      output.end();
      await finished(output).catch(() => undefined);
    }
  }
}
