import type { StopReason } from '../queue/limits.ts';
import type { FailureGroup } from '../results/failure-groups.ts';
import type { TestResults } from '../results/results.ts';
import { EMPTY_TALLY, judged, mergeTallies, type RunTally } from '../results/tally.ts';
import type { Environment } from './environment.ts';

/** Everything that a session found, as `--report` writes it and `merge` reads it. */
export interface Report {
  readonly format: 'run-until-fail/1';
  /** What was run, for people. */
  readonly label: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly elapsedMs: number;
  readonly environment: Environment;
  /** Runs asked for; null when only time, failures or a person end the session. */
  readonly asked: number | null;
  readonly started: number;
  readonly stop: StopReason;
  /** What was wrong with the machine, when that ended it. */
  readonly problem: string | null;
  readonly shard: { readonly position: number; readonly count: number } | null;
  readonly tests: readonly TestResults[];
  readonly failures: readonly FailureGroup[];
  /** What else there is to say, a line each. */
  readonly notes: readonly string[];
  /** The line that runs the first failure again. */
  readonly again: string | null;
}

export function totalOf(report: Pick<Report, 'tests'>): RunTally {
  return report.tests.reduce((sum, { tally }) => mergeTallies(sum, tally), EMPTY_TALLY);
}

export type Outcome = 'passed' | 'failed' | 'nothingRun' | 'cached' | 'machine' | 'interrupted';

/** What the session comes to. Nothing judged is never a pass; an interrupted session says so, whatever it had found by then. */
export function outcomeOf(report: Report): Outcome {
  const total = totalOf(report);
  if (report.stop === 'interrupted') return 'interrupted';
  if (total.failed > 0) return 'failed';
  if (report.stop === 'machine' || (total.lost > 0 && judged(total) === 0)) return 'machine';
  if (report.stop === 'cached' || (total.cached > 0 && judged(total) + total.ignored === 0)) return 'cached';
  return judged(total) + total.ignored === 0 ? 'nothingRun' : 'passed';
}
