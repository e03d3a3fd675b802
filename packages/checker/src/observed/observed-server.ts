import type { Event } from '@raftlens/events';
import { IndexMap } from '../model/index-map.ts';
import { majorityIndex } from '../model/quorum.ts';
import { TermHistory } from '../model/term-history.ts';
import type { ObservedRequest } from './observed-request.ts';
import { SavedState } from './saved-state.ts';

/** A vote that a server gave, and the line that tells it. */
export interface GivenVote {
  readonly candidate: string;
  readonly seq: number;
}

/** What a leader's messages and those that answer it tell of its term. */
export class ObservedLeadership {
  readonly term: number;
  readonly seq: number;
  /** The entries that it has sent: index to term, and the line. */
  readonly sent = new IndexMap<{ readonly term: number; readonly seq: number }>();
  /** What each peer has acknowledged: the last index, and the line in which that came in. */
  readonly acks = new Map<string, { readonly match: number; readonly seq: number }>();
  /** A success whose request is not known has come in: what it acknowledges is not known either. */
  acksAreKnown = true;
  /** The line of its last AppendEntries. */
  sentSeq = 0;

  constructor(term: number, seq: number) {
    this.term = term;
    this.seq = seq;
  }

  /** The highest index that a majority of `voters` holds, the leader itself among them. */
  majorityMatch(self: string, voters: readonly string[]): number {
    return majorityIndex(voters, (id) => (id === self ? Number.POSITIVE_INFINITY : (this.acks.get(id)?.match ?? 0)));
  }
}

/** A candidacy, by the first request for votes that tells of it. */
export interface ObservedCandidacy {
  readonly seq: number;
  /** -1 where it is not told. */
  readonly lastLogIndex: number;
  /** The highest index that had been applied when it stood, all of it in earlier terms; 0 for none. */
  readonly committed: { readonly index: number; readonly seq: number };
  /** Who has granted its vote, and the line in which the vote came in. */
  readonly granted: Map<string, number>;
  /** A reply does not tell whether it grants the vote. */
  isUnknown: boolean;
}

/** A server, seen from outside. Its state is not known; what it has told and saved bounds it. */
export class ObservedServer {
  readonly id: string;
  boot = 0;
  bootSeq = 0;
  isUp = true;
  /** The highest term that this incarnation has told or inherited, and the line that tells it. */
  term = -1;
  termSeq = 0;
  readonly saved = new SavedState();
  /** Votes that were on its disk, by term, and those that it has told. */
  readonly savedVotes = new TermHistory<string>();
  readonly givenVotes = new TermHistory<GivenVote>();
  /** The vote that is saved may be the one of the term before. */
  voteIsTakenAlong = false;
  readonly candidacies = new TermHistory<ObservedCandidacy>();
  /** Requests whose handlers have not answered. */
  readonly open = new Map<number, ObservedRequest>();
  /** Requests that change logs and were being handled at any time since the last save. */
  readonly sinceSave: ObservedRequest[] = [];
  /** Entries that it was sent, or has started itself: the term that was heard last at each index. */
  readonly heard = new IndexMap<number>();
  /** The highest commit index that it can know, and the line that tells it. */
  commit = 0;
  commitSeq = 0;
  /** The term that it leads, or led last. */
  leadership: ObservedLeadership | null = null;
  /** The last index that it has applied; -1 where that is not known. */
  applied = -1;
  appliedSeq = 0;
  /** A snapshot that its service was handed, which the service may have refused; -1 for none. */
  offered = -1;
  /** The last entry that it has acknowledged to the leader of a term. */
  acknowledged = { term: -1, index: 0, entryTerm: 0, seq: 0 };
  /** When it last answered its leader since it stood; null where it has not. */
  contact: { readonly time: number; readonly seq: number } | null = null;
  /** When it last had no reason to stand but its timer: it started, or stood. */
  lonelyMs = -1;
  /** How often it stood although it had just answered its leader, this time included. */
  hasty = 0;
  /** When it last did anything that needs its lock: it sent, answered or saved something. */
  spokeMs = 0;
  /** It has taken a snapshot, or was handed one, in any of its lives; the index may be unknown. */
  hasSnapshot = false;
  /** The indexes of the snapshots that it has taken or was sent, in any of its lives. */
  readonly snapshots = new Set<number>();
  /** An InstallSnapshot has arrived in this life: its service may take the snapshot at any later time. */
  hearsSnapshots = false;

  constructor(id: string) {
    this.id = id;
  }

  /** A new incarnation, which restores what was saved. */
  boots(event: Event): void {
    this.boot = event.boot;
    this.bootSeq = event.seq;
    this.isUp = true;
    this.term = this.saved.term;
    this.termSeq = this.saved.seq;
    this.open.clear();
    this.sinceSave.length = 0;
    // What a snapshot of an unknown index stands for is committed, however far it goes.
    this.commit = this.saved.logIsKnown || !this.hasSnapshot ? this.saved.base : Number.POSITIVE_INFINITY;
    this.commitSeq = this.saved.seq;
    this.leadership = null;
    this.applied = this.saved.seq === 0 ? 0 : this.saved.logIsKnown ? this.saved.base : -1;
    this.offered = -1;
    this.contact = null;
    this.lonelyMs = event.time;
    this.hearsSnapshots = false;
  }

  /**
   * Whether it is known where in the log the entries of a save stand. A program that keeps a snapshot shifts its array, and how far it does is
   * read from a field that may mean another index: it has to be one that the service was asked for, or that a leader has sent.
   */
  placesOf({ what, snapshotIndex = 0 }: Event): boolean {
    if (snapshotIndex !== 0) return this.snapshots.has(snapshotIndex);
    return what?.includes('snapshot') !== true;
  }

  /** A line tells a term of this incarnation: it never has a lower one again. */
  tells(term: number | undefined, seq: number): void {
    if (term === undefined || term <= this.term) return;
    this.term = term;
    this.termSeq = seq;
  }

  knowsCommit(index: number, seq: number): void {
    if (index <= this.commit) return;
    this.commit = index;
    this.commitSeq = seq;
  }
}
