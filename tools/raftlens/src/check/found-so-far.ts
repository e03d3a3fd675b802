import { type Operation, ruleOf, type Violation } from '@raftlens/checker';
import type { Event } from '@raftlens/events';
import type { Finding, Findings } from '../model/document.ts';
import { cellText } from '../text/line.ts';
import type { HistoryVerdict } from './client-history.ts';
import { COMPLAINT_CHARS_MAX, type Complaint, telling } from './complaints.ts';
import { LogCheck, rowOfCheckedSeq } from './log-check.ts';

/** Lines of evidence from a window of operations: the last ones, because they are the ones that contradict each other. */
const EVIDENCE_ROWS_MAX = 24;

/** The rows of a log, in the thread that opened it or in another. */
export interface LogRows {
  event(row: number): Event | null;
  line(row: number, charsMax: number): string;
  numberedFileOf(row: number): number;
}

/** A check that goes on while the log is looked at: what was found so far, by rows. */
export class FoundSoFar {
  readonly #check = new LogCheck();
  #next = 0;

  /** The row that is to be checked next. */
  get next(): number {
    return this.#next;
  }

  get violations(): number {
    return this.#check.violations.length;
  }

  /** Takes the next row of the log. */
  observe(log: LogRows): void {
    const event = log.event(this.#next);
    if (event === null) this.#check.unread(log.line(this.#next, COMPLAINT_CHARS_MAX), this.#next);
    else this.#check.observe(event, this.#next, log.numberedFileOf(this.#next));
    this.#next += 1;
  }

  /** `complete` says that all rows were taken: only then can the history of the clients be judged. */
  findings(complete: boolean): Findings {
    const found = this.#check.violations.map(findingOf);
    if (!complete) return { found, checkedRows: this.#next, report: null, failed: null };
    const { unchecked, suppressed } = this.#check.finish();
    const verdict = this.#check.historyVerdict();
    const clients = verdict === null ? [] : contradictionsIn(verdict);
    const said = telling(this.#check.complaints.finish()).map(complaintOf);
    const all = [...found, ...said, ...clients].sort((a, b) => a.row - b.row);
    return { found: all, checkedRows: this.#next, report: { unchecked, suppressed }, failed: null };
  }
}

function findingOf({ rule, section, node, why, allowed, seq, evidence }: Violation): Finding {
  return {
    rule,
    section,
    who: node,
    why,
    text: ruleOf(rule)?.text ?? section,
    allowed: allowed ?? null,
    row: rowOfCheckedSeq(seq),
    evidenceRows: evidence.map(rowOfCheckedSeq),
    picture: [],
  };
}

function complaintOf({ kind, row, text }: Complaint): Finding {
  return {
    rule: 'The program failed',
    section: kind,
    who: 'the program',
    why: cellText(text),
    text: 'The program under test, its runtime or its test says itself that it has failed.',
    allowed: null,
    row,
    evidenceRows: [row],
    picture: [],
  };
}

/** What clients got that no order of their operations explains, as a finding like the others. */
function contradictionsIn({ at, window, summary, picture }: HistoryVerdict): Finding[] {
  if (at === null) return [];
  return [
    {
      rule: 'Linearizability',
      section: '8',
      who: at.client,
      why: summary,
      text: 'Each operation appears to take place at once, exactly once, at some moment between its call and its end.',
      allowed: null,
      row: rowOfCheckedSeq(at.endSeq),
      evidenceRows: rowsOf(window, at),
      picture,
    },
  ];
}

/** The calls and the ends of the operations, up to the end that made the history impossible. */
function rowsOf(window: readonly Operation[], at: Operation): number[] {
  const seqs = window.flatMap(({ callSeq, endSeq }) => [callSeq, endSeq]).filter((seq) => seq > 0 && seq <= at.endSeq);
  return [...new Set([...seqs, at.endSeq])]
    .sort((a, b) => a - b)
    .slice(-EVIDENCE_ROWS_MAX)
    .map(rowOfCheckedSeq);
}
