import { stripVTControlCharacters } from 'node:util';
import type { FailureReason } from '../run.ts';

/** Lines that tell why a test failed, in the order of how well they tell it. The first line that matches the first pattern wins. */
const TELLING: readonly RegExp[] = [
  /WARNING: DATA RACE|ThreadSanitizer:|AddressSanitizer:/,
  /^panic: |^fatal error: |thread '.*' panicked at|Assertion .*failed/,
  /^E\s{2,}\S|AssertionError|\bassert(ion)?\b.*\bfail/i,
  /^\s*\w*(Error|Exception)\b(\s\[\w+\])?:/,
  /^\s+\w[\w./-]*\.(go|rs|py|js|ts|c|cc|cpp|java):\d+:/,
  /\b(error|fatal|expected|mismatch|violat\w+|deadlock|timed? ?out)\b/i,
  /^\s*(--- FAIL|not ok\b|FAIL\b|✖|✗)/,
];

/**
 * What failures have in common: the way the run ended and the line that tells why, with everything masked that differs from run to run.
 * Exit codes alone would put every failure of a `go test` into one heap.
 */
export function signatureOf(reason: FailureReason, output: string): string {
  switch (reason.type) {
    case 'exit':
      return join(`exit ${reason.code}`, tellingLine(output));
    case 'signal':
      return join(reason.signal, tellingLine(output));
    case 'timeout':
      return join('timeout', tellingLine(output));
    case 'pattern':
      return join(`matches /${reason.pattern}/`, tellingLine(output));
    case 'noTests':
      return 'no test was executed';
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

function tellingLine(output: string): string | null {
  const lines = stripControls(output)
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line.trim() !== '');
  for (const pattern of TELLING) {
    const line = lines.find((candidate) => pattern.test(candidate));
    if (line !== undefined) return maskVolatile(line.trim()).slice(0, LINE_LENGTH_MAX);
  }
  const last = lines.at(-1);
  return last === undefined ? null : maskVolatile(last.trim()).slice(0, LINE_LENGTH_MAX);
}

/** Terminal escapes and other control characters are noise that would keep equal lines apart. */
function stripControls(text: string): string {
  return stripVTControlCharacters(text).replace(/(?![\n\t])\p{Cc}/gu, '');
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
