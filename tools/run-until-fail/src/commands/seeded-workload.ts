import type { Completed } from '../keep/run-keeper.ts';
import type { Run, RunResult, TestCase } from '../run.ts';
import { logSeed } from '../seeded/log-seed.ts';
import type { SeededTests } from '../seeded/protocol.ts';
import { WorkerPool } from '../seeded/worker-pool.ts';
import type { SessionSettings } from '../session/settings.ts';
import type { Workload } from '../session/workload.ts';
import { Turns } from '../turns.ts';
import { packageVersion } from '../version.ts';
import type { SeedRange } from './seed-range.ts';

/** Without --timeout a seed is given up after this long: one that loops for ever would otherwise never be told apart from a slow one. */
const TIMEOUT_MS = 120_000;

export interface SeededWork {
  readonly label: string;
  readonly tests: SeededTests;
  readonly cases: readonly TestCase[];
  readonly seeds: SeedRange;
  readonly heapMaxMiB: number;
  /** See Workload.identity. */
  readonly identity: readonly unknown[];
  /** The words that run this test with this seed alone. */
  readonly againOf: (test: string, seed: string) => readonly string[];
}

/** Runs of seeded tests, in worker threads; silent until one fails, which is then run once more with everything logged. */
export function seededWorkload(work: SeededWork, settings: SessionSettings): Workload {
  const limits = { timeoutMs: settings.timeoutMs ?? TIMEOUT_MS, heapMaxMiB: work.heapMaxMiB };
  // Each takes a worker thread of its own.
  const logging = new Turns(settings.jobs);
  const nameOf = (test: number): string => work.cases[test]?.name ?? '';
  return {
    label: work.label,
    tests: work.cases,
    firstSeed: work.seeds.first,
    runsPerTest: work.seeds.count ?? settings.runs,
    ordered: true,
    version: null,
    directory: process.cwd(),
    identity: work.identity,
    details: (folder, noted) => ({
      nameOf,
      againOf: (run: Run) => work.againOf(nameOf(run.test), run.seed),
      shared: { options: { cwd: process.cwd() }, versions: { 'run-until-fail': packageVersion(), node: process.version } },
      complete: ({ run, verdict }: RunResult): Promise<Completed> =>
        logging.run(async () => {
          const directory = folder.directoryOf(run);
          const { info, failed } = await logSeed(work.tests, run, directory, limits);
          const failedBefore = verdict.kind === 'failed';
          if (failed !== failedBefore)
            noted(`${nameOf(run.test)} seed ${run.seed} ${changed(failedBefore)}: it is not a function of its seed`);
          return { folder: directory, info: { ...info, ...(failedBefore ? { failedAgain: failed } : {}) } };
        }),
    }),
    open: (_, noted) => new WorkerPool({ tests: work.tests, workers: settings.jobs, noted, ...limits }),
  };
}

function changed(failedBefore: boolean): string {
  return failedBefore ? 'failed and did not fail again when it was logged' : 'passed and failed when it was logged';
}
