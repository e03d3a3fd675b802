import type { Role } from '@raftlens/events';
import { checkConfig } from '../check-config.ts';
import { type Configuration, membersOf, type ServerId } from '../configuration.ts';
import type { Effect, SendEffect } from '../effect.ts';
import type { Command } from '../entry.ts';
import { ContractError } from '../errors.ts';
import type { Message } from '../message.ts';
import { checkMessage } from '../message-check.ts';
import type { ServerOptions } from '../options.ts';
import { type PeerStatus, statusOf } from '../progress.ts';
import type { Proposed } from '../proposed.ts';
import type { ConfigurationChange } from '../rules/membership.ts';
import { traceBoot, traceMessage } from '../trace.ts';
import { handOver, onApplied } from './applying.ts';
import { dispatch } from './dispatch.ts';
import { countOwnCopy, countOwnVote } from './elections.ts';
import { campaignNow, forgetLeader, reportSnapshot, reportUnreachable, type SnapshotOutcome } from './host-reports.ts';
import { changeConfiguration } from './membership.ts';
import { propose } from './proposals.ts';
import { serveReads, startRead } from './reads.ts';
import { replicate } from './replication.ts';
import { Server } from './server.ts';
import { onSnapshotTaken } from './snapshots.ts';
import { checkSendable, closeBatch, onPersisted } from './storage.ts';
import { tick } from './ticking.ts';
import { nextDeadlineMs, resetElectionTimer } from './timers.ts';
import { startTransfer, tellTransferEnd } from './transfer.ts';

/** What a server can tell of itself at any moment. */
export interface Status {
  readonly id: ServerId;
  readonly term: number;
  readonly role: Role;
  readonly leader: ServerId | null;
  readonly vote: ServerId | null;
  readonly commit: number;
  readonly applied: number;
  /** The last entry that is durable on this server. */
  readonly durable: number;
  /** The first entry that the log still holds; lastLogIndex + 1 when it holds none. */
  readonly firstIndex: number;
  readonly lastLogIndex: number;
  readonly lastLogTerm: number;
  readonly snapshotIndex: number;
  readonly configuration: Configuration;
  /** What a leader knows of the other members; empty on everybody else. */
  readonly peers: readonly PeerStatus[];
}

const NO_EFFECTS: readonly Effect[] = [];

/**
 * Structure A: one Raft server as a synchronous state machine (lecture 10). Each method takes one input event and the time at which it
 * happened; what the server wants done in return is collected until `takeEffects` gives it out, in the order in which it has to be
 * performed: persist, then send, then apply. It has no clock, no timer, no I/O and no promise, so that the same inputs always give the
 * same outputs.
 *
 * Methods throw ContractError when the host breaks that order, and InvariantError when something impossible has happened.
 */
export class StateMachine {
  readonly #server: Server;

  /**
   * Starts with what the disk holds; the service is restored from the snapshot first, if there is one.
   *
   * @throws ContractError `BAD_DURABLE_STATE`, or ConfigError where the configuration cannot work on any network.
   */
  constructor(options: ServerOptions, nowMs: number) {
    checkConfig(options.config);
    const server = new Server(options, nowMs);
    this.#server = server;
    resetElectionTimer(server);
    if (server.config.leaseReads) {
      // Before it stopped, this server may have confirmed a lease that it has forgotten.
      server.heardFromLeaderMs = nowMs;
    }
    traceBoot(server, server.configuration, server.snapshot?.term ?? 0, server.config);
    if (server.snapshot !== null) {
      server.restoring = server.snapshot.index;
      server.effects.push({ kind: 'restore', snapshot: server.snapshot });
    }
  }

