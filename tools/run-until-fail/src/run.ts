import type { ShakeSetting } from './shake.ts';

/** One test that is run again and again. Its name is what `{test}` stands for and what reports call it. */
export interface TestCase {
  readonly name: string;
}

/** One run of one test. */
export interface Run {
  /** The order of starting, from 1, over all tests of the session. */
  readonly number: number;
  /** Which test: its position in the session's list. */
  readonly test: number;
  /** Which run of that test, from 0. The seed follows from it, so that a run has the same seed in every shard and after a resume. */
  readonly index: number;
  /** A seed is text: as a number a large one would lose digits. */
  readonly seed: string;
}

/** Why a run counts as failed. */
export type FailureReason =
  | { readonly type: 'exit'; readonly code: number }
  | { readonly type: 'signal'; readonly signal: string }
  | { readonly type: 'timeout'; readonly limitMs: number }
  | { readonly type: 'pattern'; readonly pattern: string }
  | { readonly type: 'noTests' }
  | { readonly type: 'outputLimit'; readonly limitBytes: number }
  /** The run broke a rule of the protocol: a simulated one, or one whose log was checked. */
  | {
      readonly type: 'violation';
      readonly rule: string;
      readonly section: string;
      readonly message: string;
      /** How the run had failed by itself; absent where it had passed. */
      readonly ending?: FailureReason | undefined;
    }
  /** A seeded test function threw, or a scenario's own check failed. */
  | { readonly type: 'check'; readonly kind: string; readonly message: string }
  /** The worker thread ended under the run. */
  | { readonly type: 'workerDied'; readonly message: string };

/** What became of a run. Only `passed` and `failed` say something about the test. */
export type RunVerdict =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed'; readonly reason: FailureReason }
  /** It failed, and its output matched --ignore. */
  | { readonly kind: 'ignored'; readonly pattern: string }
  /** Nothing was run: the test's runner repeated an old result out of its cache. */
  | { readonly kind: 'cached'; readonly runner: string; readonly advice: string }
  /** We ended it because the session was over or interrupted. It is never a pass. */
  | { readonly kind: 'stopped' }
  /** It could not be run, or its result could not be kept: the machine's or our fault, not the test's. */
  | { readonly kind: 'lost'; readonly code: string; readonly message: string };

/** What --check has made of a run. */
export type RunCheck = { readonly done: true } | { readonly done: false; readonly why: string };

export interface RunResult {
  readonly run: Run;
  readonly verdict: RunVerdict;
  readonly durationMs: number;
  /** Processor time, user and system, of all processes of the run together; null where it cannot be told. */
  readonly cpuMs: number | null;
  /** The folder with what the run left, absolute; null once it has been dropped or when the run has none. */
  readonly directory: string | null;
  /** Why what the run left could not be kept. */
  readonly problem?: string;
  /** How many test cases the run executed, where the preset can tell. */
  readonly cases: number | null;
  /** What it was shaken by (--shake); absent where it was not. */
  readonly setting?: ShakeSetting | undefined;
  /** Whether its log was held against the rules; absent where that was not asked for. */
  readonly check?: RunCheck | undefined;
  /** Processes of its group were still alive when the command itself had ended; they were killed. */
  readonly leftProcesses: boolean;
}

/** A run that an executor has handed on, and who waits for its result. */
export interface WaitingRun {
  readonly run: Run;
  readonly resolve: (result: RunResult) => void;
}

/** What runs a run. */
export interface Executor {
  /** How many runs to give it at once. */
  readonly slots: number;
  /** Never rejects: what goes wrong is a verdict. */
  execute(run: Run): Promise<RunResult>;
  /** Ends all runs under way: asks first, then kills; `now` kills at once. Their promises resolve. */
  stop(how: 'gently' | 'now'): void;
  /** Ends helpers. Call it when no run is under way. */
  close(): Promise<void>;
}
