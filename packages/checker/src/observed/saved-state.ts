import type { EntryDigest, Event } from '@raftlens/events';

/** An entry's digest where the recorder could not make one: it is equal to nothing. */
const NO_DIGEST = '?';

/** Whether two digests tell of different commands. What is not known differs from nothing. */
export function differs(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && one !== other && one !== NO_DIGEST && other !== NO_DIGEST;
}

/** How the log before stands to the one that a save replaces it with. */
export interface Removal {
  /** The first index whose entry is gone or another one; 0 where none is. */
  readonly index: number;
  readonly term: number;
  readonly lastBefore: number;
}

/**
 * What a server has saved, as its Persist lines tell: currentTerm, votedFor and the log (figure 2, "Persistent state"). Each part is known or
 * not, on its own.
 */
export class SavedState {
  /** -1 while it is not known. */
  term = -1;
  voteIsKnown = false;
  vote: string | null = null;
  logIsKnown = false;
  /** The index and term that a snapshot stands for; the log begins after it. */
  base = 0;
  /** -1 where it is not known. */
  baseTerm = 0;
  /** The line of the last save; 0 before the first. */
  seq = 0;
  readonly #entries: EntryDigest[] = [];

  get last(): number {
    return this.base + this.#entries.length;
  }

  get lastTerm(): number {
    return this.#entries.at(-1)?.term ?? this.baseTerm;
  }

  at(index: number): EntryDigest | undefined {
    return this.#entries[index - this.base - 1];
  }

  /** The term of the entry at `index`; -1 where the log has none there or where it is not known. */
  termAt(index: number): number {
    if (index === 0) return 0;
    return index === this.base ? this.baseTerm : (this.at(index)?.term ?? -1);
  }

  /** Whether `index` is replaced by the snapshot. */
  isCompacted(index: number): boolean {
    return index <= this.base;
  }

  /** What a Persist line takes away from the log. */
  removalBy({ index, entries, snapshotIndex = 0 }: Event): Removal {
    if (!this.logIsKnown || index === undefined || entries === undefined) return NOTHING_REMOVED;
    return this.#removed(index, entries, snapshotIndex);
  }

  /** Takes a Persist line over. */
  take(event: Event): void {
    this.seq = event.seq;
    this.term = event.durableTerm ?? -1;
    this.voteIsKnown = event.durableVote !== undefined;
    this.vote = event.durableVote ?? null;
    this.#takeLog(event);
  }

  /** The line tells of the log as a difference: what was below `index` stays, `entries` follow, and nothing comes after them. */
  #takeLog({ index, entries, durableLast, snapshotIndex = 0, snapshotTerm = -1 }: Event): void {
    const isWhole = index === snapshotIndex + 1;
    const fits = this.logIsKnown && index !== undefined && index > this.base && index <= this.last + 1;
    if (index === undefined || entries === undefined || !(fits || isWhole)) {
      this.logIsKnown = false;
      return;
    }
    if (fits) {
      this.#entries.length = index - this.base - 1;
    } else {
      this.#entries.length = 0;
      this.base = index - 1;
      this.baseTerm = index === 1 ? 0 : snapshotTerm;
    }
    for (const entry of entries) this.#entries.push(entry);
    if (snapshotIndex > this.base) this.#compact(snapshotIndex, snapshotTerm);
    this.logIsKnown = durableLast === undefined || durableLast === this.last;
  }

  #removed(start: number, entries: readonly EntryDigest[], base: number): Removal {
    const { last } = this;
    for (let index = Math.max(start, this.base + 1, base + 1); index <= last; index++) {
      const before = this.at(index);
      const after = entries[index - start];
      if (before === undefined || (after?.term === before.term && !differs(after.hash, before.hash))) continue;
      return { index, term: before.term, lastBefore: last };
    }
    return NOTHING_REMOVED;
  }

  #compact(index: number, term: number): void {
    this.baseTerm = term >= 0 ? term : this.termAt(index);
    this.#entries.splice(0, index - this.base);
    this.base = index;
  }
}

const NOTHING_REMOVED: Removal = { index: 0, term: 0, lastBefore: 0 };
