import type { EventSink } from '@raftlens/events';
import type { Configuration, ServerId } from './configuration.ts';
import type { DurableState } from './durable-state.ts';

/** Uniform in [0, 1), from a seeded generator that the host hands in. */
export type Random = () => number;

/** Timers, limits and features of one server. Times are in milliseconds. */
export interface RaftConfig {
  readonly electionTimeoutMinMs: number;
  /** Exclusive. Each timeout is a new draw from [min, max). */
  readonly electionTimeoutMaxMs: number;
  readonly heartbeatIntervalMs: number;
  /** A new leader appends an empty entry, so that entries of older terms commit at once (8). The labs want none. */
  readonly noopOnElection: boolean;
  readonly preVote: boolean;
  readonly checkQuorum: boolean;
  /** Reads without a round of heartbeats, within a lease (thesis 6.4.1). Needs `checkQuorum`. */
  readonly leaseReads: boolean;
  /** The bound on how much faster one server's clock may run than another's, as a fraction: 0.1 is ten per cent. */
  readonly clockDriftMax: number;
  /** Followers forward proposals to the leader. */
  readonly forwardProposals: boolean;
  /** At least one entry goes into a message, however large it is. */
  readonly maxEntriesBytesPerMessage: number;
  /** Messages with entries that may be under way to one peer, and the bytes of their entries. */
  readonly maxInflightMessages: number;
  readonly maxInflightBytes: number;
  /** Proposals are refused while this many bytes wait to be committed. A single proposal is always taken. */
  readonly maxUncommittedBytes: number;
  readonly snapshotChunkBytes: number;
  /** Entries that stay in memory behind an own snapshot, so that a peer that lags a little needs no snapshot. */
  readonly trailingEntriesMax: number;
  /**
   * A follower that lost entries which it had acknowledged is fed again from where its log ends now. Off unless asked for, because it is
   * dangerous: what such a follower acknowledged may have been committed by its word, so that with the loss of one more disk a committed
   * entry is gone and nobody notices. Off, the loss is told (`Notice`) and the follower gets no entries in this term.
   */
  readonly allowLogReversion: boolean;
  /**
   * A refusal tells the newest entry that can match by its term, and the leader looks for the newest of its own that can match that one: one
   * round finds where the logs part, however long either of them is (see `boundedHint`). Off, it is the paper's hint (5.3). Servers that
   * differ in it still find the place, in a few rounds more.
   */
  readonly hintsBothWays: boolean;
  /**
   * The leader tells a risen commit index at once to every peer that no entries go to, where followers else learn it with the next entries
   * or the next heartbeat. Followers apply a heartbeat interval sooner; three servers that take one command at a time send eight messages for it and not four.
   */
  readonly tellCommits: boolean;
  /**
   * The service is handed no more bytes of committed entries than this, at least one entry, until it has applied them: a bound on what waits
   * between Raft and a slow service. Infinity for no bound.
   */
  readonly maxApplyBytes: number;
}

/** Everything that a structure needs from its host. Nothing else comes in: no clock, no timer, no I/O, no randomness. */
export interface ServerOptions {
  readonly id: ServerId;
  /** 1, raised by the host at each restart. */
  readonly boot: number;
  /** The configuration that the cluster starts with; a snapshot or a configuration entry in `durable` overrides it. */
  readonly configuration: Configuration;
  readonly config: RaftConfig;
  readonly durable: DurableState;
  readonly random: Random;
  /**
   * Gives the id of the next message: larger than each one before, for as long as this process lives, so that an answer tells when its
   * question was asked. Ids of several servers, and of several boots of one, may be the same; a log is easier to read where they are not.
   */
  readonly nextMessageId: () => number;
  /** Called at each trace point; without it tracing costs nothing. */
  readonly trace?: EventSink;
  /**
   * True lets the tracer write all events into one record again and again: the sink may use an event, and keep its `entries`, but must
   * not keep the event itself. It makes tracing several times cheaper.
   */
  readonly reuseEvents?: boolean;
}
