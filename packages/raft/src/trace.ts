import type { Event, EventSink, Role } from '@raftlens/events';
import type { Configuration, ServerId } from './configuration.ts';
import type { Command, LogEntry } from './entry.ts';
import { EventRecord } from './event-record.ts';
import type { Message } from './message.ts';
import type { RaftConfig } from './options.ts';

/**
 * Every event that a server tells is built here, with the state of the server after the step. Callers hand in the server and plain
 * values; nothing is computed, and nothing allocated, where no tracer is installed.
 */
export interface TracedServer {
  readonly id: ServerId;
  readonly boot: number;
  readonly nowMs: number;
  readonly trace: EventSink | undefined;
  /** See `reuseEvents` of ServerOptions. */
  readonly reuseEvents: boolean;
  readonly term: number;
  readonly role: Role;
  readonly vote: ServerId | null;
  readonly commit: number;
  readonly applied: number;
  readonly log: {
    readonly lastIndex: number;
    readonly lastTerm: number;
    readonly offset: number;
    slice(from: number, to: number): readonly LogEntry[];
  };
}

/** The record that servers which reuse events write into. It is free again when the sink has returned. */
const scratch = new EventRecord();

/** A record with the header and the state that every line of a server carries. */
function record(server: TracedServer, op: Event['op']): EventRecord {
  const { id, log } = server;
  let event = scratch;
  if (server.reuseEvents) event.clear();
  else event = new EventRecord();
  event.seq = 0;
  event.time = server.nowMs;
  event.node = id;
  event.boot = server.boot;
  event.op = op;
  event.src = id;
  event.dst = id;
  event.term = server.term;
  event.role = server.role;
  event.vote = server.vote;
  event.commit = server.commit;
  event.applied = server.applied;
  event.last = log.lastIndex;
  event.lastTerm = log.lastTerm;
  return event;
}

/** Writes what the message itself says into the record: opcode, addresses, ids and its own fields, without a direction. */
function fill(event: EventRecord, message: Message): EventRecord {
  event.op = message.kind;
  event.src = message.from;
  event.dst = message.to;
  event.id = message.id;
  if (message.re !== 0) event.re = message.re;
  event.msgTerm = message.term;
  switch (message.kind) {
    case 'AppendEntries':
      event.prev = message.prevLogIndex;
      event.prevTerm = message.prevLogTerm;
      event.n = message.entries.length;
      event.leaderCommit = message.leaderCommit;
      if (message.entries.length > 0) event.entries = message.entries;
      if (message.round !== 0) event.round = message.round;
      break;
    case 'AppendEntriesReply':
      event.success = message.success;
      if (message.success) event.match = message.match;
      else {
        event.conflictIndex = message.conflictIndex;
        event.conflictTerm = message.conflictTerm;
      }
      if (message.round !== 0) event.round = message.round;
      break;
    case 'RequestVote':
    case 'PreVote':
      event.lastLogIndex = message.lastLogIndex;
      event.lastLogTerm = message.lastLogTerm;
      if (message.kind === 'RequestVote' && message.transfer) event.transfer = true;
      break;
    case 'RequestVoteReply':
    case 'PreVoteReply':
      event.granted = message.granted;
      break;
    default:
      fillRare(event, message);
  }
  return event;
}

type Frequent = 'AppendEntries' | 'AppendEntriesReply' | 'RequestVote' | 'PreVote' | 'RequestVoteReply' | 'PreVoteReply';

function fillRare(event: EventRecord, message: Exclude<Message, { kind: Frequent }>): void {
  switch (message.kind) {
    case 'InstallSnapshot':
      event.lastIncludedIndex = message.snapshot.index;
      event.lastIncludedTerm = message.snapshot.term;
      event.offset = message.offset;
      event.bytes = message.chunk.length;
      event.done = message.done;
      return;
    case 'InstallSnapshotReply':
      event.lastIncludedIndex = message.lastIncludedIndex;
      event.success = message.success;
      event.offset = message.offset;
      return;
    case 'TimeoutNow':
      return;
    case 'Propose':
      event.n = message.commands.length;
      return;
    case 'ReadIndex':
      event.ctx = message.ctx;
      return;
    case 'ReadIndexReply':
      event.ctx = message.ctx;
      event.success = message.success;
      if (message.success) event.index = message.index;
      if (message.lease) event.lease = true;
      return;
  }
}

