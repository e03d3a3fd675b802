import { Checker, type CheckerOptions, type CheckReport, type Violation } from '@raftlens/checker';
import { type Event, specOf } from '@raftlens/events';
import type { LogStore } from '@raftlens/log-store';
import { ClientHistory } from './client-history.ts';

/** A check of a whole log, event by event: figure 2, the history of the clients, and what the harness says of itself. */
export class LogCheck {
  readonly history = new ClientHistory();
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
   * are merged are not unique.
   */
  observe(event: Event, row: number): void {
    event.seq = row + 1;
    this.#checker.observe(event);
    const { kind } = specOf(event.op);
    if (kind === 'message' || kind === 'step' || kind === 'client') this.sawAny = true;
    if (kind === 'client') this.history.observe(event);
    else if (event.op === 'TestEnd') this.testEnd = event;
  }

  get violations(): readonly Violation[] {
    return this.#checker.violations;
  }

  finish(): CheckReport {
    return this.#checker.finish();
  }
}

/** Checks a log that is open as a whole. */
export function checkStore(store: LogStore, options: CheckerOptions = {}): LogCheck {
  const check = new LogCheck(options);
  for (let row = 0; row < store.size; row += 1) {
    const event = store.event(row);
    if (event !== null) check.observe(event, row);
  }
  return check;
}

/** Figure 2 held against every event of a log that is open as a whole. */
export function checkLog(store: LogStore): CheckReport {
  return checkStore(store).finish();
}

export function rowOfCheckedSeq(seq: number): number {
  return seq - 1;
}
