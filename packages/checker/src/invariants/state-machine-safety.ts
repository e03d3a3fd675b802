import type { Event } from '@raftlens/events';
import type { Cluster } from '../model/cluster.ts';
import { EntryRecord } from '../model/entry-record.ts';
import type { ServerModel } from '../model/server-model.ts';
import type { Rule, Rulebook } from '../rulebook.ts';

/** No two servers commit or apply different entries at the same index (figure 3; 5.4.3). */
export class StateMachineSafety {
  private readonly rule: Rule;
  private readonly cluster: Cluster;

  constructor(book: Rulebook, cluster: Cluster) {
    this.rule = book.rule('state-machine-safety');
    this.cluster = cluster;
  }

  /** The commit index of `server` rises from `from` to `to`, within its log. */
  committing(server: ServerModel, event: Event, from: number, to: number): void {
    const first = Math.max(from, server.log.base) + 1;
    const last = Math.min(to, server.log.last);
    for (let index = first; index <= last; index++) {
      const record = server.log.at(index);
      if (record !== null) this.commit(server, event, record);
    }
  }

  private commit(server: ServerModel, event: Event, record: EntryRecord): void {
    this.rule.checked++;
    const known = this.cluster.entries.committedAt(record.index);
    if (known === record) return;
    if (known === null) this.cluster.entries.commit(record, server.term, event.seq, server.id);
    else this.differ(event, record.term, record.digest.hash, known, record.seq);
  }

  /** An Apply: the entry may come from a log that does not tell of Append and Commit. */
  applying(server: ServerModel, event: Event): void {
    const { index, entryTerm, hash } = event;
    if (index === undefined || entryTerm === undefined || hash === undefined) {
      this.rule.skip(`Apply of ${server.id} lacks index, entryTerm or hash`);
      return;
    }
    this.rule.checked++;
    const known = this.cluster.entries.committedAt(index);
    if (known === null) {
      this.cluster.entries.commit(this.record(event, index, entryTerm, hash), server.term, event.seq, server.id);
      return;
    }
    if (known.term === entryTerm && known.digest.hash === hash) return;
    this.differ(event, entryTerm, hash, known, 0);
  }

  private record(event: Event, index: number, term: number, hash: string): EntryRecord {
    const known = this.cluster.entries.find(index, term);
    if (known !== null && known.digest.hash === hash) return known;
    const record = new EntryRecord(index, { term, hash }, null, event.seq, event.node);
    if (known === null) this.cluster.entries.add(record);
    return record;
  }

  private differ(event: Event, term: number, hash: string, known: EntryRecord, seq: number): void {
    const did = event.op === 'Apply' ? 'applied' : 'committed';
    this.rule.broken(
      event,
      [known.seq, known.committedSeq, seq],
      `${event.node} ${did} entry ${known.index} of term ${term} (${hash}); ` +
        `${known.committedNode} committed term ${known.term} (${known.digest.hash}) at that index`,
      `the entry of term ${known.term} (${known.digest.hash})`,
    );
  }
}
