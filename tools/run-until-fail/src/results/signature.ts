import type { FailureReason } from '../run.ts';
import { failedTest, hangingPlace, linesOf, tellingLine } from './telling-line.ts';

export const NO_TEST_EXECUTED = 'no test was executed';

/**
 * What failures have in common: the way the run ended, the test that failed where its runner names it, and the line that tells why, with
 * everything masked that differs from run to run. Exit codes alone would put every failure of a `go test` into one heap.
 */
export function signatureOf(reason: FailureReason, output: string): string {
  switch (reason.type) {
    case 'exit':
      return join(`exit ${reason.code}`, whatFailed(output));
    case 'signal':
      return join(reason.signal, whatFailed(output));
    case 'timeout':
      return join('timeout', whereItHung(output));
    case 'pattern':
      return join(`matches /${reason.pattern}/`, whatFailed(output));
    case 'noTests':
      return NO_TEST_EXECUTED;
    case 'outputLimit':
      return 'printed too much';
    case 'violation':
      return `violation: ${reason.rule}`;
    case 'check':
      // The first line says what it was; the ones after it, such as the two sides of a race, differ from run to run.
      return join(reason.kind, maskVolatile(reason.message.split('\n', 1)[0] ?? ''));
    case 'workerDied':
      return join('worker died', maskVolatile(reason.message));
  }
}

function join(how: string, line: string | null): string {
  return line === null ? how : `${how}: ${line}`;
}

const LINE_LENGTH_MAX = 160;
const NAME_LENGTH_MAX = 80;

function whatFailed(output: string): string | null {
  const lines = linesOf(output);
  const text = tellingLine(lines)?.text ?? lines.at(-1)?.trim();
  if (text === undefined) return null;
  const why = maskVolatile(text).slice(0, LINE_LENGTH_MAX);
  const test = failedTest(lines);
  return test === null ? why : `${test.slice(0, NAME_LENGTH_MAX)}: ${why}`;
}

/** Not the last line, which only says how far it had come, nor the abort with which we made it tell. */
function whereItHung(output: string): string | null {
  const lines = linesOf(output).filter((line) => !/Fatal Python error: Aborted|^SIGQUIT: quit/.test(line));
  const text = hangingPlace(lines)?.text ?? tellingLine(lines)?.text;
  return text === undefined ? null : maskVolatile(text).slice(0, LINE_LENGTH_MAX);
}

/** Replaces what differs between runs: dates, clock times, durations, uuids, addresses, temporary paths, numbers. */
export function maskVolatile(line: string): string {
  return line
    .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, 'UUID')
    .replace(/\b0x[0-9a-f]+\b/gi, 'ADDR')
    .replace(/\b\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?/g, 'TIME')
    .replace(/\b\d\d:\d\d:\d\d(\.\d+)?\b/g, 'TIME')
    .replace(/(\/tmp|\/var\/folders)\/[\w./-]+/g, 'PATH')
    .replace(/\b\d+(\.\d+)?\s?(ns|us|µs|ms|s|min)\b/g, 'TIME')
    .replace(/\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{8,}\b/gi, 'HEX')
    .replace(/\d+(\.\d+)?/g, 'N');
}
