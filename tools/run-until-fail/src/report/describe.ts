import { constants } from 'node:os';
import { formatDuration } from '@raftlens/command-line';
import { formatBytes } from '../format.ts';
import type { FailureReason, RunVerdict } from '../run.ts';

/** One line for people: what the run did that makes it a failure. It may hold text of the test: print it through `printable`. */
export function describeFailure(reason: FailureReason): string {
  switch (reason.type) {
    case 'exit':
      return `exit code ${reason.code}${signalOfCode(reason.code)}`;
    case 'signal':
      return `crashed by ${reason.signal}`;
    case 'timeout':
      return `timed out after ${formatDuration(reason.limitMs)}`;
    case 'pattern':
      return `output matches --failure /${reason.pattern}/`;
    case 'noTests':
      return 'executed no test';
    case 'outputLimit':
      return `printed more than ${formatBytes(reason.limitBytes)}`;
    case 'violation':
      return `${reason.rule} (${reason.section}): ${reason.message}${reason.ending === undefined ? '' : `; the run itself: ${describeFailure(reason.ending)}`}`;
    case 'check':
      return `${reason.kind}: ${reason.message}`;
    case 'workerDied':
      return `worker died: ${reason.message}`;
  }
}

export function describeVerdict(verdict: RunVerdict): string {
  switch (verdict.kind) {
    case 'passed':
      return 'passed';
    case 'failed':
      return describeFailure(verdict.reason);
    case 'ignored':
      return `failed, but the output matches --ignore /${verdict.pattern}/`;
    case 'cached':
      return `was not run: the result came from the cache of ${verdict.runner}; ${verdict.advice}`;
    case 'stopped':
      return 'ended by us';
    case 'lost':
      return `could not be run: ${verdict.message}`;
  }
}

/** A shell exits with 128 and the signal's number when its last command was ended by that signal. */
function signalOfCode(code: number): string {
  const name = Object.entries(constants.signals).find(([, number]) => number === code - 128)?.[0];
  return name === undefined ? '' : ` (a shell's way to say ${name})`;
}
