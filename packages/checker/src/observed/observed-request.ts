import type { EntryDigest, Event } from '@raftlens/events';
import { isUpToDate } from '../model/matching.ts';
import type { SavedState } from './saved-state.ts';

/** How often each answer was right, over the states that the server may have been in while it handled the request. */
export interface Fits {
  yes: boolean;
  no: boolean;
  unknown: boolean;
}

function noFits(): Fits {
  return { yes: false, no: false, unknown: false };
}

/**
 * A request that has reached a handler, which has not answered yet. When the handler looked at the server's state is not seen: so the request
 * is held against each state that was saved in the meantime, and a rule speaks only where all of them agree.
 */
export class ObservedRequest {
  /** A copy of the line that tells of its arrival. */
  readonly event: Event;
  readonly op: Event['op'];
  readonly src: string;
  readonly id: number;
  readonly seq: number;
  readonly time: number;
  /** -1 where it is not told. */
  readonly term: number;
  readonly prev: number;
  readonly prevTerm: number;
  readonly entries: readonly EntryDigest[] | undefined;
  readonly n: number;
  readonly lastLogIndex: number;
  readonly lastLogTerm: number;
  /** The highest term that the server had told before, and the line that told it. */
  readonly termBefore: number;
  readonly termBeforeSeq: number;
  /** The log holds the entry before the request's own. */
  readonly holdsPrev = noFits();
  /** The candidate's log is at least as up-to-date (5.4.1). */
  readonly isUpToDate = noFits();
  /** Another request that may change the log was handled at the same time. */
  isOverlapped = false;
  /** It was told of as waiting for too long. */
  isOverdue = false;

  /** How long the whole process had stood still until then. */
  readonly stalledMs: number;

  constructor(event: Event, termBefore: number, termBeforeSeq: number, stalledMs: number) {
    // Whoever gives the events may use the object again.
    this.event = { ...event };
    this.stalledMs = stalledMs;
    this.op = event.op;
    this.src = event.src;
    this.id = event.id ?? -1;
    this.seq = event.seq;
    this.time = event.time;
    this.term = event.msgTerm ?? -1;
    this.prev = event.prev ?? -1;
    this.prevTerm = event.prevTerm ?? -1;
    this.entries = event.entries;
    this.n = event.n ?? event.entries?.length ?? -1;
    this.lastLogIndex = event.lastLogIndex ?? -1;
    this.lastLogTerm = event.lastLogTerm ?? -1;
    this.termBefore = termBefore;
    this.termBeforeSeq = termBeforeSeq;
  }

  get changesLogs(): boolean {
    return this.op === 'AppendEntries' || this.op === 'InstallSnapshot';
  }

  /** The last index that a success acknowledges; -1 where it is not told. */
  get match(): number {
    return this.prev < 0 || this.n < 0 ? -1 : this.prev + this.n;
  }

  /** The handler may look at this state. */
  meets(saved: SavedState): void {
    if (this.op === 'AppendEntries') count(this.holdsPrev, holdsPrev(this, saved));
    else if (this.op === 'RequestVote') count(this.isUpToDate, mayVoteBy(this, saved));
  }

  /** The first of its entries, at or below `index`, with which the saved log is in conflict; 0 where there is none. */
  conflictIn(saved: SavedState, index: number): number {
    const { entries, prev } = this;
    if (entries === undefined || prev < 0) return 0;
    for (const [at, { term }] of entries.entries()) {
      const here = prev + 1 + at;
      if (here > index) return 0;
      const known = saved.termAt(here);
      if (known >= 0 && known !== term) return here;
    }
    return 0;
  }
}

function count(fits: Fits, fit: boolean | null): void {
  if (fit === null) fits.unknown = true;
  else if (fit) fits.yes = true;
  else fits.no = true;
}

function holdsPrev({ prev, prevTerm }: ObservedRequest, saved: SavedState): boolean | null {
  if (prev === 0) return true;
  if (prev < 0 || prevTerm < 0 || !saved.logIsKnown) return null;
  if (prev > saved.last) return false;
  const term = saved.termAt(prev);
  // What a snapshot has replaced is committed, and no leader has another entry there.
  return term < 0 ? null : term === prevTerm;
}

function mayVoteBy({ lastLogIndex, lastLogTerm }: ObservedRequest, saved: SavedState): boolean | null {
  if (lastLogIndex < 0 || lastLogTerm < 0 || !saved.logIsKnown || saved.lastTerm < 0) return null;
  return isUpToDate(saved, lastLogIndex, lastLogTerm);
}
