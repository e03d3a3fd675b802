import { stripVTControlCharacters } from 'node:util';

/** How a line is known that tells why a test failed, and what of it is said. */
interface Telling {
  /** Each is linear in a line of bounded length: the parts that repeat have bounds, or stand at the start. */
  readonly pattern: RegExp;
  /**
   * The line itself (its first group, where the pattern has one), the one after it, that and the line of code that failed, or the first frames that a
   * data race names.
   */
  readonly says: 'this' | 'next' | 'race' | 'nextAndCode';
  /** A line that the pattern matches and that says nothing. */
  readonly unless?: RegExp;
}

/** What runners add to every failure, and what says no more than that there was one. */
const NOTHING =
  /BUILD FAIL(?:ED|URE)|There (?:are|were) (?:test )?failing tests|There were failing tests|Failed to execute goal|Execution failed for task|Errors while running CTest|to see the full stack trace|Re-run Maven|\[Help 1\]|For more information about the errors|^\s*(?:\[ERROR\]\s*)?$|^\[ERROR\] (?:Failures|Errors|Tests run:)|test(?:s)? failed, to rerun pass|^\s*at |Test Suites:|^npm (?:ERR!|error)/;

/** In the order of how well they tell it: the first line that the first of them matches wins. */
const TELLING: readonly Telling[] = [
  // `raftlens check`, where a command ends with it.
  { pattern: /^(\S.{0,500}) \([^()]{0,200}\) broken by \S{1,200} at /, says: 'this' },
  { pattern: /WARNING: DATA RACE|WARNING: ThreadSanitizer:|ERROR: AddressSanitizer:/, says: 'race' },
  { pattern: /^thread '.{0,500}' (?:\(\d+\) )?panicked at [^']{0,500}:$/, says: 'next' },
  // Before Rust 1.73 the message of an assertion stood behind the right side, two lines below the panic.
  { pattern: /^\s{0,40}right: `.{0,500}`: (.{1,500})', \S{1,200}:\d+:\d+$/, says: 'this' },
  { pattern: /^panic: |^fatal error: |^thread '.{0,500}' panicked|[Aa]ssertion .{0,300}failed/, says: 'this', unless: NOTHING },
  { pattern: /^E\s{2,20}(\S.*)/, says: 'this' },
  // TAP tells of a failure in YAML, either on the line or, when it is long, below it.
  { pattern: /^\s{2,40}error: [|>]-?$/, says: 'next' },
  { pattern: /^\s{2,40}error: (?!'\d+ subtests? failed')(.+)/, says: 'this' },
  { pattern: /^\s{0,40}FAIL\s{1,20}(?:\S.{0,200}\s)?".{1,300}"$/, says: 'next' },
  // gtest: the place, and below it what was expected. Jest: a dot and the name of the test, an empty line, and the message.
  { pattern: /^\S{1,300}:\d+: Failure$/, says: 'next' },
  { pattern: /^\s{0,20}● .{1,300} › /, says: 'nextAndCode' },
  // Maven's own summary of a failure: the place, and the message.
  { pattern: /^\[ERROR\]\s{1,20}(\w[\w.$]{0,200}(?:\.|:\d+->)\w.{0,400}:\d+ .{1,500})/, says: 'this' },
  {
    pattern: /^(?!\s{1,40}name: ).{0,300}(?:AssertionError|AssertionFailedError|\bassert(?:ion)?\b.{0,300}\bfail)/i,
    says: 'this',
    unless: NOTHING,
  },
  {
    pattern:
      /^(?:# )?\s{0,40}(?:Caused by: |Exception in thread "[^"]{0,100}" )?((?:[\w$]{1,100}\.){0,20}\w{0,100}(?:Error|Exception)\b(?:\s\[\w{1,80}\])?(?::.*|$))/,
    says: 'this',
    unless: NOTHING,
  },
  { pattern: /^\s{1,40}\w[\w./-]{0,300}\.(?:go|rs|py|js|ts|c|cc|cpp|java):\d+:/, says: 'this' },
  { pattern: /^\S{1,300}:\d+(?::\d+)?: (?:error|fatal|FAILED)\b/i, says: 'this' },
  { pattern: /\b(?:error|fatal|expected|mismatch|violat\w{1,20}|deadlock|timed? ?out)\b/i, says: 'this', unless: NOTHING },
  { pattern: /^\s{0,40}(?:--- FAIL|not ok\b|FAIL\b|✖|✗)/, says: 'this' },
];

/** Where the runners of tests name the one that failed: go, cargo, pytest, TAP, uvu, gtest, ctest, Gradle, Maven, Jest. */
const FAILED_TEST: readonly RegExp[] = [
  /^\s{0,40}--- FAIL: (\S{1,300})/,
  /^thread '(.{1,300}?)' (?:\(\d+\) )?panicked/,
  /^(?:FAILED|ERROR) (\S{1,300}::\S{1,300})/,
  /^\s{0,40}not ok \d+ - (.{1,300})/,
  /^\s{0,40}FAIL\s{1,20}(?:\S.{0,200}\s)?"(.{1,300})"$/,
  /^\[\s{1,10}FAILED\s{1,10}\] (\w[\w./]{1,300})(?: \(\d+ ms\)|, where )?/,
  /^\s{0,20}\d+\/\d+ Test\s{1,5}#\d+: (\S{1,300}) \.+\*{3}/,
  /^(\S{1,300} > \S.{0,300}) FAILED$/,
  /^\[ERROR\] (\w[\w.$]{1,300}) .{0,40}<<< (?:FAILURE|ERROR)!/,
  /^\s{0,20}● (.{1,300} › .{1,300})$/,
];

/** Frames of tests in the stacks that a hung run dumps. Python names the function in the frame, Go on the line before it. */
const PYTHON_FRAME = /^\s{0,40}File ".{0,500}\btest[^/]{0,200}\.py", line \d+ in (\S{1,300})/;
const GO_FRAME = /^\t\S{1,500}_test\.go:\d+/;

/** A line that is longer is cut: what it says stands at its beginning, and the patterns see no more than they can search at once. */
const LINE_MAX = 2000;

/** The lines of an output that hold something, without terminal escapes and other control characters, which would keep equal lines apart. */
export function linesOf(output: string): readonly string[] {
  return stripVTControlCharacters(output)
    .replace(/(?![\n\t])\p{Cc}/gu, '')
    .split('\n')
    .map((line) => line.slice(0, LINE_MAX).trimEnd())
    .filter((line) => line.trim() !== '');
}

/** Which line tells why a test failed, and what it says; null where none does. */
export function tellingLine(lines: readonly string[]): { readonly at: number; readonly text: string } | null {
  for (const { pattern, says, unless } of TELLING) {
    const at = lines.findIndex((line) => pattern.test(line) && unless?.test(line) !== true);
    if (at !== -1) return { at, text: textAt(lines, at, pattern, says).trim() };
  }
  return null;
}

function textAt(lines: readonly string[], at: number, pattern: RegExp, says: Telling['says']): string {
  const line = lines[at] ?? '';
  switch (says) {
    case 'next':
      return nextText(lines, at) ?? line;
    case 'nextAndCode':
      return [nextText(lines, at) ?? line, ...codeIn(lines.slice(at + 2, at + CODE_LINES_MAX))].join(' ');
    case 'race':
      return [line.trim(), ...framesOfRace(lines.slice(at + 1, at + RACE_LINES_MAX))].join(' ');
    case 'this':
      return pattern.exec(line)?.[1] ?? line;
  }
}

/** gtest says what was compared only below. */
function nextText(lines: readonly string[], at: number): string | undefined {
  const [next, after = ''] = lines.slice(at + 1, at + 3);
  return next === 'Expected equality of these values:' ? `${next} ${after.trim()}` : next;
}

const CODE_LINES_MAX = 30;

/** The line of code that failed, as Jest shows it (`    > 12 |   expect(leaders).toBe(1);`): its message alone is the same for all assertions of a kind. */
function codeIn(lines: readonly string[]): readonly string[] {
  const code = lines.map((line) => /^\s{0,20}>\s{1,4}\d{1,6} \| (.{1,500})$/.exec(line)?.[1]?.trim()).find((found) => found !== undefined);
  return code === undefined ? [] : [code];
}

const RACE_LINES_MAX = 60;
/** Where one side of a race begins: its kind of access, and on the next line the function. Go, and the sanitizers of clang and gcc. */
const ACCESS = /^\s{0,10}(?:Previous )?(?:atomic )?(read|write)(?: of size \d+)? at /i;

/** What tells one data race from another: both accesses, each with the function that made it. */
function framesOfRace(lines: readonly string[]): readonly string[] {
  const frames: string[] = [];
  for (const [at, line] of lines.entries()) {
    const access = ACCESS.exec(line)?.[1];
    if (access !== undefined) frames.push(`${access.toLowerCase()} in ${functionIn(lines[at + 1] ?? '')}`);
    if (frames.length === 2) break;
  }
  return frames.toSorted((a, b) => (a < b ? -1 : 1));
}

/** `  main.(*Server).vote()` of Go, `    #0 vote(int) file.cc:3` of the sanitizers. */
function functionIn(frame: string): string {
  return (
    frame
      .trim()
      .replace(/^#\d+\s+(?:0x[0-9a-f]+ in )?/, '')
      .replace(/\(\)$/, '')
      .split(' ', 1)[0] ?? ''
  );
}

/** The name of the first test that failed, where the output gives it. */
export function failedTest(lines: readonly string[]): string | null {
  for (const pattern of FAILED_TEST) {
    for (const line of lines) {
      const name = pattern.exec(line)?.[1];
      if (name !== undefined) return name.trim();
    }
  }
  return null;
}

/** The function of a test in which a run hung that was made to dump its stacks. */
export function hangingPlace(lines: readonly string[]): { readonly at: number; readonly text: string } | null {
  for (const [at, line] of lines.entries()) {
    const python = PYTHON_FRAME.exec(line)?.[1];
    if (python !== undefined) return { at, text: `in ${python}` };
    const before = lines[at - 1];
    if (GO_FRAME.test(line) && before !== undefined) return { at: at - 1, text: `in ${before.replace(/\([^()]{0,500}\)$/, '')}` };
  }
  return null;
}