/** An event of the network about a message, such as its loss: no server's state, the sender's name. */
export function messageEvent(message: Message, dir: 'send' | 'recv' | 'drop', boot: number): Event {
  const event = fill(new EventRecord(), message);
  event.node = dir === 'recv' ? message.to : message.from;
  event.boot = boot;
  event.dir = dir;
  return event.asEvent();
}

export function traceMessage(server: TracedServer, dir: 'send' | 'recv', message: Message): void {
  if (server.trace === undefined) return;
  const event = record(server, message.kind);
  event.dir = dir;
  server.trace(fill(event, message).asEvent());
}

type Timers = Pick<RaftConfig, 'electionTimeoutMinMs' | 'electionTimeoutMaxMs' | 'heartbeatIntervalMs'>;

export function traceBoot(server: TracedServer, configuration: Configuration, snapshotTerm: number, timers: Timers): void {
  if (server.trace === undefined) return;
  const { offset, lastIndex } = server.log;
  const entries = server.log.slice(offset + 1, lastIndex);
  const event = record(server, 'Boot');
  event.snapshotIndex = offset;
  event.snapshotTerm = snapshotTerm;
  event.setConfiguration(configuration);
  if (entries.length > 0) event.entries = entries;
  // Events hold whole milliseconds, so that the range is widened to such.
  event.electionMinMs = Math.floor(timers.electionTimeoutMinMs);
  event.electionMaxMs = Math.ceil(timers.electionTimeoutMaxMs);
  event.heartbeatMs = Math.ceil(timers.heartbeatIntervalMs);
  server.trace(event.asEvent());
}

export function traceTimeout(server: TracedServer, timer: string): void {
  if (server.trace === undefined) return;
  const event = record(server, 'Timeout');
  event.timer = timer;
  server.trace(event.asEvent());
}

export function traceBecomeFollower(server: TracedServer, leader: ServerId | null, why: string): void {
  if (server.trace === undefined) return;
  const event = record(server, 'BecomeFollower');
  event.leader = leader;
  event.why = why;
  server.trace(event.asEvent());
}

export function traceBecomePreCandidate(server: TracedServer): void {
  server.trace?.(record(server, 'BecomePreCandidate').asEvent());
}

export function traceBecomeCandidate(server: TracedServer): void {
  server.trace?.(record(server, 'BecomeCandidate').asEvent());
}

export function traceBecomeLeader(server: TracedServer, voters: readonly ServerId[]): void {
  if (server.trace === undefined) return;
  const event = record(server, 'BecomeLeader');
  event.voters = voters;
  server.trace(event.asEvent());
}

export function traceVote(server: TracedServer, candidate: ServerId): void {
  if (server.trace === undefined) return;
  const event = record(server, 'Vote');
  event.for = candidate;
  server.trace(event.asEvent());
}

export function traceStart(server: TracedServer, entry: LogEntry): void {
  if (server.trace === undefined) return;
  const event = record(server, 'Start');
  event.index = entry.index;
  event.hash = entry.hash;
  event.cmd = textOfCommand(entry.command);
  server.trace(event.asEvent());
}

export function traceAppend(server: TracedServer, index: number): void {
  if (server.trace === undefined) return;
  const entries = server.log.slice(index, server.log.lastIndex);
  const event = record(server, 'Append');
  event.index = index;
  event.n = entries.length;
  event.entries = entries;
  server.trace(event.asEvent());
}

export function traceTruncate(server: TracedServer, index: number, n: number): void {
  if (server.trace === undefined) return;
  const event = record(server, 'Truncate');
  event.index = index;
  event.n = n;
  server.trace(event.asEvent());
}

