import { stripVTControlCharacters } from 'node:util';

/** How a line is known that tells why a test failed, and what of it is said. */
interface Telling {
  readonly pattern: RegExp;
  /** The line itself (its first group, where the pattern has one), or the one after it. */
  readonly says: 'this' | 'next';
}

/** In the order of how well they tell it: the first line that the first of them matches wins. */
const TELLING: readonly Telling[] = [
  // `raftlens check`, where a command ends with it.
  { pattern: /^(\S.*) \([^()]*\) broken by \S+ at /, says: 'this' },
  { pattern: /WARNING: DATA RACE|ThreadSanitizer:|AddressSanitizer:/, says: 'this' },
  { pattern: /^thread '.*' (?:\(\d+\) )?panicked at [^']*:$/, says: 'next' },
  // Before Rust 1.73 the message of an assertion stood behind the right side, two lines below the panic.
  { pattern: /^\s*right: `.*`: (.+)', \S+:\d+:\d+$/, says: 'this' },
  { pattern: /^panic: |^fatal error: |^thread '.*' panicked|[Aa]ssertion .*failed/, says: 'this' },
  { pattern: /^E\s{2,}(\S.*)/, says: 'this' },
  // TAP tells of a failure in YAML, either on the line or, when it is long, below it.
  { pattern: /^\s{2,}error: [|>]-?$/, says: 'next' },
  { pattern: /^\s{2,}error: (?!'\d+ subtests? failed')(.+)/, says: 'this' },
  { pattern: /^\s*FAIL\s+(?:.*\s)?".+"$/, says: 'next' },
  { pattern: /^(?!\s+name: ).*(?:AssertionError|\bassert(?:ion)?\b.*\bfail)/i, says: 'this' },
  { pattern: /^(?:# )?\s*(\w*(?:Error|Exception)\b(?:\s\[\w+\])?:.*)/, says: 'this' },
  { pattern: /^\s+\w[\w./-]*\.(?:go|rs|py|js|ts|c|cc|cpp|java):\d+:/, says: 'this' },
  { pattern: /\b(?:error|fatal|expected|mismatch|violat\w+|deadlock|timed? ?out)\b/i, says: 'this' },
  { pattern: /^\s*(?:--- FAIL|not ok\b|FAIL\b|✖|✗)/, says: 'this' },
];

/** Where the runners of tests name the one that failed: go, cargo, pytest, TAP, uvu. */
const FAILED_TEST: readonly RegExp[] = [
  /^\s*--- FAIL: (\S+)/,
  /^thread '(.+?)' (?:\(\d+\) )?panicked/,
  /^(?:FAILED|ERROR) (\S+::\S+)/,
  /^\s*not ok \d+ - (.+)/,
  /^\s*FAIL\s+(?:.*\s)?"(.+)"$/,
];

/** Frames of tests in the stacks that a hung run dumps. Python names the function in the frame, Go on the line before it. */
const PYTHON_FRAME = /^\s*File ".*\btest[^/]*\.py", line \d+ in (\S+)/;
const GO_FRAME = /^\t\S+_test\.go:\d+/;

/** The lines of an output that hold something, without terminal escapes and other control characters, which would keep equal lines apart. */
export function linesOf(output: string): readonly string[] {
  return stripVTControlCharacters(output)
    .replace(/(?![\n\t])\p{Cc}/gu, '')
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line.trim() !== '');
}

/** Which line tells why a test failed, and what it says; null where none does. */
export function tellingLine(lines: readonly string[]): { readonly at: number; readonly text: string } | null {
  for (const { pattern, says } of TELLING) {
    const at = lines.findIndex((line) => pattern.test(line));
    if (at === -1) continue;
    const line = lines[at] ?? '';
    const text = says === 'next' ? (lines[at + 1] ?? line) : (pattern.exec(line)?.[1] ?? line);
    return { at, text: text.trim() };
  }
  return null;
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
    if (GO_FRAME.test(line) && before !== undefined) return { at: at - 1, text: `in ${before.replace(/\([^()]*\)$/, '')}` };
  }
  return null;
}
