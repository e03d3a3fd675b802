import type { HookSettings } from '../keep/failure-hook.ts';

/** What every kind of session is told: how much to run, when to stop, what to keep, how to report. */
export interface SessionSettings {
  readonly runs: number | null;
  readonly timeMs: number | null;
  readonly failures: number | null;
  /** `failures` counts for each test: one that has failed so often is not run any more, and the others are. */
  readonly each: boolean;
  readonly jobs: number;
  readonly timeoutMs: number | null;
  readonly shard: { readonly position: number; readonly count: number };
  readonly logs: string;
  readonly keepPassing: boolean;
  readonly onFailure: HookSettings | null;
  readonly bounds: { readonly runsMax: number; readonly bytesMax: number };
  readonly json: boolean;
  readonly junitFile: string | null;
  readonly reportFile: string | null;
  readonly github: boolean;
  /** GITHUB_STEP_SUMMARY: GitHub Actions shows what is written to it on the page of the job. */
  readonly stepSummaryFile: string | null;
  readonly bisect: boolean;
  readonly resume: boolean;
  readonly watch: boolean;
  readonly open: boolean;
  /** The URL of a Redis through which runs are shared. */
  readonly queue: string | null;
  /** Run what others hand out there. */
  readonly worker: boolean;
  /** Of the files of a failing run that a worker sends home. */
  readonly carryBytesMax: number;
}
