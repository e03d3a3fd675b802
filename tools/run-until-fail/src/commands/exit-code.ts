import { ExitCode } from '@raftlens/command-line';
import type { Outcome } from '../report/report.ts';

/** @param bisect with --bisect, a commit on which nothing could be tested is neither good nor bad */
export function exitCodeOf(outcome: Outcome, bisect: boolean): ExitCode {
  switch (outcome) {
    case 'passed':
      return ExitCode.ok;
    case 'failed':
      return ExitCode.failed;
    case 'nothingRun':
      return bisect ? ExitCode.internal : ExitCode.failed;
    case 'machine':
      return ExitCode.internal;
    case 'interrupted':
      return ExitCode.interrupted;
  }
}

/** `git bisect run` takes 125 for "cannot be tested" and ends at anything above 127; a wrong command line must end it, not mark commits bad. */
export function bisectExitCode(exitCode: ExitCode): number {
  if (exitCode === ExitCode.internal) return 125;
  return exitCode === ExitCode.usage ? 128 : exitCode;
}
