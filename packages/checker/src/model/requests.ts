import type { EntryDigest } from '@raftlens/events';
import { assert } from './assert.ts';

/** What every request has that a server received and has not answered yet. */
export interface ArrivedRequest {
  /** 0 where the log gives no ids. */
  id: number;
  src: string;
  /** The term that it carries. */
  term: number;
  seq: number;
  /** The receiver's term when it arrived. */
  arrivalTerm: number;
}

export class ArrivedAppend implements ArrivedRequest {
  id = 0;
  src = '';
  term = 0;
  seq = 0;
  arrivalTerm = 0;
  /** False for a heartbeat that compares no logs, or a line that leaves out what it compares. */
  isPrevTold = false;
  prev = 0;
  prevTerm = 0;
  n = 0;
  /** Null where the line carries none although n > 0. */
  entries: readonly EntryDigest[] | null = null;
  leaderCommit = 0;
  /** Whether the log held prevLogTerm at prevLogIndex when it arrived. */
  matchedOnArrival = false;
}

/** RequestVote or PreVote. */
export class ArrivedVote implements ArrivedRequest {
  id = 0;
  src = '';
  term = 0;
  seq = 0;
  arrivalTerm = 0;
  arrivalVote: string | null = null;
  /** Whether the line tells where the candidate's log ends. */
  isLogTold = false;
  lastIndex = 0;
  lastTerm = 0;
  upToDateOnArrival = false;
  /** Whether the receiver had a reason to believe in a live leader, or led itself (thesis 4.2.3, 9.6). */
  stickyOnArrival = false;
}

export class ArrivedSnapshot implements ArrivedRequest {
  id = 0;
  src = '';
  term = 0;
  seq = 0;
  arrivalTerm = 0;
  index = 0;
  indexTerm = 0;
  done = false;
}

/** How many unanswered requests of one kind are remembered for each server. */
const UNANSWERED_MAX = 64;
/** After so many answers to later requests nobody waits for an earlier one. */
const ANSWERS_MIN = 3;

/**
 * Requests that have arrived and were not answered yet, oldest first. A server may take in several before it answers
 * the first (it waits for its disk), and may never answer some; the objects are used again.
 */
export class Inbox<T extends ArrivedRequest> {
  readonly open: T[] = [];
  readonly #free: T[] = [];
  readonly #make: () => T;
  /** A request may have arrived of which nothing is known: no line tells it, or it was forgotten before anybody answered it. */
  misses = false;
  /** The latest line by which one may be missing; and answers to requests that came after it. */
  #missedSeq = 0;
  #answeredSince = 0;

  constructor(make: () => T) {
    this.#make = make;
  }

  add(seq: number): T {
    if (this.open.length >= UNANSWERED_MAX) {
      const oldest = this.open.shift();
      if (oldest !== undefined) this.#free.push(oldest);
      this.miss(seq);
    }
    const request = this.#free.pop() ?? this.#make();
    this.open.push(request);
    assert(this.open.length <= UNANSWERED_MAX, 'more requests wait for an answer than are remembered');
    return request;
  }

  /**
   * The request that a reply to `src` answers: that of the id `re`, or where there are no ids the oldest one of `src`. Without ids nobody can
   * tell while one may be missing. `isLikely` tells which one the reply fits best: a refusal leaves at once, and passes those that wait for the
   * disk.
   */
  answered(re: number | undefined, src: string, isLikely: ((request: T) => boolean) | null = null): T | null {
    if (this.misses && (re === undefined || re === 0)) {
      this.#answersUnpaired(src);
      return null;
    }
    if (isLikely !== null && (re === undefined || re === 0)) {
      const likely = this.open.find((request) => request.src === src && isLikely(request));
      if (likely !== undefined) return likely;
    }
    for (const request of this.open) {
      if (request.src === src && (re === undefined || re === 0 || request.id === re)) return request;
    }
    return null;
  }

  /** A reply to `src` that names no request: once all are answered that are known, those to come can be paired again. */
  #answersUnpaired(src: string): void {
    const at = this.open.findIndex((request) => request.src === src);
    const [request] = at < 0 ? [] : this.open.splice(at, 1);
    if (request === undefined) {
      this.#answeredSince = 0;
      return;
    }
    this.#free.push(request);
    this.#answeredSince++;
    if (this.#answeredSince >= ANSWERS_MIN && this.open.length === 0) this.misses = false;
  }

  miss(seq: number): void {
    this.misses = true;
    this.#missedSeq = seq;
    this.#answeredSince = 0;
  }

  /** Whatever was missing has no effect any more. */
  isWhole(): void {
    this.misses = false;
  }

  /** The request is answered. Requests are taken in about the order in which they come: what was missing is answered, too, before long. */
  remove(request: T): void {
    if (this.misses && request.seq > this.#missedSeq) {
      this.#answeredSince++;
      if (this.#answeredSince >= ANSWERS_MIN) this.misses = false;
    }
    const at = this.open.indexOf(request);
    if (at < 0) return;
    this.open.splice(at, 1);
    this.#free.push(request);
  }

  clear(): void {
    this.#free.push(...this.open);
    this.open.length = 0;
    this.misses = false;
  }
}
