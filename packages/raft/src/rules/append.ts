import type { LogEntry } from '../entry.ts';
import type { LogView } from '../log.ts';

/**
 * Figure 2, AppendEntries receiver rule 2: the log must hold an entry at prevLogIndex whose term is prevLogTerm (5.3). What a snapshot
 * covers is committed and therefore equal to the leader's, whatever its index.
 */
export function isConsistent(log: LogView, prevLogIndex: number, prevLogTerm: number): boolean {
  return prevLogIndex < log.offset || log.termAt(prevLogIndex) === prevLogTerm;
}

/** How many of the leading entries the log holds already, compacted ones included: same index and same term means same entry (5.3). */
export function countHeld(log: LogView, prevLogIndex: number, entries: readonly LogEntry[]): number {
  let held = 0;
  for (const entry of entries) {
    const index = prevLogIndex + held + 1;
    if (index > log.offset && log.termAt(index) !== entry.term) break;
    held++;
  }
  return held;
}

/**
 * Figure 2, AppendEntries receiver rule 3: the index to truncate from, or 0. Only an entry that conflicts with a new one (same index,
 * other term) deletes anything: a message that is late or short and holds no conflict leaves the entries after it alone (5.3).
 */
export function conflictFrom(log: LogView, prevLogIndex: number, held: number, entries: readonly LogEntry[]): number {
  const index = prevLogIndex + held + 1;
  return held < entries.length && index <= log.lastIndex ? index : 0;
}
