import type { LogView } from '../log.ts';

/** Where a refused leader may back up to (5.3: the term of the conflicting entry and the first index of that term). */
export interface ConflictHint {
  readonly conflictIndex: number;
  /** 0 when the follower has no entry at prevLogIndex: its log is too short. */
  readonly conflictTerm: number;
}

/** The follower's half: the first index that it stores for the conflicting term, or the end of its log. */
export function conflictHint(log: LogView, prevLogIndex: number): ConflictHint {
  if (prevLogIndex > log.lastIndex) {
    return { conflictIndex: log.lastIndex + 1, conflictTerm: 0 };
  }
  const conflictTerm = log.termAt(prevLogIndex);
  let conflictIndex = prevLogIndex;
  while (conflictIndex - 1 > log.offset && log.termAt(conflictIndex - 1) === conflictTerm) {
    conflictIndex--;
  }
  return { conflictIndex, conflictTerm };
}

/**
 * The leader's half: nextIndex after a refusal. It passes over all entries of the conflicting term at once, or up to its own last entry
 * of that term when it has one, but never behind what is known to match, and it always moves.
 */
export function nextAfterRefusal(log: LogView, hint: ConflictHint, next: number, match: number): number {
  const wanted = hint.conflictTerm === 0 ? hint.conflictIndex : afterLastOfTerm(log, hint, next);
  return Math.max(match + 1, Math.min(wanted, next - 1), 1);
}

function afterLastOfTerm(log: LogView, hint: ConflictHint, next: number): number {
  let index = Math.min(next - 1, log.lastIndex);
  while (index >= hint.conflictIndex && index > log.offset && log.termAt(index) > hint.conflictTerm) {
    index--;
  }
  return log.termAt(index) === hint.conflictTerm && index >= hint.conflictIndex ? index + 1 : hint.conflictIndex;
}
