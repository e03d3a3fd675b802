import type { EntryDigest, Event } from '@raftlens/events';
import type { Cluster } from '../model/cluster.ts';
import type { Leadership, PeerModel } from '../model/leadership.ts';
import { describeConfig, isQuorum } from '../model/quorum.ts';
import type { ConfigModel, ServerModel } from '../model/server-model.ts';
import type { Rule, Rulebook } from '../rulebook.ts';

/** A refused prevLogIndex may be under way a few more times; after that the leader is not backing up. */
const REPEATS_MAX = 3;
const REPEAT_GRACE_MS = 20;

/** Leaders rules 2 to 4 (figure 2; 5.3, 5.4.2). */
export class LeaderRules {
  private readonly rule2: Rule;
  private readonly rule3: Rule;
  private readonly rule4: Rule;
  private readonly cluster: Cluster;

  constructor(book: Rulebook, cluster: Cluster) {
    this.cluster = cluster;
    this.rule2 = book.rule('leaders-2');
    this.rule3 = book.rule('leaders-3');
    this.rule4 = book.rule('leaders-4');
  }

  starts(server: ServerModel, event: Event): void {
    this.rule2.checked++;
    if (server.role === 'leader') return;
    this.rule2.broken(
      event,
      [server.roleSeq],
      `${server.id} takes a command as ${server.role} of term ${server.term}`,
      'to point the client to the leader',
    );
  }

  appending(server: ServerModel, event: Event, index: number, entries: readonly EntryDigest[]): void {
    this.rule2.checked++;
    const wrong = server.term < 0 ? undefined : entries.find((entry) => entry.term !== server.term);
    if (wrong !== undefined) {
      this.rule2.broken(
        event,
        [server.roleSeq],
        `${server.id} leads term ${server.term} and appends an entry of term ${wrong.term}`,
        `entries of term ${server.term}`,
      );
    }
    if (server.log.known && index > server.log.last + 1) {
      this.rule2.broken(
        event,
        [server.logSeq],
        `${server.id} appends at index ${index} although its log ends at ${server.log.last}`,
        `index ${server.log.last + 1}`,
      );
    }
  }

  /** What the leader says that it knows of a peer (Progress). */
  progress(server: ServerModel, event: Event): void {
    const { peer: id, match, next } = event;
    const { leadership } = server;
    if (leadership === null || id === undefined || id === server.id || match === undefined) return;
    this.rule3.checked++;
    const peer = leadership.peer(id);
    if (next !== undefined && next <= match) {
      this.rule3.broken(event, [peer.matchSeq], `nextIndex of ${id} is ${next} and its matchIndex ${match}`, `a nextIndex above ${match}`);
    }
    if (match < peer.match) {
      this.rule3.broken(event, [peer.matchSeq], `matchIndex of ${id} falls from ${peer.match} to ${match}`, `matchIndex ${peer.match}`);
    }
    if (match > peer.acked) this.unfounded(server, event, id, peer, match);
    if (event.state !== undefined) peer.snapshotUnderWay = event.state === 'snapshot';
    peer.match = match;
    peer.matchSeq = event.seq;
  }

  private unfounded(server: ServerModel, event: Event, id: string, peer: PeerModel, match: number): void {
    if (!server.acknowledgementsAreTold) {
      this.rule3.skip(`${server.id} does not tell which replies it received`);
      return;
    }
    if (peer.formerMatch >= match) {
      this.former(event, id, peer, match);
      return;
    }
    const told = peer.ackedSeq === 0 ? 'nothing' : `a match up to ${peer.acked}`;
    this.rule3.broken(
      event,
      [server.roleSeq, peer.ackedSeq],
      `matchIndex of ${id} is ${match}, but in term ${server.term} ${id} has acknowledged ${told}`,
      `matchIndex ${peer.acked}`,
    );
  }

  /**
   * The match comes from a membership that has ended. It is right where the server has kept its log, so that only a log which is told to be
   * shorter shows that the leader is wrong.
   */
  private former(event: Event, id: string, peer: PeerModel, match: number): void {
    const log = this.cluster.find(id)?.log;
    if (log === undefined || !log.known || log.last >= match) {
      this.rule3.skip(`${id} has joined again, and whether it still has what it acknowledged before is not told`);
      return;
    }
    this.rule3.broken(
      event,
      [peer.joinedSeq, peer.formerSeq, this.cluster.find(id)?.logSeq ?? 0],
      `matchIndex of ${id} is ${match} by an acknowledgement from before ${id} joined again (line ${peer.joinedSeq}); its log now ends at ${log.last}`,
      `matchIndex ${peer.acked}`,
    );
  }

  /** "If AppendEntries fails because of log inconsistency: decrement nextIndex and retry." */
  retries(server: ServerModel, event: Event, leadership: Leadership): void {
    const { prev, dst } = event;
    if (prev === undefined) return;
    const peer = leadership.peer(dst);
    // Where the entries that the peer lacks are compacted, heartbeats start from the snapshot until it is sent.
    if (peer.refusedPrev < 0 || prev < peer.refusedPrev || peer.refusedPrev <= server.log.base || peer.snapshotUnderWay) return;
    peer.repeated++;
    if (peer.repeated < REPEATS_MAX || event.time <= peer.refusedTime + REPEAT_GRACE_MS) return;
    this.rule3.checked++;
    this.rule3.broken(
      event,
      [peer.refusedSeq],
      `${server.id} sends ${dst} prevLogIndex ${prev} again, although ${dst} has refused ${peer.refusedPrev}`,
      `prevLogIndex ${peer.refusedPrev - 1} at most, or a snapshot`,
    );
    peer.repeated = 0;
  }

  /** The leader raises commitIndex to `to`. */
  committing(server: ServerModel, event: Event, to: number, config: ConfigModel | null): void {
    this.rule4.checked++;
    const term = server.log.termAt(to);
    if (term >= 0 && server.term >= 0 && term !== server.term) {
      this.rule4.broken(
        event,
        [server.log.at(to)?.seq ?? 0, server.roleSeq],
        `${server.id} leads term ${server.term} and commits index ${to}, whose entry is of term ${term}, by counting replicas`,
        `to commit it along with an entry of term ${server.term} (5.4.2)`,
      );
    }
    const { leadership } = server;
    if (config === null || leadership === null || !server.acknowledgementsAreTold) {
      this.rule4.skip(`the configuration of ${server.id}, or what it receives, is not told`);
      return;
    }
    const own = !server.durable.told || server.durable.holds(server.log, to);
    if (isQuorum(config, (voter) => (voter === server.id ? own : leadership.peer(voter).acked >= to))) return;
    this.noMajority(server, event, to, config, leadership);
  }

  private noMajority(server: ServerModel, event: Event, to: number, config: ConfigModel, leadership: Leadership): void {
    const { durable } = server;
    const own = !durable.told || durable.holds(server.log, to);
    const voters = [...new Set([...config.voters, ...config.outgoing])];
    const have = voters.filter((voter) => voter !== server.id && leadership.peer(voter).acked >= to);
    const self = own ? 'and itself' : `and not itself: its disk holds ${Math.min(durable.last, to - 1)} entries`;
    this.rule4.broken(
      event,
      [server.log.at(to)?.seq ?? 0, durable.told ? durable.seq : 0, ...have.map((voter) => leadership.peer(voter).ackedSeq)],
      `${server.id} commits index ${to}, acknowledged in term ${server.term} by ${have.length === 0 ? 'nobody' : have.join(', ')} ${self}: ` +
        `no majority of ${describeConfig(config)}`,
      `to wait for more acknowledgements of term ${server.term}`,
    );
  }
}
