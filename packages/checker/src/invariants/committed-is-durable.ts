import type { Event } from '@raftlens/events';
import type { Cluster } from '../model/cluster.ts';
import type { EntryRecord } from '../model/entry-record.ts';
import { describeConfig, isQuorum } from '../model/quorum.ts';
import type { ConfigModel, ServerModel } from '../model/server-model.ts';
import type { Rule, Rulebook } from '../rulebook.ts';

/**
 * Committed is durable (5.3, 5.4.2; thesis 10.2.1): when a leader commits an entry, it is on the disks of a majority.
 *
 * Acknowledgements tell the leader so; this looks at the disks themselves, by the Persist lines of all servers, and so finds a promise that
 * was not kept wherever it was made.
 */
export class CommittedIsDurable {
  private readonly rule: Rule;
  private readonly cluster: Cluster;

  constructor(book: Rulebook, cluster: Cluster) {
    this.rule = book.rule('quorum-durable');
    this.cluster = cluster;
  }

  /** The leader `server` raises commitIndex to `to`: the entry there stands for all before it. */
  committing(server: ServerModel, event: Event, to: number): void {
    const config = server.config ?? this.cluster.config;
    const record = server.log.at(to);
    if (!this.cluster.facts.writesPersists) {
      this.rule.skip('no server tells what has become durable (Persist)');
      return;
    }
    if (config === null || record === null) {
      this.rule.skip(`the configuration of ${server.id}, or the entry that it commits, is not told`);
      return;
    }
    if (isQuorum(config, (voter) => this.holds(voter, record, false))) {
      this.rule.checked++;
    } else if (isQuorum(config, (voter) => this.holds(voter, record, true))) {
      this.rule.skip('of too many servers it is not told what their disks hold');
    } else {
      this.rule.checked++;
      this.tooFew(server, event, record, config);
    }
  }

  /** Whether the disk holds the entry; `unless` is the answer where that is not told. */
  private holds(voter: string, record: EntryRecord, unless: boolean): boolean {
    const durable = this.cluster.find(voter)?.durable;
    if (durable === undefined || !durable.told || durable.wasLost) return unless;
    if (durable.snapshot >= record.index) return true;
    if (durable.last < record.index) return false;
    const held = durable.at(record.index);
    return held === null || held === record;
  }

  private tooFew(server: ServerModel, event: Event, record: EntryRecord, config: ConfigModel): void {
    const lacking = [...new Set([...config.voters, ...config.outgoing])].filter((voter) => !this.holds(voter, record, true));
    this.rule.broken(
      event,
      [record.seq, ...lacking.map((voter) => this.cluster.find(voter)?.durable.seq ?? 0)],
      `${server.id} commits index ${record.index} (term ${record.term}), which is not on the disks of ${lacking.join(', ')}: ` +
        `no majority of ${describeConfig(config)} has made it durable`,
      'to wait until a majority has made it durable',
    );
  }
}
