import type { ShakeSetting } from '../shake.ts';

/** What all runs of a command have in common. */
export interface LaunchPlan {
  /** The command and its arguments; `{seed}`, `{dir}` and `{test}` in them stand for the run's own. */
  readonly command: readonly string[];
  /** The command is one string for /bin/sh. */
  readonly shell: boolean;
  readonly workingDirectory: string;
  /** The whole environment but RUN_DIR, RUN_SEED and RUN_TEST. */
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number | null;
  /** From the first signal to SIGKILL. */
  readonly killAfterMs: number;
  /** The first signal that a run gets at its timeout; null: those of its processes that can are asked for their stacks, and all get SIGTERM. */
  readonly quitSignal: NodeJS.Signals | null;
  /** Sources of regular expressions over the output: a match is a failure; a failure with a match does not count. */
  readonly failurePatterns: readonly string[];
  readonly ignorePatterns: readonly string[];
  readonly caseCounter: CaseCounter | null;
  /** Folders of passing runs are kept as well. */
  readonly keepPassing: boolean;
  readonly outputMaxBytes: number;
  /** By what a run is shaken; null where none is. */
  readonly shake: ((seed: string) => ShakeSetting) | null;
  /** What a run leaves is held against the rules of Raft. */
  readonly checksLogs: boolean;
}

/** How to count, from what it printed, the test cases that a run executed. */
export interface CaseCounter {
  /** Each line that matches is one case, or as many as the first group that took part says when that is a number. */
  readonly pattern: string;
  /** What it means that no line matches: that no case was executed, which is a failure, or that we do not know this runner's output. */
  readonly absent: 'none' | 'unknown';
  /** The exit code by which the runner itself says that it found no test; null where it has none. */
  readonly exitCodeOfNone: number | null;
}

/** What one run has for itself. */
export interface LaunchOrder {
  readonly directory: string;
  readonly seed: string;
  readonly test: string;
  readonly setting: ShakeSetting | null;
}

/** The name of the variable by which processes that a session left behind are found, and whose value names the session. */
export const SESSION_VARIABLE = 'RUN_UNTIL_FAIL_SESSION';

/** The value of that variable in the processes of one pool of a session. */
export function markOf(session: string, pool: number): string {
  return `${session}+${pool}`;
}

/** Whether the environment is that of a process of the session, whatever its pool. */
export function isOfSession(environment: readonly string[], session: string): boolean {
  const value = `${SESSION_VARIABLE}=${session}`;
  return environment.some((word) => word === value || word.startsWith(`${value}+`));
}
export const OUTPUT_FILE = 'output.log';
/** Above the folder of a run so many are ours as well: the session's, `.running` and the logs folder. */
export const OURS_ABOVE = 3;
