/**
 * The lines by which runtimes, loggers and test runners say that a program has failed. Each pattern is held against a line without what
 * carried it (a container's name, a time stamp, the indentation of a test runner), so that most are anchored: a word in the middle of a
 * sentence is no failure.
 */

/** What kind of line it is. A `failure` only says that something has failed: beside any other it is no news. */
export type ComplaintKind = 'crash' | 'complaint' | 'race' | 'failure';

export interface ComplaintPattern {
  readonly kind: ComplaintKind;
  readonly pattern: RegExp;
  /** The line that says what the matter was stands below, and looks like this. */
  readonly next?: RegExp;
  /** How many lines below at most. */
  readonly nextMax?: number;
  /** It is a complaint only with that line. */
  readonly needsNext?: true;
  /** It is none where the line above was written by a logger: the program has caught what it tells of, and goes on. */
  readonly unlessLogged?: true;
}

/** A traceback of Python may be long. */
const TRACEBACK_MAX = 300;

/** `2026-05-11 10:00:00,123`, `[2026/05/11 10:00:00.123 +00:00]`, `10:00AM`, `May 11 10:00:00`. */
const STAMP = '\\[?(?:[A-Z][a-z]{2} )?\\d\\S*(?: [\\d+-]\\S*){0,2}';
/** Threads, processes, loggers between the time and the level: `[main]`, `<0.99.0>`, `- raft -`. */
const BETWEEN = '(?: +(?:\\[[^\\]]{0,80}\\]|<[^>]{0,80}>|-|[\\w.]+ -)){0,4}';
const LEVEL = '(?:FATAL|PANIC|DPANIC|CRITICAL|CRIT|FTL|PNC|EMERG|EMERGENCY)';
const BRACKETED = `(?:\\[(?:${LEVEL}|${LEVEL.toLowerCase()})\\])`;

/** Lines that a program may also write through its own logger, so that a format may know their head. */
export const ANYWHERE: readonly ComplaintPattern[] = [
  // Go, and Zig behind the number of its thread; behind what an unknown carrier has put in front, or a server's name.
  { kind: 'crash', pattern: /^(?:.{0,200}[|\]>] +|[\w.-]*\d: |\d\S*(?: \d\S*)? )?(?:thread \d+ )?panic: / },
  { kind: 'crash', pattern: /^(?:.{0,200}[|\]>] +)?fatal error: / },
  // etcd's raft, raft-rs: the log has lost what was acknowledged.
  { kind: 'crash', pattern: /\b(?:tocommit|applied|match|commit)[ (]\d+\)? is out of range\b/ },
  { kind: 'crash', pattern: /\bslice\[\d+,\d+\) out of bound\b/ },
  // The testers of the labs.
  { kind: 'complaint', pattern: /\bapply error: / },
  { kind: 'complaint', pattern: /\bapply out of order\b/ },
  { kind: 'complaint', pattern: /\bone\(.{1,200}\) failed to reach agreement\b/ },
  // Levels above error: zap's console, capnslog, log4j and its kin, logrus, glog, Python, .NET.
  { kind: 'crash', pattern: /\t(?:FATAL|PANIC|DPANIC|fatal|panic|dpanic)\t/ },
  { kind: 'crash', pattern: /^\S+ \S+ C \| / },
  { kind: 'crash', pattern: new RegExp(`^${STAMP}${BETWEEN} +(?:${LEVEL}\\b|${BRACKETED})`) },
  { kind: 'crash', pattern: new RegExp(`^(?:\\[[^\\]]{0,80}\\] +)?(?:${BRACKETED} |${LEVEL}: |CRITICAL:|FATAL +\\[?[\\w.$]+\\]? - )`) },
  { kind: 'crash', pattern: /^(?:\w+=(?:"[^"]{0,200}"|\S{1,200}) ){0,4}(?:level|lvl)="?(?:fatal|panic|crit|critical|emerg)\b/i },
  { kind: 'crash', pattern: /^F\d{4,8} \d\d:\d\d:\d\d/ },
  { kind: 'crash', pattern: /^crit: \S+\[\d+\]/ },
];

