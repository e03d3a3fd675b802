import type { LogView } from '../log.ts';

/** Refusals that are answered at once between two heartbeats. An honest peer needs one for each term in which the logs differ. */
export const RETRIES_MAX = 64;

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
 * The leader's half: nextIndex after the refusal of prevLogIndex. It passes over all entries of the conflicting term at once, or stops
 * after its own last entry of that term when it has one; it never goes behind what is known to match, and it always moves.
 */
export function nextAfterRefusal(log: LogView, hint: ConflictHint, prevLogIndex: number, match: number): number {
  const wanted = hint.conflictTerm === 0 ? hint.conflictIndex : afterLastOfTerm(log, hint, prevLogIndex);
  return Math.max(match + 1, Math.min(wanted, prevLogIndex));
}

function afterLastOfTerm(log: LogView, hint: ConflictHint, prevLogIndex: number): number {
  let index = Math.min(prevLogIndex, log.lastIndex);
  while (index >= hint.conflictIndex && log.termAt(index) > hint.conflictTerm) {
    index--;
  }
  return index >= hint.conflictIndex && log.termAt(index) === hint.conflictTerm ? index + 1 : hint.conflictIndex;
}
