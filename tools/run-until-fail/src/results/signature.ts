import type { FailureReason } from '../run.ts';
import { failedTest, hangingPlace, linesOf, tellingLine } from './telling-line.ts';

export const NO_TEST_EXECUTED = 'no test was executed';

/**
 * What failures have in common: the way the run ended, the test that failed where its runner names it, and the line that tells why, with
 * everything masked that differs from run to run. Exit codes alone would put every failure of a `go test` into one heap.
 *
 * @param hang what the stacks of a run that hung say of the cause
 */
export function signatureOf(reason: FailureReason, output: string, hang: string | null = null): string {
  const signature = withoutHang(reason, output);
  return hang === null ? signature : `${signature}; ${masked(hang)}`;
}

function withoutHang(reason: FailureReason, output: string): string {
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
      return join(reason.kind, masked(reason.message.split('\n', 1)[0] ?? ''));
    case 'workerDied':
      return join('worker died', masked(reason.message));
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
  const why = masked(text);
  const test = failedTest(lines);
  return test === null ? why : `${test.slice(0, NAME_LENGTH_MAX)}: ${why}`;
}

/** Not the last line, which only says how far it had come, nor the abort with which we made it tell. */
function whereItHung(output: string): string | null {
  const lines = linesOf(output).filter((line) => !/Fatal Python error: Aborted|^SIGQUIT: quit/.test(line));
  const text = hangingPlace(lines)?.text ?? tellingLine(lines)?.text;
  return text === undefined ? null : masked(text);
}

/** What is longer is cut before it is masked, so that no line takes long. */
const MASKED_MAX = 2000;

function masked(text: string): string {
  return maskVolatile(text.slice(0, MASKED_MAX)).slice(0, LINE_LENGTH_MAX);
}

/**
 * Replaces what differs between runs: dates, clock times, durations, uuids, addresses, ports, temporary paths, numbers. What names a thing stays: the
 * digits of an identifier (`raft3b`, `log4j`, `InstallSnapshotV2`), and the number of a rule, a figure or a section.
 */
export function maskVolatile(line: string): string {
  return line
    .replace(/\s+/g, ' ')
    .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, 'UUID')
    .replace(/\b0x[0-9a-f]+\b/gi, 'ADDR')
    .replace(/@[0-9a-f]{5,16}\b/gi, '@ADDR')
    .replace(/\b\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?/g, 'TIME')
    .replace(/\b\d\d:\d\d:\d\d(\.\d+)?\b/g, 'TIME')
    .replace(/(\/tmp|\/var\/folders|\/private\/tmp)\/[\w./-]+/g, 'PATH')
    .replace(/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g, 'ADDR')
    .replace(/\b\d+(\.\d+)?\s?(ns|us|µs|ms|s|min)\b/g, 'TIME')
    .replace(HEX, (word) => (/\d/.test(word) && /[a-f]/i.test(word) ? 'HEX' : word))
    .replace(NUMBER, (_, named: string | undefined) => (named === undefined ? 'N' : maskName(named)));
}

/** A name keeps its digits, but for a letter with a number behind it (S1 and S2 are servers of one cluster) and for numbers that a run makes up. */
function maskName(name: string): string {
  return /^[A-Za-z]\d+$/.test(name) ? `${name.charAt(0)}N` : name.replace(/\d{4,}/g, 'N');
}

const HEX = /\b[0-9a-f]{8,}\b/gi;
/** A number that stands alone; its first group took part where it names something: behind a word that is counted like that, or as a part of a name. */
const NUMBER = /(\b(?:rule|figure|section|part|step) \d+(?:\.\d+)*|[A-Za-z_]\w*)|\d+(?:\.\d+)?/gi;
