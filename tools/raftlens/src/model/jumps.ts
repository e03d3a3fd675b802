import type { Opcode } from '@raftlens/events';
import { type LogStore, OPCODE_CODES } from '@raftlens/log-store';
import type { Finding } from './document.ts';
import type { Lines } from './lines.ts';

export const ELECTION_OPS: readonly Opcode[] = ['BecomePreCandidate', 'BecomeCandidate', 'BecomeLeader'];
export const COMMIT_OPS: readonly Opcode[] = ['Commit'];

/** The next of the rows shown, after `row` or before it, whose opcode is one of these; -1 where there is none. */
export function nextOfOps(lines: Lines, store: LogStore, row: number, step: 1 | -1, ops: readonly Opcode[]): number {
  const wanted = OPCODE_CODES.map((op) => op !== null && ops.includes(op));
  for (const candidate of lines.rowsFrom(row, step)) if (wanted[store.columns.op(candidate)] === true) return candidate;
  return -1;
}

/**
 * The violation whose wrong step stands next after `row`, or before it; -1 where there is none. One line can break several
 * rules: from `current`, when the cursor is on its wrong step, the next one in the list comes first.
 */
export function nextFinding(found: readonly Finding[], row: number, step: 1 | -1, current: number): number {
  if (found[current]?.row === row) return found[current + step] === undefined ? -1 : current + step;
  return step === 1 ? found.findIndex((finding) => finding.row > row) : found.findLastIndex((finding) => finding.row < row);
}

/** The next mark after `row`, starting over at the first; -1 where there is none. */
export function nextMark(marks: readonly number[], row: number): number {
  return marks.find((mark) => mark > row) ?? marks[0] ?? -1;
}
