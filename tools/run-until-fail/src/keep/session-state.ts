import type { QueueState } from '../queue/run-queue.ts';
import type { FailureGroup } from '../results/failure-groups.ts';
import type { TestResults } from '../results/results.ts';
import type { LevelCount } from '../results/shake-counts.ts';

/** How far a session was: what `--resume` goes on from. */
export interface SessionState {
  readonly commandLine: readonly string[];
  readonly firstSeed: number;
  readonly elapsedMs: number;
  readonly queue: QueueState;
  readonly tests: readonly TestResults[];
  readonly failures: readonly FailureGroup[];
  readonly shake: readonly LevelCount[] | null;
}
