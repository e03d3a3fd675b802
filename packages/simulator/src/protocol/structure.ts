import type { EventSink } from '@raftlens/events';
import type { Command, Configuration, DurableState, LogEntry, Message, RaftConfig, Random, Snapshot } from '@raftlens/raft';
import type { PersistEffect, Proposed } from '@raftlens/raft/state-machine';

/** What a server says of itself. The harness uses it only where the labs' testers do. */
export interface ServerStatus {
  readonly term: number;
  readonly leader: boolean;
  readonly commit: number;
  readonly applied: number;
  readonly lastIndex: number;
  /** The voters of the configuration in force at this server. */
  readonly voters: readonly string[];
  /** Of a joint configuration the voters of the one that goes out; empty of any other. */
  readonly outgoing: readonly string[];
  readonly learners: readonly string[];
  /** That configuration is joint: the change is under way. */
  readonly changing: boolean;
}

/** The voters and learners that are asked for. */
export interface MembershipChange {
  readonly voters: readonly string[];
  readonly learners: readonly string[];
}

/**
 * A running server of either structure, as its process sees it. One incarnation: a restart makes a new one. Calls are
 * synchronous for the state machine; the structure with many tasks goes on in microtasks, and says so by waking the loop.
 */
export interface Structure {
  /** When `tick` has something to do, in ms of the server's clock; Infinity for never. */
  readonly deadlineMs: number;
  /** Performs what the start brought, such as restoring the service from the snapshot. */
  start(): void;
  tick(): void;
  receive(message: Message): void;
  /** Structure B has to wait for its lock. */
  propose(command: Command): Proposed | null | Promise<Proposed | null>;
  status(): ServerStatus;
  /** The server believes that it leads. */
  readonly leads: boolean;
  /** The service took a snapshot up to the index. */
  snapshot(index: number, data: Uint8Array): void;
  /** The disk holds everything up to the write `id`. */
  durable(id: number): void;
  /** The service has applied up to the index. */
  applied(index: number): void;
  read(ctx: string): void;
  transfer(target: string): void;
  change(change: MembershipChange): Proposed | null;
  /** What a host may tell its server: to stand now, that its leader is gone, that a peer cannot be reached. */
  campaign(): void;
  forgetLeader(): void;
  unreachable(peer: string): void;
  /** The process is gone: nothing may come out of this incarnation any more. */
  stop(): void;
}

export type WriteOutcome = 'durable' | 'pending' | 'killed';

/** What a process gives to the structure that runs in it. */
export interface StructureHost {
  /** The server's own clock. */
  readonly clock: { nowMs(): number };
  send(message: Message): void;
  /** 'durable' at once, 'pending' until `durable` is called, or 'killed': the structure is stopped already. */
  persist(effect: PersistEffect): WriteOutcome;
  /** Hands committed entries over; the process calls `applied` when the service is done with them, perhaps at once. */
  apply(entries: readonly LogEntry[]): void;
  restore(snapshot: Snapshot): void;
  /** The read may be served at `index`; -1 when it was refused. */
  readReady(ctx: string, index: number): void;
  /** Promises were settled: let microtasks run. */
  wake(): void;
  /** Resolves after so many ms of the server's clock; a stalled process wakes when it goes on. */
  sleep(ms: number): Promise<void>;
  /** A task of the structure ended badly. */
  failed(error: unknown): void;
}

export interface Boot {
  readonly id: string;
  readonly boot: number;
  readonly configuration: Configuration;
  readonly config: RaftConfig;
  readonly durable: DurableState;
  readonly random: Random;
  readonly nextMessageId: () => number;
  readonly trace: EventSink;
  readonly reuseEvents: true;
}

export type StructureFactory = (boot: Boot, host: StructureHost) => Structure;

export type StructureName = 'state-machine' | 'locked';

/** What the structures can do; structure B has figure 2, persistence and snapshots only. */
export type Feature = 'snapshots' | 'membership' | 'transfer' | 'reads' | 'async-storage' | 'pre-vote';
