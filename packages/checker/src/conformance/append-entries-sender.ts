import type { Event } from '@raftlens/events';
import type { Cluster } from '../model/cluster.ts';
import { sameDigest } from '../model/entry-record.ts';
import type { ServerModel } from '../model/server-model.ts';
import type { Rule, Rulebook } from '../rulebook.ts';

/** AppendEntries, its sender (figure 2; 5.3). */
export class AppendEntriesSender {
  private readonly rule: Rule;
  private readonly cluster: Cluster;

  constructor(book: Rulebook, cluster: Cluster) {
    this.cluster = cluster;
    this.rule = book.rule('append-sender');
  }

  sendRequest(server: ServerModel, event: Event): void {
    const { msgTerm } = event;
    if (msgTerm === undefined) {
      this.rule.skip('AppendEntries lines lack msgTerm');
      return;
    }
    this.rule.checked++;
    const leads = server.role === 'leader' && server.term === msgTerm;
    // A message of a term that the server led may leave after it has stepped down; its log may have changed since.
    if (leads) this.ofOwnLog(server, event);
    else if (server.led.get(msgTerm) === null) this.ofAnother(server, event, msgTerm);
    if (event.leaderCommit !== undefined && server.commit >= 0 && event.leaderCommit > server.commit) {
      this.rule.broken(
        event,
        [server.commitSeq],
        `${server.id} tells leaderCommit ${event.leaderCommit}, but its commitIndex is ${server.commit}`,
        `leaderCommit ${server.commit}`,
      );
    }
  }

  private ofAnother(server: ServerModel, event: Event, term: number): void {
    if (server.term < 0 || !server.roleKnown) {
      this.rule.skip(`the term or the role of ${server.id} is not told`);
      return;
    }
    if (!server.led.complete && term < server.term) return;
    this.rule.broken(
      event,
      [server.roleSeq],
      `${server.id} sends AppendEntries of term ${term}, which it does not lead: it is ${server.role} of term ${server.term}`,
      'no AppendEntries',
    );
  }

  private ofOwnLog(server: ServerModel, event: Event): void {
    const { prev, prevTerm, entries } = event;
    if (prev === undefined || prevTerm === undefined) {
      this.rule.skip('AppendEntries lines lack prev or prevTerm');
      return;
    }
    const { log } = server;
    if (!log.known) {
      this.rule.skip(`no line tells of the log of ${server.id}`);
      return;
    }
    const known = log.termAt(prev);
    if (prev < log.base && !log.hole) this.compacted(server, event, prev, prevTerm);
    else if (prev > log.last) this.beyond(server, event, prev);
    else if (known >= 0 && known !== prevTerm) {
      this.rule.broken(
        event,
        [log.at(prev)?.seq ?? 0],
        `${server.id} tells prevLogTerm ${prevTerm} at prevLogIndex ${prev}, but its entry there is of term ${known}`,
        `prevLogTerm ${known}`,
      );
    }
    if (entries === undefined) return;
    for (let i = 0; i < entries.length; i++) {
      const index = prev + 1 + i;
      const sent = entries[i];
      const record = log.at(index);
      if (index <= log.base || (record !== null && sent !== undefined && sameDigest(record.digest, sent))) continue;
      this.rule.broken(
        event,
        [record?.seq ?? server.logSeq],
        `${server.id} sends entry ${index} as ${sent?.term}:${sent?.hash}, but ` +
          (record === null ? `its log ends at ${log.last}` : `holds ${record.term}:${record.digest.hash} there`),
        'entries of its own log',
      );
      return;
    }
  }

  /** A server may keep entries that its snapshot covers; one that does not cannot know prevLogTerm any more. */
  private compacted(server: ServerModel, event: Event, prev: number, prevTerm: number): void {
    const term = prev === 0 ? 0 : (this.cluster.entries.committedAt(prev)?.term ?? prevTerm);
    if (term === prevTerm) return;
    this.rule.broken(
      event,
      [server.logSeq],
      `${server.id} sends AppendEntries after prevLogIndex ${prev} of prevLogTerm ${prevTerm}, but its snapshot of index ` +
        `${server.log.base} has replaced that entry, which was of term ${term}`,
      'InstallSnapshot',
    );
  }

  private beyond(server: ServerModel, event: Event, prev: number): void {
    this.rule.broken(
      event,
      [server.logSeq],
      `${server.id} tells prevLogIndex ${prev}, but its log ends at ${server.log.last}`,
      `prevLogIndex ${server.log.last} at most`,
    );
  }
}
