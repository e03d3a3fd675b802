import { Checker, type CheckReport } from '@raftlens/checker';
import { specOf } from '@raftlens/events';
import { type LogStore, OPCODE_CODES } from '@raftlens/log-store';
import type { ClientHistory } from './client-history.ts';

/**
 * Holds figure 2 against every event of a log that is open as a whole. The checker knows a row by its number from 1 (`rowOfCheckedSeq`), because
 * the seqs of several files that are merged are not unique. What clients did is noted in the history on the way.
 */
export function checkLog(store: LogStore, history?: ClientHistory): CheckReport {
  const checker = new Checker();
  for (let row = 0; row < store.size; row += 1) {
    const event = store.event(row);
    if (event === null) continue;
    event.seq = row + 1;
    checker.observe(event);
    history?.observe(event);
  }
  return checker.finish();
}

const CHECKED = OPCODE_CODES.map((op) => op !== null && ['message', 'step', 'client'].includes(specOf(op).kind));

/** Whether any line is of the kinds that can be held against a rule: figure 2, or the history of the clients. */
export function canBeChecked({ size, columns }: LogStore): boolean {
  for (let row = 0; row < size; row += 1) if (CHECKED[columns.op(row)] === true) return true;
  return false;
}

export function rowOfCheckedSeq(seq: number): number {
  return seq - 1;
}
