/**
 * What the program under test, its runtime or its test says itself when it fails: a panic, a race report, the last word of a test runner. No
 * rule of Raft is needed to know that such a log is not a healthy one.
 */

/** What kind of line it is. A `failure` only says that something has failed: beside any other it is no news. */
export type ComplaintKind = 'crash' | 'complaint' | 'race' | 'failure';

export interface Complaint {
  readonly kind: ComplaintKind;
  readonly row: number;
  readonly text: string;
}

interface Pattern {
  readonly kind: ComplaintKind;
  readonly pattern: RegExp;
  /** The line that says what the matter was stands below, and looks like this. */
  readonly next?: RegExp;
  /** How many lines below at most. */
  readonly nextMax?: number;
  /** It is a complaint only with that line. */
  readonly needsNext?: true;
}

/** Lines are looked at up to here. */
export const COMPLAINT_CHARS_MAX = 2000;
const NEXT_MAX = 20;
/** A traceback of Python may be long. */
const TRACEBACK_MAX = 300;
/** Complaints that are kept of each kind; the first ones explain the others. */
const KEPT_MAX = 10;

/** Between a container's or a pod's name and its line: "raft-1  | panic: ...", "[pod/raft-1] panic: ...". */
const START = '(?:^|[|\\]>] +|^\\S+ +)';

/** Lines that a program may also write through its own logger, so that a format may know their head. */
const ANYWHERE: readonly Pattern[] = [
  // Go, and Zig behind the number of its thread.
  { kind: 'crash', pattern: new RegExp(`${START}(?:thread \\d+ )?panic: `) },
  { kind: 'crash', pattern: new RegExp(`${START}fatal error: `) },
  // etcd's raft, raft-rs: the log has lost what was acknowledged.
  { kind: 'crash', pattern: /\b(?:tocommit|applied|match|commit)[ (]\d+\)? is out of range\b/ },
  { kind: 'crash', pattern: /\bslice\[\d+,\d+\) out of bound\b/ },
  // The testers of the labs.
  { kind: 'complaint', pattern: /\bapply error: / },
  { kind: 'complaint', pattern: /\bapply out of order\b/ },
  // Levels above error: structured, zap's console, capnslog, log4j and its kin, glog.
  { kind: 'crash', pattern: /"(?:level|lvl|severity|levelname)":"(?:fatal|panic|dpanic|critical|emerg(?:ency)?)"/i },
  { kind: 'crash', pattern: /\t(?:FATAL|PANIC|DPANIC)\t/ },
  { kind: 'crash', pattern: /^\S+ \S+ C \| / },
  { kind: 'crash', pattern: /^(?:\S+ )?\S*\d\d:\d\d:\d\d\S* (?:\[[^\]]{0,80}\] )?(?:FATAL|PANIC)\b/ },
  { kind: 'crash', pattern: /^F\d{4,8} \d\d:\d\d:\d\d/ },
];

