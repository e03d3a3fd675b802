import { Checker, type CheckerOptions, type CheckReport, type Violation } from '@raftlens/checker';
import { type Event, specOf } from '@raftlens/events';
import type { LogStore } from '@raftlens/log-store';
import { plural } from '../text/time.ts';
import { ClientHistory, type HistoryVerdict } from './client-history.ts';
import { COMPLAINT_CHARS_MAX, Complaints } from './complaints.ts';
import { testMarkOf } from './test-marks.ts';

/** A piece of an operation of a Jepsen history that stands on several lines. */
const PART_OF_OPERATION = /^[\s([{]*:(?:type|f|value|process|time|error|index|key)\b/;

/** A check of a whole log, event by event: figure 2, the history of the clients, and what the harness says of itself. */
export class LogCheck {
  readonly complaints = new Complaints();
  /** A history for each cluster of the log: another one begins with another service. */
  readonly #histories: ClientHistory[] = [];
  /** The harness's own last word; null where it has none. */
  testEnd: Event | null = null;
  /** Whether any line was of the kinds that can be held against a rule: figure 2, or the history of the clients. */
  sawAny = false;
  readonly #checker: Checker;

  constructor(options: CheckerOptions = {}) {
    this.#checker = new Checker(options);
  }

  /**
   * Takes the event of a row, from 0. The checker knows it by its number from 1 (`rowOfCheckedSeq`), because the seqs of several files that
   * are merged are not unique. `file` is the place of the file in which the lines are numbered, -1 where they are not. `raw` is the whole line
   * of a note that is not one of raftlens's own.
   */
  observe(event: Event, row: number, file: number, raw = ''): void {
    const number = file < 0 ? 0 : event.seq;
    event.seq = checkedSeqOfRow(row);
    this.#checker.observe(event, number, file);
    const { kind } = specOf(event.op);
    if (kind === 'message' || kind === 'step' || kind === 'client') this.sawAny = true;
    if (kind === 'client') this.#historyNow().observe(event);
    else if (event.op === 'TestEnd') this.testEnd = event;
    if (event.op !== 'Note') this.complaints.event();
    else {
      this.complaints.logged(event.detail ?? '', row, raw);
      this.#mark(event.detail ?? '');
    }
  }

  /** Takes a line that no format knows. */
  unread(text: string, row: number): void {
    this.complaints.bare(text, row);
    this.#mark(text);
    if (PART_OF_OPERATION.test(text)) this.#historyNow().unread();
  }

  get violations(): readonly Violation[] {
    return this.#checker.violations;
  }

  /** What clients got, as a verdict on the first history that is wrong, or could not be decided, or on all of them. Null where there is none. */
  historyVerdict(): HistoryVerdict | null {
    const verdicts = this.#histories.flatMap((history) => history.verdict() ?? []);
    const worst = verdicts.find(({ verdict }) => verdict === 'illegal') ?? verdicts.find(({ verdict }) => verdict !== 'legal');
    const [first = null] = verdicts;
    if (worst !== undefined || first === null || verdicts.length === 1) return worst ?? first;
    const operations = verdicts.reduce((sum, verdict) => sum + verdict.operations, 0);
    return {
      ...first,
      operations,
      summary: `${plural(operations, 'operation')} of clients on ${verdicts.length} services, one after the other: linearizable`,
    };
  }

  finish(): CheckReport {
    this.complaints.finish();
    return this.#checker.finish();
  }

  /** Takes what a runner of tests prints: its next test may start a cluster of its own. */
  #mark(text: string): void {
    const mark = testMarkOf(text.slice(0, COMPLAINT_CHARS_MAX));
    if (mark === 'begins') this.#checker.testBegins();
    else if (mark === 'ends') this.#checker.testEnds();
  }

  #historyNow(): ClientHistory {
    const at = this.#checker.clusters - 1;
    return (this.#histories[at] ??= new ClientHistory());
  }
}

/** Checks a log that is open as a whole. */
export function checkStore(store: LogStore, options: CheckerOptions = {}): LogCheck {
  const check = new LogCheck(options);
  for (let row = 0; row < store.size; row += 1) {
    const event = store.event(row);
    if (event === null) check.unread(store.line(row, COMPLAINT_CHARS_MAX), row);
    else check.observe(event, row, store.numberedFileOf(row), rawOf(store, event, row));
  }
  return check;
}

/** A program's own line may tell more than its text: the level, in front of it. */
function rawOf(store: LogStore, { op }: Event, row: number): string {
  return op === 'Note' && store.fileOf(row).format !== 'native' ? store.line(row, COMPLAINT_CHARS_MAX) : '';
}

/** Figure 2 held against every event of a log that is open as a whole. */
export function checkLog(store: LogStore): CheckReport {
  return checkStore(store).finish();
}

export function rowOfCheckedSeq(seq: number): number {
  return seq - 1;
}

export function checkedSeqOfRow(row: number): number {
  return row + 1;
}