/** What a finished write put on the disk, and what the disk holds after it. */
export interface FinishedWrite {
  readonly what: string;
  readonly durableTerm: number;
  readonly durableVote: ServerId | null;
  readonly durableLast: number;
  readonly durableLastTerm: number;
}

export function tracePersist(server: TracedServer, write: FinishedWrite): void {
  if (server.trace === undefined) return;
  const event = record(server, 'Persist');
  event.what = write.what;
  event.durableTerm = write.durableTerm;
  event.durableVote = write.durableVote;
  event.durableLast = write.durableLast;
  event.durableLastTerm = write.durableLastTerm;
  server.trace(event.asEvent());
}

export function traceCommit(server: TracedServer, from: number): void {
  if (server.trace === undefined) return;
  const event = record(server, 'Commit');
  event.index = server.commit;
  event.from = from;
  server.trace(event.asEvent());
}

export function traceApply(server: TracedServer, entry: LogEntry): void {
  if (server.trace === undefined) return;
  const event = record(server, 'Apply');
  event.index = entry.index;
  event.entryTerm = entry.term;
  event.hash = entry.hash;
  server.trace(event.asEvent());
}

export function traceSnapshotTaken(server: TracedServer, index: number, indexTerm: number): void {
  traceSnapshot(server, 'SnapshotTaken', index, indexTerm);
}

export function traceSnapshotInstalled(server: TracedServer, index: number, indexTerm: number): void {
  traceSnapshot(server, 'SnapshotInstalled', index, indexTerm);
}

function traceSnapshot(server: TracedServer, op: 'SnapshotTaken' | 'SnapshotInstalled', index: number, indexTerm: number): void {
  if (server.trace === undefined) return;
  const event = record(server, op);
  event.index = index;
  event.indexTerm = indexTerm;
  server.trace(event.asEvent());
}

/** `phase` is "joint" while both halves decide, else "final". */
export function traceConfigChange(server: TracedServer, index: number, configuration: Configuration): void {
  if (server.trace === undefined) return;
  const event = record(server, 'ConfigChange');
  event.index = index;
  event.phase = configuration.outgoing.length > 0 ? 'joint' : 'final';
  event.setConfiguration(configuration);
  server.trace(event.asEvent());
}

export function traceProgress(server: TracedServer, peer: { id: ServerId; match: number; next: number; state: string }): void {
  if (server.trace === undefined) return;
  const event = record(server, 'Progress');
  event.peer = peer.id;
  event.match = peer.match;
  event.next = peer.next;
  event.state = peer.state;
  server.trace(event.asEvent());
}

export function traceReadStart(server: TracedServer, ctx: string, index: number): void {
  if (server.trace === undefined) return;
  const event = record(server, 'ReadStart');
  event.ctx = ctx;
  event.index = index;
  server.trace(event.asEvent());
}

export function traceReadReady(server: TracedServer, ctx: string, index: number, lease: boolean): void {
  if (server.trace === undefined) return;
  const event = record(server, 'ReadReady');
  event.ctx = ctx;
  event.index = index;
  if (lease) event.lease = true;
  server.trace(event.asEvent());
}

export function traceTransferLeader(server: TracedServer, target: ServerId): void {
  if (server.trace === undefined) return;
  const event = record(server, 'TransferLeader');
  event.target = target;
  server.trace(event.asEvent());
}

/** A step of a lock or of a condition variable of the structure with many tasks. */
export function traceLock(server: TracedServer, op: 'Lock' | 'Unlock' | 'Wait' | 'Signal', lock: string, task: string): void {
  if (server.trace === undefined) return;
  const event = record(server, op);
  event.lock = lock;
  event.task = task;
  server.trace(event.asEvent());
}

const COMMAND_TEXT_MAX = 60;
const decoder = new TextDecoder();

function textOfCommand(command: Command): string {
  return typeof command === 'string' ? command.slice(0, COMMAND_TEXT_MAX) : decoder.decode(command.subarray(0, COMMAND_TEXT_MAX));
}
