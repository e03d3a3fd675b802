import { assert } from './assert.ts';
import type { EntryRecord } from './entry-record.ts';
import { IndexMap } from './index-map.ts';

/** All entries that any server was ever seen to hold, by index and term, and which of them are committed. */
export class EntryTable {
  readonly #heads = new IndexMap<EntryRecord>();
  readonly #committed = new IndexMap<EntryRecord>();
  /** The highest index that any server committed. */
  committedMax = 0;

  find(index: number, term: number): EntryRecord | null {
    for (let record = this.#heads.get(index); record !== null; record = record.sibling) {
      if (record.term === term) return record;
    }
    return null;
  }

  /** Takes an entry that is not in the table yet. */
  add(record: EntryRecord): void {
    assert(this.find(record.index, record.term) === null, 'an entry stands in the table twice');
    record.sibling = this.#heads.get(record.index);
    this.#heads.set(record.index, record);
  }

  committedAt(index: number): EntryRecord | null {
    return this.#committed.get(index);
  }

  /** Notes the first commit of an index, or the first one that tells its term (-1 where it does not). */
  commit(record: EntryRecord, term: number, seq: number, node: string): void {
    const known = this.#committed.get(record.index);
    if (known !== null && (known !== record || known.committedTerm >= 0 || term < 0)) return;
    assert(known === record || this.find(record.index, record.term) === record, 'an entry is committed that is not in the table');
    record.committedTerm = term;
    record.committedSeq = seq;
    record.committedNode = node;
    this.#committed.set(record.index, record);
    if (record.index > this.committedMax) this.committedMax = record.index;
  }

  /** Forgets what every server has compacted. */
  forgetBelow(index: number): void {
    this.#heads.forgetBelow(index);
    this.#committed.forgetBelow(index);
  }
}
