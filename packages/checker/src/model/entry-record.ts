import type { EntryDigest } from '@raftlens/events';

/**
 * A log entry as the whole log of events knows it. All servers that hold the entry share one record, and the record knows
 * the entry before it: so the records are a tree, a server's log is a path in it, and two logs are equal up to an index
 * when they hold the same record there. That is what makes every check on logs cost O(1) for each entry.
 */
export class EntryRecord {
  readonly index: number;
  readonly term: number;
  readonly digest: EntryDigest;
  /** The entry before it, null where that is not known (it was compacted before the log of events begins). */
  prev: EntryRecord | null;
  /** The line that first told of the entry, and who wrote it. */
  readonly seq: number;
  readonly node: string;
  /** The next record of another term with the same index. */
  sibling: EntryRecord | null = null;
  /** The term of the first server that said it was committed, 0 while it is not; the line, and who wrote it. */
  committedTerm = 0;
  committedSeq = 0;
  committedNode = '';

  constructor(index: number, digest: EntryDigest, prev: EntryRecord | null, seq: number, node: string) {
    this.index = index;
    this.term = digest.term;
    this.digest = digest;
    this.prev = prev;
    this.seq = seq;
    this.node = node;
  }
}

/** Whether two digests tell of the same command. In one process they are mostly one object, and no hash is computed. */
export function sameDigest(a: EntryDigest, b: EntryDigest): boolean {
  return a === b || (a.term === b.term && a.hash === b.hash);
}

/**
 * The same entry in two records: the first was forgotten when every server had compacted it, and a server came back from an older disk,
 * which had not got the snapshot yet.
 */
export function isAgain(forgotten: EntryRecord, record: EntryRecord): boolean {
  return forgotten.term === record.term && sameDigest(forgotten.digest, record.digest);
}
