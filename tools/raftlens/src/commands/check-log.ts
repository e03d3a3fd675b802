import { Checker, type CheckReport } from '@raftlens/checker';
import type { LogStore } from '@raftlens/log-store';

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

export function rowOfCheckedSeq(seq: number): number {
  return seq - 1;
}
