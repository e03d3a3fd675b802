import type { Event } from '@raftlens/events';
import { describeConfig, isQuorum } from '../model/quorum.ts';
import type { ServerModel } from '../model/server-model.ts';
import type { Rule, Rulebook } from '../rulebook.ts';

/** Reads that a server may have begun and not served; the oldest are forgotten. */
const READS_MAX = 1024;

/** ReadIndex and reads in general (8; thesis 6.4). */
export class ReadRules {
  private readonly rule: Rule;

  constructor(book: Rulebook) {
    this.rule = book.rule('read-index');
  }

  starts(server: ServerModel, event: Event): void {
    const { ctx, index } = event;
    if (ctx === undefined || index === undefined) return;
    this.rule.checked++;
    if (server.role !== 'leader') {
      this.rule.broken(event, [server.roleSeq], `${server.id} gives out a read index as ${server.role}`, 'to ask the leader');
    }
    const committed = server.log.termAt(server.commit);
    if (committed >= 0 && committed !== server.term) {
      this.rule.broken(
        event,
        [server.roleSeq, server.commitSeq],
        `${server.id} leads term ${server.term} and gives out a read index although its last committed entry is of term ${committed}`,
        'to commit an entry of its own term first',
      );
    }
    if (index < server.commit) {
      this.rule.broken(
        event,
        [server.commitSeq],
        `${server.id} gives out read index ${index}, but its commitIndex is ${server.commit}`,
        `index ${server.commit}`,
      );
    }
    server.reads.set(ctx, { index, seq: event.seq, round: server.leadership?.roundSent ?? 0, term: server.term });
    this.bound(server);
  }

  private bound(server: ServerModel): void {
    if (server.reads.size <= READS_MAX) return;
    for (const ctx of server.reads.keys()) {
      server.reads.delete(ctx);
      return;
    }
  }

  /** The leader's answer to a follower, which then waits for the index to be applied. */
  sendReply(server: ServerModel, event: Event): void {
    if (event.success !== true || event.ctx === undefined) return;
    const read = server.reads.get(event.ctx);
    if (read === undefined || read.term !== server.term) return;
    this.rule.checked++;
    if (!event.lease) this.confirmed(server, event, read);
    server.reads.delete(event.ctx);
  }

  receiveReply(server: ServerModel, event: Event): void {
    if (event.success !== true || event.ctx === undefined || event.index === undefined) return;
    server.reads.set(event.ctx, { index: event.index, seq: event.seq, round: -1, term: server.term });
    this.bound(server);
  }

  ready(server: ServerModel, event: Event): void {
    const { ctx, index } = event;
    if (ctx === undefined || index === undefined) return;
    this.rule.checked++;
    const read = server.reads.get(ctx);
    // The line's own state counts: a restored snapshot is applied without a line of its own.
    const applied = event.applied ?? server.applied;
    if (applied >= 0 && index > applied) {
      this.rule.broken(
        event,
        [read?.seq ?? 0, server.appliedSeq],
        `${server.id} serves a read at index ${index}, but has applied only ${applied}`,
        `to wait until index ${index} is applied`,
      );
    }
    if (read === undefined) this.unfounded(server, event, ctx);
    else if (read.round >= 0 && event.lease !== true && read.term === server.term) this.confirmed(server, event, read);
    server.reads.delete(ctx);
  }

  private unfounded(server: ServerModel, event: Event, ctx: string): void {
    if (!server.writesReceives) {
      this.rule.skip(`${server.id} does not tell what it received`);
      return;
    }
    this.rule.broken(
      event,
      [server.roleSeq],
      `${server.id} serves the read ${ctx} as ${server.role}, for which no leader has given it a read index`,
      'to ask the leader for a read index, or to refuse',
    );
  }

  /** A majority has answered a heartbeat that was sent after the read came in: nobody else led in between. */
  private confirmed(server: ServerModel, event: Event, read: { seq: number; round: number }): void {
    const { config, leadership } = server;
    if (config === null || leadership === null) return;
    if (leadership.roundSent === 0 && !isQuorum(config, (voter) => voter === server.id)) {
      if (event.dir === undefined && server.writesReceives)
        this.notConfirmed(server, event, read, 'no round of heartbeats was sent at all');
      return;
    }
    const answered = (voter: string): boolean => voter === server.id || leadership.peer(voter).round > read.round;
    if (isQuorum(config, answered)) return;
    this.notConfirmed(server, event, read, `no majority of ${describeConfig(config)} has answered a heartbeat sent since`);
  }

  private notConfirmed(server: ServerModel, event: Event, read: { seq: number }, why: string): void {
    this.rule.broken(
      event,
      [read.seq],
      `${server.id} serves a read without knowing that it still leads: ${why}`,
      'to wait for a round of heartbeats',
    );
  }
}
