import { ExitCode } from '@raftlens/command-line';
import { outcomeOf, type Report } from '../report/report.ts';
import { NO_TEST_EXECUTED } from '../results/signature.ts';

/** @param bisect with --bisect, a commit on which nothing could be tested, or that has no such test, is neither good nor bad */
export function exitCodeOf(report: Report, bisect: boolean): ExitCode {
  const outcome = outcomeOf(report);
  if (bisect && outcome === 'failed' && report.failures.every(({ signature }) => signature === NO_TEST_EXECUTED)) return ExitCode.internal;
  switch (outcome) {
    case 'passed':
      return ExitCode.ok;
    case 'failed':
      return ExitCode.failed;
    case 'nothingRun':
    case 'nothingChecked':
    case 'cached':
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
