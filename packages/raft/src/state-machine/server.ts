import type { EventSink, Role } from '@raftlens/events';
import type { Configuration, ServerId } from '../configuration.ts';
import type { Snapshot } from '../durable-state.ts';
import type { Effect, SendEffect } from '../effect.ts';
import { createEntry } from '../entry.ts';
import { ContractError, InvariantError } from '../errors.ts';
import { RaftLog } from '../log.ts';
import type { RaftConfig, Random, ServerOptions } from '../options.ts';
import { problemOfConfiguration } from '../rules/membership.ts';
import type { IncomingSnapshot } from '../rules/snapshot.ts';
import { ConfigurationHistory } from './configuration-history.ts';
import { Ledger } from './ledger.ts';
import { Members } from './members.ts';
import { Outbox } from './outbox.ts';
import { ReadQueue } from './read-queue.ts';

/** A handover of leadership under way (thesis 3.10). */
export interface Transfer {
  readonly target: ServerId;
  /** The term that the leader leads. */
  readonly term: number;
  readonly deadlineMs: number;
  /** The target was told to stand. */
  told: boolean;
}

/**
 * All state of one server (figure 2, "State"), and nothing that acts on it: each file beside this one holds one concern as functions over
 * a server. There is one owner, the `StateMachine`, and no lock.
 */
export class Server {
  readonly id: ServerId;
  readonly boot: number;
  readonly config: RaftConfig;
  readonly random: Random;
  readonly trace: EventSink | undefined;
  readonly reuseEvents: boolean;

  readonly #messageIds: () => number;
  /** The newest id that a message of this incarnation got. */
  lastMessageId = 0;

  // Persistent state.
  term: number;
  vote: ServerId | null;
  readonly log = new RaftLog();
  snapshot: Snapshot | null;
  readonly configurations: ConfigurationHistory;
  readonly ledger: Ledger;

  // Volatile state.
  role: Role = 'follower';
  leader: ServerId | null = null;
  commit: number;
  applied: number;
  /** The last index that was handed to the service, which may not have acknowledged it yet. */
  handed: number;
  /** The bytes of what was handed over and is not applied yet, where they are bounded; else 0. */
  unappliedBytes = 0;
  /** A snapshot that the service has to be restored from, once it is durable. */
  restore: Snapshot | null = null;
  /** The index of a snapshot that was handed to the service and not acknowledged yet; 0 for none. */
  restoring = 0;
  incoming: IncomingSnapshot | null = null;

  // Timers.
  nowMs: number;
  electionDeadlineMs = 0;
  heartbeatDeadlineMs = Number.POSITIVE_INFINITY;
  quorumDeadlineMs = Number.POSITIVE_INFINITY;
  /** When a current leader was last heard from. */
  heardFromLeaderMs = Number.NEGATIVE_INFINITY;

  // Volatile state on candidates.
  readonly votes = new Map<ServerId, boolean>();

  // Volatile state on leaders.
  readonly members = new Members();
  readonly reads = new ReadQueue();
  uncommittedBytes = 0;
  transfer: Transfer | null = null;
  /** Whom this server was handing over to when it stopped to lead; null once the outcome is told. */
  handedTo: ServerId | null = null;
  /** The leader told somebody to stand in this term, so that its lease proves nothing any more. */
  abdicated = false;

  // Output events that the host has not taken yet.
  readonly effects = new Outbox<Effect>();
  /** Messages that leave after the write that closes this batch. */
  readonly outbox = new Outbox<SendEffect>();

  constructor(options: ServerOptions, nowMs: number) {
    const { durable } = options;
    const problem = problemOfConfiguration(durable.snapshot?.configuration ?? options.configuration);
    if (problem !== null) throw new ContractError('BAD_CONFIGURATION', `${options.id}: ${problem}`);
    this.id = options.id;
    this.boot = options.boot;
    this.config = options.config;
    this.random = options.random;
    this.#messageIds = options.nextMessageId;
    this.trace = options.trace;
    this.reuseEvents = options.reuseEvents ?? false;
    this.term = durable.term;
    this.vote = durable.vote;
    this.snapshot = durable.snapshot;
    this.nowMs = nowMs;
    const start = durable.snapshot?.index ?? 0;
    this.log.reset(start, durable.snapshot?.term ?? 0);
    this.commit = start;
    this.applied = start;
    this.handed = start;
    this.configurations = new ConfigurationHistory(this.id, start, durable.snapshot?.configuration ?? options.configuration);
    for (const { index, term, kind, command } of durable.entries) {
      this.#load(index, term);
      const entry = createEntry(index, term, kind, command);
      this.log.append([entry]);
      this.configurations.appended(entry);
    }
    this.ledger = new Ledger(this.log.lastIndex);
  }

  nextMessageId(): number {
    this.lastMessageId = this.#messageIds();
    return this.lastMessageId;
  }

  get configuration(): Configuration {
    return this.configurations.current;
  }

  /** Stops the server where an impossible thing would go on and do harm. `what` says which; the log's last line says where. */
  invariant(holds: boolean, what: string): asserts holds {
    if (!holds) throw new InvariantError(this.id, what);
  }

  /** A disk must give back the log without gaps and with terms that do not fall (figure 2, log[]). */
  #load(index: number, term: number): void {
    if (index !== this.log.lastIndex + 1 || term < this.log.lastTerm || term > this.term) {
      throw new ContractError(
        'BAD_DURABLE_STATE',
        `${this.id}: entry ${index} of term ${term} cannot follow entry ${this.log.lastIndex} of term ${this.log.lastTerm} in currentTerm ${this.term}: repair or wipe this disk`,
      );
    }
  }
}
