import { unwrapped } from '@raftlens/log-store';

/** Where a test begins or ends, as the runners of tests print it. A part of a test (`TestX/part`) begins no other one. */
const BEGINS: readonly RegExp[] = [
  // The labs
  /^Test(?: \(\w{1,20}\))?: .*\.\.\.$/,
  // Go, GoogleTest, cargo test
  /^=== RUN +[^/\s]+$/,
  /^\[ RUN +\] \S/,
  /^running \d+ tests?$/,
];
const ENDS: readonly RegExp[] = [
  /^\.\.\. Passed\b/,
  /^--- (?:PASS|FAIL|SKIP): [^/\s]+ \(/,
  /^PASS$/,
  /^(?:ok|FAIL)\s+\S+\s+[\d.]+s\b/,
  /^\[ +(?:OK|FAILED) +\] \S/,
  /^test \S+ \.\.\. (?:ok|FAILED|ignored)$/,
  // TAP, pytest
  /^(?:not )?ok \d+ - /,
  /^\S+::\S+ (?:PASSED|FAILED|SKIPPED)\b/,
];
/** What every one of them has, near the beginning. */
const TELLING = /\b(?:Test|RUN|running|Passed|PASS|PASSED|FAIL|SKIP|SKIPPED|ok|OK|FAILED|ignored)\b/;
const BEGINNING_CHARS = 220;

/** What a line that is no event says about the tests of the log; null for nearly all lines. */
export function testMarkOf(line: string): 'begins' | 'ends' | null {
  if (!TELLING.test(line.length > BEGINNING_CHARS ? line.slice(0, BEGINNING_CHARS) : line)) return null;
  const readings = unwrapped(line);
  if (readings.some((reading) => BEGINS.some((pattern) => pattern.test(reading)))) return 'begins';
  return readings.some((reading) => ENDS.some((pattern) => pattern.test(reading))) ? 'ends' : null;
}
