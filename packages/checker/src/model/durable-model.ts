import type { EntryRecord } from './entry-record.ts';
import type { ServerLog } from './server-log.ts';

/** How far a durable log that differs from the one in memory is searched. */
const WALK_MAX = 10_000;

/** What a server's disk is known to hold (figure 2, "Persistent state"). */
export class DurableModel {
  /** Whether the term and the vote at a start, or by a Persist since, are known; and the log. */
  isStateKnown = false;
  isLogKnown = false;
  /** Lines tell what becomes durable. */
  readonly #isTold: () => boolean;
  term = 0;
  vote: string | null = null;
  last = 0;
  lastTerm = 0;
  /** The record at `last`: the durable log is the path to it. Null where it is empty or not known. */
  tip: EntryRecord | null = null;
  /**
   * The durable log is certain up to here. What comes after may be replaced by a write that is under way: after a crash the disk
   * holds the one or the other.
   */
  certain = 0;
  /** The index of the durable snapshot. */
  snapshot = 0;
  seq = 0;
  /** The line of a fault that took away what was durable; 0 for none. */
  lostSeq = 0;
  /** It was no member any more then: nothing rests on its promises, and it may be let in again with an empty disk. */
  lostAsStranger = false;
  /** Something durable was taken away once: what the server promised before rests on nothing. */
  wasLost = false;

  constructor(isTold: () => boolean) {
    this.#isTold = isTold;
  }

  /** False where it is not known which term and vote the disk holds: no Persist is told, or the server's story starts in its middle. */
  get tellsState(): boolean {
    return this.isStateKnown && this.#isTold();
  }

  /** The same of the log. */
  get tellsLog(): boolean {
    return this.isLogKnown && this.#isTold();
  }

  /** What the disk holds is not known any more. */
  forget(): void {
    this.isStateKnown = false;
    this.isLogKnown = false;
  }

  /** Whether the disk holds the entry at `index` of the log in memory. */
  holds(log: ServerLog, index: number): boolean {
    if (index > this.last) return false;
    if (index <= log.base) return true;
    if (this.tip === null || this.tip === log.at(this.last)) return true;
    const record = this.at(index);
    return record === null || record === log.at(index);
  }

  /** The log in memory is replaced from `index` on; the disk may follow before it says so. */
  replacedFrom(index: number): void {
    if (index <= this.certain) this.certain = index - 1;
  }

  /** A write has ended. If the disk now holds what memory holds, no replacement is under way any more. */
  settle(log: ServerLog): void {
    if (this.tip === log.at(this.last)) this.certain = this.last;
    else this.certain = Math.min(this.certain, this.last);
  }

  /** The durable record at `index`; null where it is not known. */
  at(index: number): EntryRecord | null {
    let record = this.tip;
    for (let steps = 0; record !== null && record.index > index && steps < WALK_MAX; steps++) record = record.prev;
    return record !== null && record.index === index ? record : null;
  }

  /** Whether the vote for `candidate` in `term` is on the disk, or a later term that makes it void. */
  holdsVote(term: number, candidate: string): boolean {
    return this.term > term || (this.term === term && this.vote === candidate);
  }
}
