import type { StopReason } from '../queue/limits.ts';
import type { FailureGroup } from '../results/failure-groups.ts';
import type { TestResults } from '../results/results.ts';
import type { LevelCount } from '../results/shake-counts.ts';
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
  /** Runs by each value of what they were shaken by; null where none was. */
  readonly shake: readonly LevelCount[] | null;
  /** What else there is to say, a line each. */
  readonly notes: readonly string[];
  /** The line that runs the first failure again. */
  readonly again: string | null;
}

export function totalOf(report: Pick<Report, 'tests'>): RunTally {
  return report.tests.reduce((sum, { tally }) => mergeTallies(sum, tally), EMPTY_TALLY);
}

export type Outcome = 'passed' | 'failed' | 'nothingRun' | 'nothingChecked' | 'cached' | 'machine' | 'interrupted';

/** What the session comes to. Nothing judged is never a pass; an interrupted session says so, whatever it had found by then. */
export function outcomeOf(report: Report): Outcome {
  const total = totalOf(report);
  if (report.stop === 'interrupted') return 'interrupted';
  if (total.failed > 0) return 'failed';
  if (report.stop === 'machine' || (total.lost > 0 && judged(total) === 0)) return 'machine';
  if (report.stop === 'cached' || (total.cached > 0 && judged(total) + total.ignored === 0)) return 'cached';
  if (judged(total) + total.ignored === 0) return 'nothingRun';
  // A check that had nothing to look at must not pass for one that found nothing wrong.
  return total.unchecked > 0 && total.checked === 0 ? 'nothingChecked' : 'passed';
}
