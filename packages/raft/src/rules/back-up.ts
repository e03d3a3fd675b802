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
  if (prevLogIndex > log.lastIndex) return { conflictIndex: log.lastIndex + 1, conflictTerm: 0 };
  const conflictTerm = log.termAt(prevLogIndex);
  let conflictIndex = prevLogIndex;
  while (conflictIndex - 1 > log.offset && log.termAt(conflictIndex - 1) === conflictTerm) conflictIndex--;
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
  while (index >= hint.conflictIndex && log.termAt(index) > hint.conflictTerm) index--;
  return index >= hint.conflictIndex && log.termAt(index) === hint.conflictTerm ? index + 1 : hint.conflictIndex;
}

/**
 * The follower's half of hints in both directions: its newest entry that can be in the leader's log up to `prevLogIndex`. Terms never fall
 * along a log, so that this is one of a term up to `prevLogTerm`. `conflictIndex` is the index after it; `conflictTerm` its term, 0 where
 * that tells the leader nothing: the leader's entry there can be of no higher term.
 */
export function boundedHint(log: LogView, prevLogIndex: number, prevLogTerm: number): ConflictHint {
  const newest = Math.max(log.offset, lastUpToTerm(log, Math.min(prevLogIndex, log.lastIndex), prevLogTerm));
  const term = log.termAt(newest);
  return { conflictIndex: newest + 1, conflictTerm: term === prevLogTerm ? 0 : term };
}

/**
 * The leader's half: nextIndex after its own newest entry that the follower's can equal, one below `conflictIndex` of a term up to
 * `conflictTerm`. Like `nextAfterRefusal` it never goes behind what is known to match, and it always moves.
 */
export function nextAfterBoundedRefusal(log: LogView, hint: ConflictHint, prevLogIndex: number, match: number): number {
  const newest = Math.min(hint.conflictIndex - 1, prevLogIndex - 1, log.lastIndex);
  return Math.max(match + 1, 1, hint.conflictTerm === 0 ? newest + 1 : lastUpToTerm(log, newest, hint.conflictTerm) + 1);
}

/** The follower's half of either kind. `bothWays` is the option `hintsBothWays`. */
export function hintFor(bothWays: boolean, log: LogView, prevLogIndex: number, prevLogTerm: number): ConflictHint {
  return bothWays ? boundedHint(log, prevLogIndex, prevLogTerm) : conflictHint(log, prevLogIndex);
}

/** The leader's half of either kind. */
export function nextAfterHint(bothWays: boolean, log: LogView, hint: ConflictHint, prevLogIndex: number, match: number): number {
  return (bothWays ? nextAfterBoundedRefusal : nextAfterRefusal)(log, hint, prevLogIndex, match);
}

/** The newest index up to `from` whose term is not above `term`; below the log's offset, whose terms are gone, the next one is taken for it. */
function lastUpToTerm(log: LogView, from: number, term: number): number {
  let below = log.offset - 1;
  let above = from + 1;
  while (above - below > 1) {
    const middle = Math.floor((below + above) / 2);
    if (log.termAt(middle) <= term) {
      below = middle;
    } else {
      above = middle;
    }
  }
  return Math.min(below, from);
}
