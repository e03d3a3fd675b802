import { Checker, type CheckReport } from '@raftlens/checker';
import { specOf } from '@raftlens/events';
import { type LogStore, OPCODE_CODES } from '@raftlens/log-store';

/**
 * Holds figure 2 against every event of the log. The checker knows a row by its number from 1 (`rowOfCheckedSeq`), because
 * the seqs of several files that are merged are not unique.
 */
export async function checkLog(store: LogStore): Promise<CheckReport> {
  const checker = new Checker();
  for await (const { row, event } of store.rows()) {
    if (event === null) continue;
    event.seq = row + 1;
    checker.observe(event);
  }
  return checker.finish();
}

const OF_RAFT = OPCODE_CODES.map((op) => op !== null && ['message', 'step'].includes(specOf(op).kind));

/** Whether any line is of the kinds that figure 2 speaks of. */
export function tellsOfRaft({ size, columns }: LogStore): boolean {
  for (let row = 0; row < size; row += 1) if (OF_RAFT[columns.op(row)] === true) return true;
  return false;
}

export function rowOfCheckedSeq(seq: number): number {
  return seq - 1;
}
