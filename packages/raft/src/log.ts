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

/** Entries that go into one message, and what the log was when they were chosen. */
export interface EntryBatch {
  readonly from: number;
  readonly to: number;
  /** The sizes of the entries, added up. */
  readonly bytes: number;
  readonly entries: readonly LogEntry[];
  readonly logEnd: number;
  readonly bytesMax: number;
}

const NO_ENTRIES: readonly LogEntry[] = [];
const NO_BATCH: EntryBatch = { from: -1, to: -1, bytes: 0, entries: NO_ENTRIES, logEnd: -1, bytesMax: 0 };

/** The entries after the last compacted one, numbered from 1 (figure 2, log[]). It knows nothing of what is durable or committed. */
export class RaftLog implements LogView {
  #entries: LogEntry[] = [];
  #offset = 0;
  #offsetTerm = 0;
  // The slice made last. A leader sends the same entries to each peer and to its disk, so that one array serves all.
  #sliceFrom = -1;
  #sliceTo = -1;
  #slice: readonly LogEntry[] = NO_ENTRIES;
  #batch: EntryBatch = NO_BATCH;

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
    if (entry !== undefined) return entry.term;
    return index === this.#offset ? this.#offsetTerm : -1;
  }

  /** The entries from `from` to `to`, both included. */
  slice(from: number, to: number): readonly LogEntry[] {
    if (from > to) return NO_ENTRIES;
    if (from !== this.#sliceFrom || to !== this.#sliceTo) {
      this.#slice = this.#entries.slice(from - this.#offset - 1, to - this.#offset);
      this.#sliceFrom = from;
      this.#sliceTo = to;
    }
    return this.#slice;
  }

  /** As many entries from `from` on as fit into `bytesMax`, at least one if there is one. */
  batch(from: number, bytesMax: number): EntryBatch {
    const cached = this.#batch;
    if (cached.from === from && cached.logEnd === this.lastIndex && cached.bytesMax === bytesMax) return cached;
    let bytes = 0;
    let to = from - 1;
    for (let entry = this.at(from); entry !== undefined && (to < from || bytes + entry.size <= bytesMax); entry = this.at(to + 1)) {
      bytes += entry.size;
      to++;
    }
    this.#batch = { from, to, bytes, entries: this.slice(from, to), logEnd: this.lastIndex, bytesMax };
    return this.#batch;
  }

  /** Adds entries whose indices follow the last one's. */
  append(entries: readonly LogEntry[]): void {
    this.#sliceFrom = this.lastIndex + 1;
    for (const entry of entries) this.#entries.push(entry);
    this.#sliceTo = this.lastIndex;
    this.#slice = entries;
  }

  /** Deletes the entry at `index` and all that follow. */
  truncateFrom(index: number): void {
    this.#entries.length = index - this.#offset - 1;
    this.#forgetSlices();
  }

  /** Forgets the entries up to `index`, whose term is kept for the consistency check of the entry after it (7). */
  compactTo(index: number): void {
    const term = this.termAt(index);
    this.#entries = this.#entries.slice(index - this.#offset);
    this.#offset = index;
    this.#offsetTerm = term;
    this.#forgetSlices();
  }

  /** Empties the log: a snapshot that ends at `index` in `term` stands for everything up to there. */
  reset(index: number, term: number): void {
    this.#entries = [];
    this.#offset = index;
    this.#offsetTerm = term;
    this.#forgetSlices();
  }

  #forgetSlices(): void {
    this.#sliceFrom = -1;
    this.#sliceTo = -1;
    this.#slice = NO_ENTRIES;
    this.#batch = NO_BATCH;
  }
}
