import type { Event } from '@raftlens/events';
import type { Cluster } from '../model/cluster.ts';
import type { ServerModel } from '../model/server-model.ts';
import type { Rule, Rulebook } from '../rulebook.ts';

/** Snapshots: taking them (7), and InstallSnapshot's sender and receiver (figure 13). */
export class SnapshotRules {
  private readonly take: Rule;
  private readonly sender: Rule;
  private readonly receiver: Rule;
  private readonly cluster: Cluster;

  constructor(book: Rulebook, cluster: Cluster) {
    this.take = book.rule('snapshot-take');
    this.sender = book.rule('snapshot-sender');
    this.receiver = book.rule('snapshot-receiver');
    this.cluster = cluster;
  }

  taking(server: ServerModel, event: Event): void {
    const { index, indexTerm } = event;
    if (index === undefined) return;
    // A log without a word of what is applied proves nothing: that the server has started with 0 is not where it stands now.
    if (event.applied === undefined && server.appliedSeq === 0) {
      this.take.skip(`no line tells what ${server.id} has applied`);
      return;
    }
    this.take.checked++;
    const applied = event.applied ?? server.applied;
    if (applied >= 0 && index > applied) {
      this.take.broken(
        event,
        [server.appliedSeq],
        `${server.id} takes a snapshot of index ${index}, but has applied only ${applied}`,
        `a snapshot of index ${applied} at most`,
      );
    }
    this.termOf(this.take, server, event, index, indexTerm);
  }

  /** The term at the boundary is what the next prevLogTerm is compared with. */
  private termOf(rule: Rule, server: ServerModel, event: Event, index: number, told: number | undefined): void {
    const record = server.log.at(index) ?? (index <= server.commit ? this.cluster.entries.committedAt(index) : null);
    if (told === undefined || record === null || told === record.term) return;
    rule.broken(
      event,
      [record.seq],
      `${server.id} gives the snapshot of index ${index} the term ${told}, but the entry there is of term ${record.term}`,
      `term ${record.term}`,
    );
  }

  sendRequest(server: ServerModel, event: Event): void {
    const { msgTerm, lastIncludedIndex, lastIncludedTerm } = event;
    if (msgTerm === undefined || lastIncludedIndex === undefined || server.term < 0) {
      this.sender.skip('InstallSnapshot lines lack term, msgTerm or lastIncludedIndex');
      return;
    }
    this.sender.checked++;
    const leads = server.role === 'leader' && server.term === msgTerm;
    if (!leads && server.led.get(msgTerm) === null && (msgTerm === server.term || server.led.complete)) {
      this.sender.broken(
        event,
        [server.roleSeq],
        `${server.id} sends a snapshot in term ${msgTerm}, which it does not lead`,
        'no InstallSnapshot',
      );
    }
    if (server.commit >= 0 && lastIncludedIndex > server.commit) {
      this.sender.broken(
        event,
        [server.commitSeq],
        `${server.id} sends a snapshot of index ${lastIncludedIndex}, but its commitIndex is ${server.commit}`,
        'a snapshot of committed entries',
      );
    }
    this.termOf(this.sender, server, event, lastIncludedIndex, lastIncludedTerm);
    if (leads) server.leadership?.snapshotTo(event.dst, lastIncludedIndex, event.done !== false);
  }

  installing(server: ServerModel, event: Event): void {
    const { index, indexTerm } = event;
    if (index === undefined) return;
    this.receiver.checked++;
    if (index <= server.commit) {
      this.receiver.broken(
        event,
        [server.commitSeq],
        `${server.id} installs a snapshot of index ${index} over a state with commitIndex ${server.commit}`,
        'to keep its newer state',
      );
    }
    if (event.commit !== undefined && event.commit < index && index > server.commit) {
      this.receiver.broken(
        event,
        [server.commitSeq],
        `${server.id} installs a snapshot of index ${index}, which only covers committed entries, and leaves commitIndex at ${event.commit}`,
        `commitIndex ${index} at least`,
      );
    }
    if (server.log.termAt(index) === indexTerm && event.last !== undefined && event.last < server.log.last && index > server.log.base) {
      this.receiver.broken(
        event,
        [server.log.at(index)?.seq ?? 0, server.logSeq],
        `${server.id} discards its log up to ${server.log.last} for a snapshot that ends with entry ${index} of term ${indexTerm}, which the log holds`,
        'to keep the entries after it (figure 13, rule 6)',
      );
    }
    if (!server.facts.writesSnapshots || server.snapshots.overflowed || server.term < 0) {
      this.receiver.skip(`${server.id} does not tell which InstallSnapshots it received`);
      return;
    }
    const sent = server.snapshots.open.find((request) => request.index === index && request.term === server.term);
    if (sent === undefined || (indexTerm !== undefined && sent.indexTerm !== indexTerm)) {
      this.receiver.broken(
        event,
        [sent?.seq ?? 0],
        `${server.id} installs a snapshot of index ${index} and term ${indexTerm} that no leader of term ${server.term} has sent it`,
        'no installation',
      );
    } else if (!sent.done && !server.snapshots.open.some((request) => request.index === index && request.done)) {
      this.receiver.broken(
        event,
        [sent.seq],
        `${server.id} installs a snapshot before its last chunk has come`,
        'to wait for the rest (figure 13, rule 4)',
      );
    }
    server.commitBound = Math.max(server.commitBound, index);
  }

  sendReply(server: ServerModel, event: Event): void {
    const request = server.snapshots.answered(event.re, event.dst);
    if (request === null) return;
    if (event.success === true) this.succeeds(server, event, request);
    if (request.done || request.term < server.term) server.snapshots.clear();
    else server.snapshots.remove(request);
  }

  private succeeds(
    server: ServerModel,
    event: Event,
    request: { term: number; arrivalTerm: number; seq: number; done: boolean; index: number },
  ): void {
    this.receiver.checked++;
    if (request.term < request.arrivalTerm) {
      this.receiver.broken(
        event,
        [request.seq],
        `${server.id} tells success to a snapshot of term ${request.term} although its own term was ${request.arrivalTerm}`,
        'success false (figure 13, rule 1)',
      );
    }
    if (!request.done || server.term > request.term) return;
    const { durable } = server;
    if (durable.told && durable.last < request.index && server.log.last >= request.index) {
      this.receiver.broken(
        event,
        [request.seq, server.logSeq, durable.seq],
        `${server.id} tells success to a snapshot of index ${request.index} while its disk holds the log up to ${durable.last} only`,
        'the reply after the Persist of the snapshot',
      );
    }
  }
}