  /** When `tick` has something to do next, in the host's ms, not rounded; Infinity when it never has. */
  get deadlineMs(): number {
    return nextDeadlineMs(this.#server);
  }

  /** Does what is due: elections, heartbeats, the quorum check. */
  tick(nowMs: number): void {
    this.#enter(nowMs);
    tick(this.#server);
  }

  /**
   * A message has come in. Duplicates, old ones and those out of order are welcome.
   *
   * @throws ContractError `NOT_A_MESSAGE` for what cannot be proved to be a message, `WRONG_RECEIVER` for one to somebody else.
   */
  receive(message: Message, nowMs: number): void {
    const server = this.#server;
    checkMessage(server.id, message);
    this.#enter(nowMs);
    if (message.to !== server.id) {
      throw new ContractError('WRONG_RECEIVER', `${server.id}: ${message.kind} from ${message.from} is addressed to ${message.to}`);
    }
    traceMessage(server, 'recv', message);
    dispatch(server, message);
  }

  /** Proposes commands, in order. Returns where the first will stand if it is ever committed, or null when they were not taken. */
  propose(commands: readonly Command[], nowMs: number): Proposed | null {
    this.#enter(nowMs);
    return propose(this.#server, commands);
  }

  /** The write `id`, and all before it, would survive a crash now. */
  persisted(id: number, nowMs: number): void {
    this.#enter(nowMs);
    onPersisted(this.#server, id);
    countOwnVote(this.#server);
    countOwnCopy(this.#server);
  }

  /** The service has applied every entry up to `index`, or was restored from the snapshot that ends there. */
  applied(index: number, nowMs: number): void {
    this.#enter(nowMs);
    onApplied(this.#server, index);
  }

  /** The service has written down its state as of entry `index`, which it has applied. */
  snapshotTaken(index: number, data: Uint8Array, nowMs: number): void {
    this.#enter(nowMs);
    onSnapshotTaken(this.#server, index, data);
  }

  /** Asks for a linearizable read, named `ctx`; the answer is a `read` effect (8; thesis 6.4). */
  read(ctx: string, nowMs: number): void {
    this.#enter(nowMs);
    startRead(this.#server, ctx);
  }

  /** Stands for election now, with a pre-vote first where that is on. Returns whether it does: see `campaignNow`. */
  campaign(nowMs: number): boolean {
    this.#enter(nowMs);
    return campaignNow(this.#server);
  }

  /**
   * The host knows that the leader is gone: this follower listens to candidates from now on, where `checkQuorum` would have it ignore them
   * until an election timeout has passed. Returns false from anybody but a follower, and where leases are on.
   */
  forgetLeader(nowMs: number): boolean {
    this.#enter(nowMs);
    return forgetLeader(this.#server);
  }

  /** The transport could not deliver to `peer`: replication to it begins again with the next heartbeat. Returns false where nothing was under way. */
  reportUnreachable(peer: ServerId, nowMs: number): boolean {
    this.#enter(nowMs);
    return reportUnreachable(this.#server, peer);
  }

  /**
   * How a snapshot of `index` ended that the host carries to `peer` by a way of its own, in place of the chunks. Returns false where that
   * snapshot is not on its way to the peer.
   */
  reportSnapshot(peer: ServerId, index: number, outcome: SnapshotOutcome, nowMs: number): boolean {
    this.#enter(nowMs);
    return reportSnapshot(this.#server, peer, index, outcome);
  }

  /**
   * Hands leadership over (thesis 3.10), to the voter that is furthest on where the target is null. Returns whether that was begun; how
   * it ends is told by a notice, `transfer-ended` or `transfer-given-up`.
   */
  transferLeadership(target: ServerId | null, nowMs: number): boolean {
    this.#enter(nowMs);
    return startTransfer(this.#server, target);
  }

  /**
   * Changes the members; returns where the change will stand, or null when it was not begun (6): see `changeConfiguration`.
   *
   * @throws ContractError `BAD_CONFIGURATION` for members that no cluster can have.
   */
  changeConfiguration(change: ConfigurationChange, nowMs: number): Proposed | null {
    this.#enter(nowMs);
    return changeConfiguration(this.#server, change);
  }

  /** What the host has to do now, in this order. Performing it may bring more: call until nothing is left. */
  takeEffects(): readonly Effect[] {
    const server = this.#server;
    if (server.role === 'leader') {
      replicate(server);
    }
    closeBatch(server);
    handOver(server);
    serveReads(server);
    tellTransferEnd(server);
    return server.effects.isEmpty ? NO_EFFECTS : server.effects.take();
  }

  /** The host calls it as the message leaves. @throws ContractError `SENT_BEFORE_PERSIST`. */
  sending(effect: SendEffect): void {
    checkSendable(this.#server, effect);
    traceMessage(this.#server, 'send', effect.message);
  }

  /** Whether it believes that it leads: `status` in short, for hosts that ask often. */
  get leads(): boolean {
    return this.#server.role === 'leader';
  }

  status(): Status {
    const { id, term, role, leader, vote, commit, applied, ledger, log, snapshot, configuration, members } = this.#server;
    return {
      id,
      term,
      role,
      leader,
      vote,
      commit,
      applied,
      durable: ledger.durableIndex,
      firstIndex: log.offset + 1,
      lastLogIndex: log.lastIndex,
      lastLogTerm: log.lastTerm,
      snapshotIndex: snapshot?.index ?? 0,
      configuration,
      peers: members.peers.filter(({ leavesAt }) => leavesAt === 0).map(statusOf),
    };
  }

  /** Everybody whom this server's configuration names. */
  members(): readonly ServerId[] {
    return membersOf(this.#server.configuration);
  }

  #enter(nowMs: number): void {
    const server = this.#server;
    if (!(nowMs >= server.nowMs)) {
      throw new ContractError(
        'TIME_WENT_BACK',
        `${server.id}: it is ${nowMs} ms, and it has been ${server.nowMs} ms: feed a monotonic clock`,
      );
    }
    server.nowMs = nowMs;
  }
}