const GO: readonly ComplaintPattern[] = [
  { kind: 'race', pattern: /^WARNING: DATA RACE\b/ },
  { kind: 'race', pattern: /\brace detected during execution of test\b/ },
  { kind: 'race', pattern: /^Found [1-9]\d* data race\(s\)/ },
  { kind: 'crash', pattern: /^SIG(?:QUIT|SEGV|ABRT|BUS|FPE|ILL|TRAP|SYS): / },
  { kind: 'crash', pattern: /^signal: (?:aborted|segmentation fault|bus error|illegal instruction|floating point exception|trace)/ },
  { kind: 'failure', pattern: /^(?:--- FAIL|=== FAIL): /, next: /^\s+[\w./-]+\.go:\d+: / },
  { kind: 'failure', pattern: /^FAIL(?:$|:|\t|\s+\S+\s+(?:\[|[\d.]+s\b))/ },
  { kind: 'failure', pattern: /^exit status [1-9]/ },
  { kind: 'failure', pattern: /^\{(?=.{0,2000}"Action":"fail")(?=.{0,2000}"Package":)/ },
];

const RUST: readonly ComplaintPattern[] = [
  { kind: 'crash', pattern: /^thread '[^']*'(?: \(\d+\))? panicked at [^']*:$/, next: /\S/ },
  { kind: 'crash', pattern: /^thread '[^']*'(?: \(\d+\))? (?:panicked at |has overflowed its stack)/ },
  { kind: 'crash', pattern: /^fatal runtime error: / },
  { kind: 'failure', pattern: /^test result: FAILED\b/ },
  { kind: 'failure', pattern: /^test \S+(?: - .{1,200})? \.\.\. FAILED$/ },
  { kind: 'failure', pattern: /^error: (?:test failed, to rerun|test run failed)/ },
  // cargo-nextest
  { kind: 'failure', pattern: /^(?:FAIL|TIMEOUT|ABORT|SIG[A-Z]{3,4}) \[ *[\d.]+s\]/ },
];

