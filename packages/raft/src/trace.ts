import type { Event, EventSink, Role } from '@raftlens/events';
import type { Configuration, ServerId } from './configuration.ts';
import type { Command, LogEntry } from './entry.ts';
import type { Message } from './message.ts';

/**
 * Every event that a server tells is built here, as one object literal with the state of the server after the step. Callers hand in the
 * server and plain values; nothing is computed, and nothing allocated, where no tracer is installed.
 */
export interface TracedServer {
  readonly id: ServerId;
  readonly boot: number;
  readonly nowMs: number;
  readonly trace: EventSink | undefined;
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

/** The header and the state that every line of a server carries. */
function header(server: TracedServer): Omit<Event, 'op'> {
  const { id, log } = server;
  return {
    seq: 0,
    time: server.nowMs,
    node: id,
    boot: server.boot,
    src: id,
    dst: id,
    term: server.term,
    role: server.role,
    vote: server.vote,
    commit: server.commit,
    applied: server.applied,
    last: log.lastIndex,
    lastTerm: log.lastTerm,
  };
}

/** The part of an event that is the message itself: opcode, addresses, ids and the message's own fields, without a direction. */
export function messageFields(message: Message): Pick<Event, 'op' | 'src' | 'dst' | 'id' | 'msgTerm'> & Partial<Event> {
  const { kind: op, from: src, to: dst, id, re, term: msgTerm } = message;
  const envelope = re === 0 ? { op, src, dst, id, msgTerm } : { op, src, dst, id, re, msgTerm };
  switch (message.kind) {
    case 'RequestVote': {
      const { lastLogIndex, lastLogTerm, transfer } = message;
      return transfer ? { ...envelope, lastLogIndex, lastLogTerm, transfer } : { ...envelope, lastLogIndex, lastLogTerm };
    }
    case 'PreVote':
      return { ...envelope, lastLogIndex: message.lastLogIndex, lastLogTerm: message.lastLogTerm };
    case 'RequestVoteReply':
    case 'PreVoteReply':
      return { ...envelope, granted: message.granted };
    case 'AppendEntries': {
      const { prevLogIndex: prev, prevLogTerm: prevTerm, entries, leaderCommit, round } = message;
      const fields = { ...envelope, prev, prevTerm, n: entries.length, leaderCommit };
      return { ...fields, ...(entries.length === 0 ? {} : { entries }), ...(round === 0 ? {} : { round }) };
    }
    case 'AppendEntriesReply': {
      const { success, match, conflictIndex, conflictTerm, round } = message;
      const outcome = success ? { success, match } : { success, conflictIndex, conflictTerm };
      return { ...envelope, ...outcome, ...(round === 0 ? {} : { round }) };
    }
    case 'InstallSnapshot': {
      const { snapshot, offset, chunk, done } = message;
      return { ...envelope, lastIncludedIndex: snapshot.index, lastIncludedTerm: snapshot.term, offset, bytes: chunk.length, done };
    }
    case 'InstallSnapshotReply':
      return { ...envelope, lastIncludedIndex: message.lastIncludedIndex, success: message.success, offset: message.offset };
    case 'TimeoutNow':
      return envelope;
    case 'Propose':
      return { ...envelope, n: message.commands.length };
    case 'ReadIndex':
      return { ...envelope, ctx: message.ctx };
    case 'ReadIndexReply': {
      const { ctx, success, index } = message;
      return success ? { ...envelope, ctx, success, index } : { ...envelope, ctx, success };
    }
  }
}

export function traceMessage(server: TracedServer, dir: 'send' | 'recv', message: Message): void {
  server.trace?.({ ...header(server), dir, ...messageFields(message) });
}

export function traceBoot(server: TracedServer, configuration: Configuration, snapshotTerm: number): void {
  if (server.trace === undefined) {
    return;
  }
  const { offset, lastIndex } = server.log;
  const entries = server.log.slice(offset + 1, lastIndex);
  server.trace({
    ...header(server),
    op: 'Boot',
    snapshotIndex: offset,
    snapshotTerm,
    ...configurationFields(configuration),
    ...(entries.length === 0 ? {} : { entries }),
  });
}

export function traceTimeout(server: TracedServer, timer: string): void {
  server.trace?.({ ...header(server), op: 'Timeout', timer });
}

export function traceBecomeFollower(server: TracedServer, leader: ServerId | null, why: string): void {
  server.trace?.({ ...header(server), op: 'BecomeFollower', leader, why });
}

export function traceBecomePreCandidate(server: TracedServer): void {
  server.trace?.({ ...header(server), op: 'BecomePreCandidate' });
}

export function traceBecomeCandidate(server: TracedServer): void {
  server.trace?.({ ...header(server), op: 'BecomeCandidate' });
}

export function traceBecomeLeader(server: TracedServer, voters: readonly ServerId[]): void {
  server.trace?.({ ...header(server), op: 'BecomeLeader', voters });
}

export function traceVote(server: TracedServer, candidate: ServerId): void {
  server.trace?.({ ...header(server), op: 'Vote', for: candidate });
}

export function traceStart(server: TracedServer, entry: LogEntry): void {
  server.trace?.({ ...header(server), op: 'Start', index: entry.index, hash: entry.hash, cmd: textOfCommand(entry.command) });
}

export function traceAppend(server: TracedServer, index: number): void {
  if (server.trace !== undefined) {
    const entries = server.log.slice(index, server.log.lastIndex);
    server.trace({ ...header(server), op: 'Append', index, n: entries.length, entries });
  }
}

export function traceTruncate(server: TracedServer, index: number, n: number): void {
  server.trace?.({ ...header(server), op: 'Truncate', index, n });
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
  server.trace?.({ ...header(server), op: 'Persist', ...write });
}

export function traceCommit(server: TracedServer, from: number): void {
  server.trace?.({ ...header(server), op: 'Commit', index: server.commit, from });
}

export function traceApply(server: TracedServer, entry: LogEntry): void {
  server.trace?.({ ...header(server), op: 'Apply', index: entry.index, entryTerm: entry.term, hash: entry.hash });
}

export function traceSnapshotTaken(server: TracedServer, index: number, indexTerm: number): void {
  server.trace?.({ ...header(server), op: 'SnapshotTaken', index, indexTerm });
}

export function traceSnapshotInstalled(server: TracedServer, index: number, indexTerm: number): void {
  server.trace?.({ ...header(server), op: 'SnapshotInstalled', index, indexTerm });
}

/** `phase` is "joint" while both halves decide, else "final". */
export function traceConfigChange(server: TracedServer, index: number, configuration: Configuration): void {
  if (server.trace !== undefined) {
    const phase = configuration.outgoing.length > 0 ? 'joint' : 'final';
    server.trace({ ...header(server), op: 'ConfigChange', index, phase, ...configurationFields(configuration) });
  }
}

export function traceProgress(server: TracedServer, peer: { id: ServerId; match: number; next: number; state: string }): void {
  server.trace?.({ ...header(server), op: 'Progress', peer: peer.id, match: peer.match, next: peer.next, state: peer.state });
}

export function traceReadStart(server: TracedServer, ctx: string, index: number): void {
  server.trace?.({ ...header(server), op: 'ReadStart', ctx, index });
}

export function traceReadReady(server: TracedServer, ctx: string, index: number, lease: boolean): void {
  server.trace?.({ ...header(server), op: 'ReadReady', ctx, index, ...(lease ? { lease } : {}) });
}

export function traceTransferLeader(server: TracedServer, target: ServerId): void {
  server.trace?.({ ...header(server), op: 'TransferLeader', target });
}

/** A step of a lock or of a condition variable of the structure with many tasks. */
export function traceLock(server: TracedServer, op: 'Lock' | 'Unlock' | 'Wait' | 'Signal', lock: string, task: string): void {
  server.trace?.({ ...header(server), op, lock, task });
}

function configurationFields({ voters, outgoing, learners }: Configuration): Partial<Event> {
  return { voters, ...(outgoing.length === 0 ? {} : { outgoing }), ...(learners.length === 0 ? {} : { learners }) };
}

const COMMAND_TEXT_MAX = 60;
const decoder = new TextDecoder();

function textOfCommand(command: Command): string {
  return typeof command === 'string' ? command.slice(0, COMMAND_TEXT_MAX) : decoder.decode(command.subarray(0, COMMAND_TEXT_MAX));
}
