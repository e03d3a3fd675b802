import type { EntryRecord } from './entry-record.ts';

/** The log of one server, rebuilt from its events: what a snapshot (or a hole in the events) stands for, then entries. */
export class ServerLog {
  /** The index of the last entry that is not here: compacted, or from before the events begin. */
  base = 0;
  /** Its term; -1 where it is not known. */
  baseTerm = 0;
  /** Its record, where the events once told of it. */
  baseRecord: EntryRecord | null = null;
  readonly records: EntryRecord[] = [];
  /** False until a line has told where the log ends. */
  known = true;
  /** What lies before is a hole in the events, and not a snapshot: the server may well hold those entries. */
  hole = false;

  get last(): number {
    return this.base + this.records.length;
  }

  get tip(): EntryRecord | null {
    return this.records.length === 0 ? this.baseRecord : (this.records[this.records.length - 1] ?? null);
  }

  /** -1 where it is not known. */
  get lastTerm(): number {
    const record = this.records[this.records.length - 1];
    return record === undefined ? this.baseTerm : record.term;
  }

  /** The record at `index`, null where it is compacted, not known, or beyond the end. */
  at(index: number): EntryRecord | null {
    if (index === this.base) return this.baseRecord;
    return this.records[index - this.base - 1] ?? null;
  }

  /** The term of the entry at `index`; -1 where it is not known or there is none. */
  termAt(index: number): number {
    if (index === this.base) return this.baseTerm;
    return this.records[index - this.base - 1]?.term ?? -1;
  }

  /** Whether the events tell what stands at `index`, if only that a snapshot covers it or that the log ends before. */
  tells(index: number): boolean {
    return this.known && (!this.hole || index > this.base);
  }

  push(record: EntryRecord): void {
    this.records.push(record);
  }

  /** Deletes the entry at `index` and all that follow. */
  truncate(index: number): void {
    const kept = Math.max(0, index - this.base - 1);
    if (kept < this.records.length) this.records.length = kept;
  }

  /** Replaces the entries up to `index` by a snapshot; those after it stay. */
  compact(index: number, term: number, record: EntryRecord | null): void {
    const gone = index - this.base;
    if (gone >= this.records.length) this.records.length = 0;
    else if (gone > 0) this.records.splice(0, gone);
    this.base = index;
    this.baseTerm = term;
    this.baseRecord = record;
    this.hole = false;
  }

  /** Nothing is known of the log. */
  forget(): void {
    this.lose(0, -1);
    this.known = false;
  }

  /** The log ends at `index`, and nothing else is known of it. */
  lose(index: number, term: number): void {
    this.reset(index, term, null);
    this.hole = true;
  }

  /** Replaces the whole log. */
  reset(index: number, term: number, record: EntryRecord | null): void {
    this.known = true;
    this.hole = false;
    this.records.length = 0;
    this.base = index;
    this.baseTerm = term;
    this.baseRecord = record;
  }
}