const JVM: readonly ComplaintPattern[] = [
  { kind: 'crash', pattern: /^Exception in thread "/ },
  { kind: 'crash', pattern: /^# A fatal error has been detected by the Java Runtime Environment/ },
  { kind: 'crash', pattern: /^java\.lang\.(?:OutOfMemoryError|StackOverflowError|AssertionError)\b/ },
  { kind: 'crash', pattern: /^org\.(?:opentest4j\.AssertionFailedError|junit\.\S{0,80}ComparisonFailure)\b/ },
  { kind: 'failure', pattern: /\bTests run: \d+, (?:Failures: [1-9]|Failures: \d+, Errors: [1-9])/ },
  { kind: 'failure', pattern: /^(?:\[(?:INFO|ERROR)\] )?BUILD (?:FAILURE|FAILED)\b/ },
  { kind: 'failure', pattern: /^> Task \S+ FAILED$/ },
  { kind: 'failure', pattern: /^\S+ > .{1,200} FAILED$/ },
  { kind: 'failure', pattern: /^\[ +[1-9]\d* tests failed +\]/ },
];

const PYTHON: readonly ComplaintPattern[] = [
  {
    kind: 'crash',
    pattern: /^Traceback \(most recent call last\):$/,
    next: /^(?:[A-Za-z_]\w*\.)*[A-Z]\w*(?:: |$)/,
    nextMax: TRACEBACK_MAX,
    unlessLogged: true,
  },
  { kind: 'crash', pattern: /^Fatal Python error: / },
  { kind: 'failure', pattern: /^(?:FAILED|ERROR) \S+::/ },
  { kind: 'failure', pattern: /^FAILED \((?:failures|errors|unexpected successes)=/ },
  { kind: 'failure', pattern: /^ERROR: \w+ \([\w.]+\)$/ },
  { kind: 'failure', pattern: /^=+ (?:\d+ \w+, )*[1-9]\d* (?:failed|errors?)\b/ },
];

/** C and C++, what the shell says of a process, sanitizers, valgrind. */
const NATIVE: readonly ComplaintPattern[] = [
  { kind: 'crash', pattern: /^terminate called (?:after|without)\b/, next: /^\s*what\(\):/ },
  { kind: 'crash', pattern: /^(?:libc\+\+abi(?:\.dylib)?: terminating|(?:\S+: )?uncaught exception)\b/ },
  { kind: 'crash', pattern: /\bAssertion [`'].{1,400}' failed\b/ },
  { kind: 'crash', pattern: /^Assertion failed: / },
  {
    kind: 'crash',
    pattern: /^(?:Segmentation fault|Aborted|Bus error|Illegal instruction|Floating point exception)(?: \(core dumped\))?$/,
  },
  {
    kind: 'crash',
    pattern: /^\S+: line \d+: +\d+ (?:Segmentation fault|Aborted|Bus error|Illegal instruction|Floating point exception)\b/,
  },
  { kind: 'crash', pattern: /^(?:zsh|fish): .{0,200}(?:segmentation fault|abort|bus error|SIG(?:SEGV|ABRT|BUS|ILL|FPE))\b/ },
  { kind: 'crash', pattern: /^==\d+==\s*(?:ERROR|WARNING): \w+Sanitizer: / },
  { kind: 'crash', pattern: /^==\d+==\s*(?:Invalid (?:read|write) of size|Process terminating with default action)/ },
  { kind: 'crash', pattern: /^SUMMARY: \w+Sanitizer: / },
  { kind: 'race', pattern: /^WARNING: ThreadSanitizer: / },
  { kind: 'crash', pattern: /^\S+:\d+:\d+: runtime error: / },
  { kind: 'crash', pattern: /^\*\*\* (?:stack smashing detected|Aborted at|SIG[A-Z]{3,4} \(|Check failure stack trace|Error in [`'])/ },
  { kind: 'crash', pattern: /^(?:double free or corruption|(?:free|malloc|realloc|munmap_chunk)\(\): |corrupted (?:size|double-linked))/ },
  { kind: 'crash', pattern: /^pure virtual method called$/ },
  { kind: 'failure', pattern: /^\[ {2}FAILED {2}\] / },
  { kind: 'failure', pattern: /^[1-9]\d* FAILED TESTS?$/ },
  { kind: 'failure', pattern: /^\d+% tests passed, [1-9]\d* tests failed/ },
  { kind: 'failure', pattern: /^(?:test cases|assertions): .{0,200}\b[1-9]\d* failed\b/ },
  { kind: 'failure', pattern: /^\[doctest\] Status: FAILURE!/ },
  { kind: 'failure', pattern: /^make(?:\[\d+\])?: \*\*\* .{1,400} (?:Error [1-9]\d*|Segmentation fault|Aborted)\b/ },
];

/** Node.js, Deno, TAP, mocha, jest, vitest. */
const JAVASCRIPT: readonly ComplaintPattern[] = [
  { kind: 'crash', pattern: /^(?:node:)?\S+:\d+$/, needsNext: true, next: /^(?:Uncaught )?(?:[A-Z]\w*)?Error(?: \[\w+\])?\b/ },
  { kind: 'crash', pattern: /^(?:<--- Last few GCs --->|FATAL ERROR: .*heap)/ },
  { kind: 'crash', pattern: /^(?:\(node:\d+\) |\[)UnhandledPromiseRejection\w*\b/ },
  { kind: 'crash', pattern: /^error: Uncaught / },
  { kind: 'failure', pattern: /^Node\.js v\d+\.\d+\.\d+$/ },
  { kind: 'failure', pattern: /^not ok \d+\b(?!.*# (?:TODO|SKIP))/i },
  { kind: 'failure', pattern: /^(?:#|\u2139) fail [1-9]/ },
  { kind: 'failure', pattern: /^Bail out!/ },
  { kind: 'failure', pattern: /^[1-9]\d* failing$/ },
  { kind: 'failure', pattern: /^(?:Tests|Test Suites|Test Files):? +(?:\d+ \w+(?:, | \| ))*[1-9]\d* failed\b/ },
  { kind: 'failure', pattern: /^FAIL +\S+\.(?:test|spec)\.\w+\b/ },
  { kind: 'failure', pattern: /^\u2716 .{1,400} \([\d.]+m?s\)$/ },
];

const OTHERS: readonly ComplaintPattern[] = [
  // .NET
  { kind: 'crash', pattern: /^Unhandled [Ee]xception\b/ },
  { kind: 'crash', pattern: /^(?:Process terminated\. \S|Stack overflow\.$|Fatal error\. \S)/ },
  { kind: 'failure', pattern: /^Failed! +- Failed: +[1-9]/ },
  { kind: 'failure', pattern: /^Failed \S+ \[[\d.,]+ m?s\]$/ },
  // Erlang, Elixir
  { kind: 'crash', pattern: /^=*CRASH REPORT=*/ },
  { kind: 'crash', pattern: /^\*\* \((?:exit|EXIT|throw|[A-Z]\w*Error)\b/ },
  { kind: 'crash', pattern: /^\*\* (?:Generic server|State machine) \S+ terminating\b/ },
  { kind: 'crash', pattern: /^Error in process <[\d.]+> / },
  // Swift and OCaml, Ruby, Haskell, Nim, Lua
  { kind: 'crash', pattern: /^(?:\S+\.swift:\d+: )?Fatal error: / },
  { kind: 'crash', pattern: /^\S+\.rb:\d+:in .{1,400} \([A-Z][\w:]*\)$/ },
  { kind: 'crash', pattern: /^(?:[\w.-]+: )(?:Prelude\.|internal error: )/ },
  { kind: 'crash', pattern: /^Error: unhandled exception\b/ },
  { kind: 'crash', pattern: /^lua\S*: \S+:\d+: / },
  // Whoever ran the program: docker compose, GitHub Actions, gotestsum, ExUnit, RSpec. Codes of a kill (137, 143) are no failure.
  { kind: 'failure', pattern: /^[\w.-]+ exited with code (?:2|101|132|134|136|139)$/ },
  { kind: 'failure', pattern: /^(?:##\[error\]|Error: )Process completed with exit code [1-9]/ },
  { kind: 'failure', pattern: /^(?:DONE )?\d+ (?:tests?|examples?|doctests?)\b.{0,80}, [1-9]\d* (?:failures?|failed|errors?)\b/ },
];

/** Lines that only a runtime or a test runner writes, straight to the output. */
export const BARE: readonly ComplaintPattern[] = [...GO, ...RUST, ...JVM, ...PYTHON, ...NATIVE, ...JAVASCRIPT, ...OTHERS];

/** A word that every pattern needs: most lines have none, and are looked at once. */
export const TELLING =
  /panic|fatal|fail|error|race|abort|segm|SIG|nhandled|ncaught|exit(?:ed|\)|\b)|out of (?:range|bound|order)|GCs|not ok|crash|crit|emerg|FTL|PNC|assertion|terminat|virtual|free|alloc|chunk|corrupt|smash|sanitizer|exception|invalid|overflow|C \| |^F\d|Node\.js|bail|bus err|illegal|floating|prelude|lua|\u2716|: ?60\b|:\d+$/i;

/** A word that each pattern of `ANYWHERE` needs, and a line of JSON at such a level: an error that a logger tells has none of them. */
export const WORSE =
  /panic|fatal|crit|emerg|FTL|PNC|apply (?:error|out of order)|out of (?:range|bound)|failed to reach| C \| |\bF\d{4}|: ?60\b/i;

/** Levels above error in a line of JSON, by the keys that loggers use for it; `60` is pino's and bunyan's. */
const LEVEL_KEYS = ['level', 'lvl', 'severity', 'levelname', '@level', '@l', 'log.level', 'Level'];
const FATAL_LEVEL = /^(?:fatal|panic|dpanic|crit|critical|emerg|emergency)$/i;
const PINO_FATAL = 60;

/** Whether `line` is an object of JSON whose logger calls it worse than an error. */
export function isFatalJson(line: string): boolean {
  if (!line.startsWith('{')) return false;
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    // Cut, or no JSON: what stands at its beginning may still say so.
    return /^\{(?:"[\w.@]+" ?: ?(?:"[^"\\]*"|[\d.]+), ?){0,3}"(?:level|lvl|severity)" ?: ?"(?:fatal|panic|dpanic|critical)"/i.test(line);
  }
  if (typeof json !== 'object' || json === null) return false;
  const fields: Readonly<Record<string, unknown>> = { ...json };
  const level = LEVEL_KEYS.map((key) => fields[key]).find((value) => value !== undefined);
  if (typeof level === 'string') return FATAL_LEVEL.test(level);
  return level === PINO_FATAL && 'time' in fields && 'msg' in fields;
}
