import { unwrapped } from '@raftlens/log-store';
import { ANYWHERE, BARE, type ComplaintKind, type ComplaintPattern, isFatalJson, TELLING, WORSE } from './complaint-patterns.ts';

/**
 * What the program under test, its runtime or its test says itself when it fails: a panic, a race report, the last word of a test runner. No
 * rule of Raft is needed to know that such a log is not a healthy one.
 */

export interface Complaint {
  readonly kind: ComplaintKind;
  readonly row: number;
  readonly text: string;
}

/** Lines are looked at up to here. */
export const COMPLAINT_CHARS_MAX = 2000;
const NEXT_MAX = 20;
/** Complaints that are kept of each kind; the first ones explain the others. */
const KEPT_MAX = 10;

/**
 * Output of a program that has caught the panic itself, and goes on. What Go writes behind a panic, `[recovered]`, says that it was thrown
 * again.
 */
const RECOVERED = /(?<!\[)\brecover/i;
/** A line of a logger at such a level, below which a stack trace tells of what the program has caught. */
const LEVELLED = /(?:^|[^\w-])(?:ERROR|WARN|WARNING|error|warning|warn)(?:$|[\]: \t|")}])/;
/** Python tells of an exception that came of another one between the two. */
const CHAINED = /^(?:During handling of the above exception|The above exception was the direct cause)/;

interface OpenComplaint {
  readonly complaint: Complaint;
  readonly next: RegExp;
  readonly needsNext: boolean;
  linesLeft: number;
}

const FATAL_JSON: ComplaintPattern = { kind: 'crash', pattern: /^\{/ };

/** The first pattern that knows the line, with or without what carried it. */
function patternOf(readings: readonly string[], patterns: readonly ComplaintPattern[]): ComplaintPattern | undefined {
  return patterns.find(({ pattern }) => readings.some((reading) => pattern.test(reading)));
}

/** Collects them while a log is read. */
export class Complaints {
  readonly found: Complaint[] = [];
  count = 0;
  #pending: OpenComplaint | null = null;
  /** The last line that was not empty is a logger's, at a level below which a caught exception is told. */
  #isBelowLogger = false;
  /** A traceback that the program has caught if it goes on, and the last thing that it said if not. */
  #caught: Complaint | null = null;
  /** The line that names its exception, the first that is not indented, has come. */
  #isCaughtTold = false;

  /** A line that no format knows. */
  bare(text: string, row: number): void {
    const line = text.slice(0, COMPLAINT_CHARS_MAX);
    const isTelling = TELLING.test(line);
    // Most lines have no telling word: of those only what a complaint waits for is of interest, and what a logger wrote above a traceback.
    const readings = isTelling || this.#pending !== null ? unwrapped(line) : [line];
    if (this.#pending !== null && this.#explains(this.#pending, readings)) return;
    if (isTelling && this.#match(readings, row, true)) this.#isBelowLogger = false;
    else this.#lineWas(line);
  }

  /** The text of a line that the program wrote through its logger and that tells no event; `raw` is the whole line, for its level. */
  logged(text: string, row: number, raw: string): void {
    const line = text.slice(0, COMPLAINT_CHARS_MAX);
    this.event();
    this.#isBelowLogger = LEVELLED.test(raw);
    if (WORSE.test(line) && this.#match([line], row, false)) return;
    if (!WORSE.test(raw) || RECOVERED.test(raw)) return;
    const readings = unwrapped(raw);
    const kind = patternOf(readings, ANYWHERE)?.kind ?? (readings.some(isFatalJson) ? 'crash' : null);
    if (kind !== null) this.#take({ kind, row, text: line });
  }

  /** A line that tells an event: the program goes on. */
  event(): void {
    this.#isBelowLogger = false;
    this.#caught = null;
  }

  /** The log has ended. */
  finish(): readonly Complaint[] {
    this.#flush();
    if (this.#caught !== null) this.#take(this.#caught);
    this.#caught = null;
    return this.found;
  }

  #flush(): void {
    const pending = this.#pending;
    this.#pending = null;
    if (pending?.needsNext === false) this.#take(pending.complaint);
  }

  #match(readings: readonly string[], row: number, isBare: boolean): boolean {
    const [line = ''] = readings;
    if (RECOVERED.test(line)) return false;
    const isFatal = isBare && readings.some(isFatalJson);
    const found = isFatal ? FATAL_JSON : (patternOf(readings, ANYWHERE) ?? (isBare ? patternOf(readings, BARE) : undefined));
    if (found === undefined) return false;
    const complaint = { kind: found.kind, row, text: line.trim() };
    if (found.unlessLogged === true && this.#isBelowLogger) {
      this.#caught = complaint;
      this.#isCaughtTold = false;
      return true;
    }
    this.#flush();
    this.#caught = null;
    const { next, nextMax: linesLeft = NEXT_MAX, needsNext = false } = found;
    if (next === undefined) this.#take(complaint);
    else this.#pending = { complaint, next, needsNext, linesLeft };
    return true;
  }

  /** Whether the line is the one below a complaint that says what the matter was. */
  #explains(pending: OpenComplaint, readings: readonly string[]): boolean {
    const { complaint, next } = pending;
    // What is indented is so for the pattern, too: a frame of a stack is not the exception.
    const line = readings.find((reading) => next.test(reading));
    if (line !== undefined) {
      this.#pending = null;
      this.#take({ ...complaint, text: `${complaint.text} ${line.trim()}`.slice(0, COMPLAINT_CHARS_MAX) });
      return true;
    }
    pending.linesLeft--;
    if (pending.linesLeft <= 0) this.#flush();
    return false;
  }

  #lineWas(line: string): void {
    if (line.trim() === '') return;
    const isChained = this.#caught !== null && CHAINED.test(line);
    this.#isBelowLogger = isChained || LEVELLED.test(line);
    if (isChained || /^\s/.test(line)) return;
    if (this.#isCaughtTold) this.#caught = null;
    this.#isCaughtTold = true;
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
