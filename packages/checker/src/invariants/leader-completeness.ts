import type { Event } from '@raftlens/events';
import type { Cluster } from '../model/cluster.ts';
import type { EntryRecord } from '../model/entry-record.ts';
import type { ServerModel } from '../model/server-model.ts';
import type { Rule, Rulebook } from '../rulebook.ts';

/** How many entries committed by later terms are passed over in search of one of a lower term. */
const SEARCH_MAX = 10_000;

/**
 * An entry that was committed in a term is in the log of every leader of a higher term (figure 3; 5.4).
 *
 * Only entries committed in LOWER terms count: a candidate of an old term that wins late, when a later term has already
 * committed entries, lacks those entries and breaks nothing.
 */
export class LeaderCompleteness {
  private readonly rule: Rule;
  private readonly cluster: Cluster;

  constructor(book: Rulebook, cluster: Cluster) {
    this.rule = book.rule('leader-completeness');
    this.cluster = cluster;
  }

  /** `server` has become the leader of its term. The highest committed entry is enough: its record stands for all before it. */
  leader(server: ServerModel, event: Event): void {
    const committed = this.highestBelow(server.term);
    if (committed === null) return;
    if (committed.index <= server.log.base) {
      if (server.log.baseTerm < 0) this.rule.skip(`the events do not tell the log of ${server.id} up to ${server.log.base}`);
      return;
    }
    this.rule.checked++;
    if (server.log.at(committed.index) === committed) return;
    const missing = this.lowestMissing(server, committed);
    const held = server.log.at(missing.index);
    const has = held === null ? `its log ends at ${server.log.last}` : `it has an entry of term ${held.term} (${held.digest.hash}) there`;
    this.rule.broken(
      event,
      [missing.seq, missing.committedSeq, held?.seq ?? 0],
      `${server.id} leads term ${server.term} without entry ${missing.index} of term ${missing.term} (${missing.digest.hash}), ` +
        `which ${missing.committedNode} committed in term ${missing.committedTerm}: ${has}`,
      `a leader whose log holds entry ${missing.index} of term ${missing.term}`,
    );
  }

  private highestBelow(term: number): EntryRecord | null {
    const { entries } = this.cluster;
    const lowest = Math.max(1, entries.committedMax - SEARCH_MAX);
    for (let index = entries.committedMax; index >= lowest; index--) {
      const record = entries.committedAt(index);
      if (record !== null && record.committedTerm < term) return record;
    }
    return null;
  }

  private lowestMissing(server: ServerModel, from: EntryRecord): EntryRecord {
    let missing = from;
    for (let index = from.index - 1; index > server.log.base; index--) {
      const record = this.cluster.entries.committedAt(index);
      if (record === null || record === server.log.at(index)) break;
      missing = record;
    }
    return missing;
  }
}
