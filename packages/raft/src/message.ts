import type { ServerId } from './configuration.ts';
import type { Snapshot } from './durable-state.ts';
import { type Command, commandBytes, type LogEntry } from './entry.ts';

/** What every message has. `kind` is the opcode of the event that tells of it. */
export interface Envelope {
  /** Unique in a run and rising on each server; comes from the host. */
  readonly id: number;
  /** The id of the request that a reply answers, 0 in a request. */
  readonly re: number;
  readonly from: ServerId;
  readonly to: ServerId;
  /** The sender's currentTerm; in a PreVote, and in a reply that grants it, the term that the candidate would stand in. */
  readonly term: number;
}

export interface VoteRequest extends Envelope {
  readonly kind: 'RequestVote' | 'PreVote';
  readonly lastLogIndex: number;
  readonly lastLogTerm: number;
  /** The leader asked the candidate to stand, so a live leader is no reason to ignore it (thesis 3.10). */
  readonly transfer: boolean;
}

export interface VoteReply extends Envelope {
  readonly kind: 'RequestVoteReply' | 'PreVoteReply';
  readonly granted: boolean;
}

export interface AppendEntriesRequest extends Envelope {
  readonly kind: 'AppendEntries';
  readonly prevLogIndex: number;
  readonly prevLogTerm: number;
  readonly entries: readonly LogEntry[];
  readonly leaderCommit: number;
  /** The leader's heartbeat round, given back in the reply: ReadIndex and leases count rounds. 0 where none is asked for. */
  readonly round: number;
}

export interface AppendEntriesReply extends Envelope {
  readonly kind: 'AppendEntriesReply';
  readonly success: boolean;
  /** On success the last index that is now known to match and is durable at the follower; else 0. */
  readonly match: number;
  /** On refusal where the leader may back up to (5.3, last paragraphs); 0 where it does not apply. */
  readonly conflictIndex: number;
  readonly conflictTerm: number;
  /** The request's: the index that was refused, or that matched. */
  readonly prevLogIndex: number;
  readonly round: number;
}

export interface InstallSnapshotRequest extends Envelope {
  readonly kind: 'InstallSnapshot';
  /** `data` of the snapshot is empty here: the chunk carries its part of it. */
  readonly snapshot: Snapshot;
  readonly offset: number;
  readonly chunk: Uint8Array;
  readonly done: boolean;
}

export interface InstallSnapshotReply extends Envelope {
  readonly kind: 'InstallSnapshotReply';
  readonly lastIncludedIndex: number;
  /** The chunk was taken; after the last one, that the snapshot is durable. */
  readonly success: boolean;
  /** The byte that the follower wants next. */
  readonly offset: number;
}

export interface TimeoutNowRequest extends Envelope {
  readonly kind: 'TimeoutNow';
}

export interface ProposeRequest extends Envelope {
  readonly kind: 'Propose';
  readonly commands: readonly Command[];
}

export interface ReadIndexRequest extends Envelope {
  readonly kind: 'ReadIndex';
  readonly ctx: string;
}

export interface ReadIndexReply extends Envelope {
  readonly kind: 'ReadIndexReply';
  readonly ctx: string;
  readonly success: boolean;
  readonly index: number;
  /** The leader answered within its lease, without a round of heartbeats. */
  readonly lease: boolean;
}

export type Message =
  | VoteRequest
  | VoteReply
  | AppendEntriesRequest
  | AppendEntriesReply
  | InstallSnapshotRequest
  | InstallSnapshotReply
  | TimeoutNowRequest
  | ProposeRequest
  | ReadIndexRequest
  | ReadIndexReply;

export type MessageKind = Message['kind'];

/** A message without its entries, its chunk or its commands: two names, ids, term and indices. */
const HEADER_BYTES = 48;

/** About how many bytes the message takes on a wire. */
export function messageBytes(message: Message): number {
  switch (message.kind) {
    case 'AppendEntries':
      return HEADER_BYTES + message.entries.reduce((sum, entry) => sum + entry.size, 0);
    case 'InstallSnapshot':
      return HEADER_BYTES + message.chunk.length;
    case 'Propose':
      return HEADER_BYTES + message.commands.reduce((sum, command) => sum + commandBytes(command), 0);
    default:
      return HEADER_BYTES;
  }
}