/** Lines that only a runtime or a test runner writes, straight to the output. */
const BARE: readonly Pattern[] = [
  // Go.
  { kind: 'race', pattern: /^\s*WARNING: DATA RACE\b/ },
  { kind: 'race', pattern: /\brace detected during execution of test\b/ },
  { kind: 'crash', pattern: /^SIG[A-Z]{2,5}: / },
  { kind: 'failure', pattern: /^\s*--- FAIL: /, next: /^\s+[\w./-]+\.go:\d+: / },
  { kind: 'failure', pattern: /^FAIL\b/ },
  { kind: 'failure', pattern: /^exit status [1-9]/ },
  // Rust.
  { kind: 'crash', pattern: /^thread '[^']*'(?: \(\d+\))? panicked at [^']*:$/, next: /\S/ },
  { kind: 'crash', pattern: /^thread '[^']*'(?: \(\d+\))? panicked at / },
  { kind: 'crash', pattern: /^fatal runtime error: / },
  { kind: 'failure', pattern: /^test result: FAILED\b/ },
  { kind: 'failure', pattern: /^test \S+ \.\.\. FAILED$/ },
  // Java.
  { kind: 'crash', pattern: /^Exception in thread "/ },
  { kind: 'crash', pattern: /^# A fatal error has been detected by the Java Runtime Environment/ },
  { kind: 'crash', pattern: /^java\.lang\.OutOfMemoryError\b/ },
  { kind: 'failure', pattern: /\bTests run: \d+, (?:Failures: [1-9]|Failures: \d+, Errors: [1-9])/ },
  // Python.
  {
    kind: 'crash',
    pattern: /^\s*Traceback \(most recent call last\):$/,
    next: /^[A-Za-z_][\w.]*(?:Error|Exception|Exit|Interrupt|Warning)\b/,
    nextMax: TRACEBACK_MAX,
  },
  { kind: 'crash', pattern: /^Fatal Python error: / },
  { kind: 'failure', pattern: /^FAILED \S+::/ },
  { kind: 'failure', pattern: /^=+ (?:\d+ \w+, )*\d+ failed\b/ },
  // C and C++, and their sanitizers.
  { kind: 'crash', pattern: /^terminate called (?:after|without)\b/, next: /^\s*what\(\):/ },
  { kind: 'crash', pattern: /\bAssertion [`'].{1,400}' failed\b/ },
  {
    kind: 'crash',
    pattern: /^(?:\S+: line \d+: +\d+ )?(?:Segmentation fault|Aborted|Bus error|Illegal instruction|Floating point exception)\b/,
  },
  { kind: 'crash', pattern: /^==\d+==\s*ERROR: \w+Sanitizer: / },
  { kind: 'race', pattern: /^WARNING: ThreadSanitizer: / },
  { kind: 'crash', pattern: /^\S+:\d+:\d+: runtime error: / },
  { kind: 'crash', pattern: /^\*\*\* (?:stack smashing detected|Aborted at)\b/ },
  { kind: 'crash', pattern: /^(?:double free or corruption|free\(\): |malloc\(\): |munmap_chunk\(\): )/ },
  { kind: 'crash', pattern: /^pure virtual method called$/ },
  { kind: 'failure', pattern: /^\[ {2}FAILED {2}\] / },
  // Node.js, TAP.
  { kind: 'crash', pattern: /^(?:node:)?\S+:\d+$/, needsNext: true, next: /^(?:Uncaught )?(?:[A-Z]\w*)?Error(?: \[\w+\])?\b/ },
  { kind: 'crash', pattern: /^(?:<--- Last few GCs --->|FATAL ERROR: .*heap)/ },
  { kind: 'crash', pattern: /^\[UnhandledPromiseRejection\b/ },
  { kind: 'failure', pattern: /^not ok \d+\b(?!.*# (?:TODO|SKIP))/ },
  // .NET, Erlang, Swift.
  { kind: 'crash', pattern: /^Unhandled [Ee]xception\b/ },
  { kind: 'crash', pattern: /^=*CRASH REPORT=*/ },
  { kind: 'crash', pattern: /^(?:\S+\.swift:\d+: )?Fatal error: / },
];

/** A word that every pattern needs: most lines have none, and are looked at once. */
const TELLING =
  /panic|fatal|FATAL|PANIC|FAIL|[Ee]rror|RACE|race |abort|Abort|Segm|SIG[A-Z]|Traceback|nhandled|exit status|out of (?:range|bound|order)|GCs|not ok|CRASH|ssertion|terminate|failed|virtual|free|malloc|smashing|Sanitizer|Exception|C \| |^F\d{4}|Bus err|Illegal|Floating|critical|emerg|:\d+$/;

/** Output of a program that has caught the panic itself, and goes on. */
const RECOVERED = /\brecover/i;

interface Pending {
  readonly complaint: Complaint;
  readonly next: RegExp;
  readonly needsNext: boolean;
  linesLeft: number;
}

/** Collects them while a log is read. */
export class Complaints {
  readonly found: Complaint[] = [];
  count = 0;
  #pending: Pending | null = null;

  /** A line that no format knows. */
  bare(text: string, row: number): void {
    const line = text.slice(0, COMPLAINT_CHARS_MAX);
    if (this.#pending !== null && this.#explains(this.#pending, line)) return;
    if (TELLING.test(line)) this.#match(line, row, true);
  }

  /** The text of a line that the program wrote through its logger and that tells no event; `raw` is the whole line, for its level. */
  logged(text: string, row: number, raw: string): void {
    const line = text.slice(0, COMPLAINT_CHARS_MAX);
    if (TELLING.test(line) && this.#match(line, row, false)) return;
    if (!TELLING.test(raw) || RECOVERED.test(raw)) return;
    const found = ANYWHERE.find(({ pattern }) => pattern.test(raw));
    if (found !== undefined) this.#take({ kind: found.kind, row, text: line });
  }

  /** The log has ended. */
  finish(): readonly Complaint[] {
    const pending = this.#pending;
    this.#pending = null;
    if (pending?.needsNext === false) this.#take(pending.complaint);
    return this.found;
  }

  #match(line: string, row: number, isBare: boolean): boolean {
    const found =
      ANYWHERE.find(({ pattern }) => pattern.test(line)) ?? (isBare ? BARE.find(({ pattern }) => pattern.test(line)) : undefined);
    if (found === undefined || RECOVERED.test(line)) return false;
    const complaint = { kind: found.kind, row, text: line.trim() };
    this.finish();
    const { next, nextMax: linesLeft = NEXT_MAX, needsNext = false } = found;
    if (next === undefined) this.#take(complaint);
    else this.#pending = { complaint, next, needsNext, linesLeft };
    return true;
  }

  /** Whether the line is the one below a complaint that says what the matter was. */
  #explains(pending: Pending, line: string): boolean {
    const { complaint, next } = pending;
    if (next.test(line)) {
      this.#pending = null;
      this.#take({ ...complaint, text: `${complaint.text} ${line.trim()}`.slice(0, COMPLAINT_CHARS_MAX) });
      return true;
    }
    pending.linesLeft--;
    if (pending.linesLeft <= 0) this.finish();
    return false;
  }

  #take(complaint: Complaint): void {
    this.count++;
    const ofKind = this.found.filter(({ kind }) => kind === complaint.kind);
    if (ofKind.length < KEPT_MAX) this.found.push(complaint);
  }
}

/** Those that say most, in the order of the log: that a test has failed is no news beside the panic that failed it. */
export function telling(complaints: readonly Complaint[]): readonly Complaint[] {
  const causes = complaints.filter(({ kind }) => kind !== 'failure');
  return causes.length > 0 ? causes : complaints;
}
