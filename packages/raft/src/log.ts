import type { LogEntry } from './entry.ts';

/** What the rules may ask a log. */
export interface LogView {
  /** The index before the first entry: the last that was compacted away, 0 in a log that never was. */
  readonly offset: number;
  /** The index of the last entry; `offset` when there is none. */
  readonly lastIndex: number;
  /** The term of that entry. */
  readonly lastTerm: number;
  /** The term of the entry at `index`, also of the compacted one at `offset`; -1 for what the log does not hold. */
  termAt(index: number): number;
}

const NO_ENTRIES: readonly LogEntry[] = [];

/** The entries after the last compacted one, numbered from 1 (figure 2, log[]). It knows nothing of what is durable or committed. */
export class RaftLog implements LogView {
  #entries: LogEntry[] = [];
  #offset = 0;
  #offsetTerm = 0;
  // The slice made last. A leader sends the same entries to each peer and to its disk, so that one array serves all.
  #sliceFrom = -1;
  #sliceTo = -1;
  #slice: readonly LogEntry[] = NO_ENTRIES;

  get offset(): number {
    return this.#offset;
  }

  get lastIndex(): number {
    return this.#offset + this.#entries.length;
  }

  get lastTerm(): number {
    return this.#entries[this.#entries.length - 1]?.term ?? this.#offsetTerm;
  }

  at(index: number): LogEntry | undefined {
    return this.#entries[index - this.#offset - 1];
  }

  termAt(index: number): number {
    const entry = this.#entries[index - this.#offset - 1];
    if (entry !== undefined) {
      return entry.term;
    }
    return index === this.#offset ? this.#offsetTerm : -1;
  }

  /** The entries from `from` to `to`, both included. */
  slice(from: number, to: number): readonly LogEntry[] {
    if (from > to) {
      return NO_ENTRIES;
    }
    if (from !== this.#sliceFrom || to !== this.#sliceTo) {
      this.#slice = this.#entries.slice(from - this.#offset - 1, to - this.#offset);
      this.#sliceFrom = from;
      this.#sliceTo = to;
    }
    return this.#slice;
  }

  /** The last index that can go along with `from` so that all entries together are at most `bytesMax`; at least `from` itself. */
  lastWithin(from: number, bytesMax: number): number {
    let bytes = 0;
    for (let position = from - this.#offset - 1; position < this.#entries.length; position++) {
      bytes += this.#entries[position]?.size ?? 0;
      if (bytes > bytesMax) {
        return Math.max(from, this.#offset + position);
      }
    }
    return this.lastIndex;
  }

  append(entry: LogEntry): void {
    this.#entries.push(entry);
  }

  /** Deletes the entry at `index` and all that follow. */
  truncateFrom(index: number): void {
    this.#entries.length = index - this.#offset - 1;
    this.#forgetSlice();
  }

  /** Forgets the entries up to `index`, whose term is kept for the consistency check of the entry after it (7). */
  compactTo(index: number): void {
    const term = this.termAt(index);
    this.#entries = this.#entries.slice(index - this.#offset);
    this.#offset = index;
    this.#offsetTerm = term;
    this.#forgetSlice();
  }

  /** Empties the log: a snapshot that ends at `index` in `term` stands for everything up to there. */
  reset(index: number, term: number): void {
    this.#entries = [];
    this.#offset = index;
    this.#offsetTerm = term;
    this.#forgetSlice();
  }

  #forgetSlice(): void {
    this.#sliceFrom = -1;
    this.#sliceTo = -1;
    this.#slice = NO_ENTRIES;
  }
}
