import type { EntryDigest, Event } from '@raftlens/events';
import type { Cluster } from '../model/cluster.ts';
import { EntryRecord, sameDigest } from '../model/entry-record.ts';
import type { Rule, Rulebook } from '../rulebook.ts';

/**
 * Two logs that have an entry with the same index and term hold the same command there and are identical before it (figure
 * 3; 5.3).
 *
 * Whole logs are never compared. Each pair of index and term has one record with one predecessor; when every entry that
 * enters a log agrees with its record, the property follows by induction, at a constant cost for each entry.
 */
export class LogMatching {
  private readonly rule: Rule;
  private readonly cluster: Cluster;

  constructor(book: Rulebook, cluster: Cluster) {
    this.rule = book.rule('log-matching');
    this.cluster = cluster;
  }

  /** The record of the entry that enters a log at `index` after `prev`. */
  enter(event: Event, index: number, digest: EntryDigest, prev: EntryRecord | null): EntryRecord {
    this.rule.checked++;
    const known = this.cluster.entries.find(index, digest.term);
    if (known === null) {
      const record = new EntryRecord(index, digest, prev, event.seq, event.node);
      this.cluster.entries.add(record);
      return record;
    }
    if (!sameDigest(known.digest, digest)) return this.differ(event, known, digest, prev);
    if (known.prev === null) known.prev = prev;
    else if (prev !== null && known.prev !== prev && !isAgain(known.prev, prev)) return this.forked(event, known, digest, prev);
    return known;
  }

  /** A log changed in a way that the events do not tell. */
  lostTrack(reason: string): void {
    this.rule.skip(reason);
  }

  private differ(event: Event, known: EntryRecord, digest: EntryDigest, prev: EntryRecord | null): EntryRecord {
    this.rule.broken(
      event,
      [known.seq],
      `entry ${known.index} of term ${known.term} is ${digest.hash} at ${event.node} and ${known.digest.hash} at ${known.node}`,
      `the entry ${known.term}:${known.digest.hash} at index ${known.index}`,
    );
    return new EntryRecord(known.index, digest, prev, event.seq, event.node);
  }

  private forked(event: Event, known: EntryRecord, digest: EntryDigest, prev: EntryRecord): EntryRecord {
    const before = known.prev ?? prev;
    this.rule.broken(
      event,
      [before.seq, prev.seq, known.seq],
      `entry ${known.index} of term ${known.term} follows an entry of term ${prev.term} (${prev.digest.hash}) at ${event.node} ` +
        `and one of term ${before.term} (${before.digest.hash}) at ${known.node}`,
      `entry ${known.index} of term ${known.term} only after entry ${before.index} of term ${before.term}`,
    );
    return new EntryRecord(known.index, digest, prev, event.seq, event.node);
  }
}

/**
 * The same entry in two records: the first was forgotten when every server had compacted it, and a server came back from an older disk,
 * which had not got the snapshot yet.
 */
function isAgain(forgotten: EntryRecord, record: EntryRecord): boolean {
  return forgotten.term === record.term && sameDigest(forgotten.digest, record.digest);
}
