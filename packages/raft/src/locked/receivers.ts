import type { Snapshot } from '../durable-state.ts';
import type {
  AppendEntriesReply,
  AppendEntriesRequest,
  InstallSnapshotReply,
  InstallSnapshotRequest,
  Message,
  VoteReply,
  VoteRequest,
} from '../message.ts';
import { conflictFrom, countHeld, isConsistent } from '../rules/append.ts';
import { hintFor } from '../rules/back-up.ts';
import { holdsSnapshot, isOutdatedSnapshot, isPartOf, joinChunks } from '../rules/snapshot.ts';
import { isStale, raisesTerm } from '../rules/term.ts';
import { grantsVote } from '../rules/vote.ts';
import { traceSnapshotInstalled } from '../trace.ts';
import type { Context } from './context.ts';
import { persist } from './persisting.ts';
import { adoptTerm, advanceFollowerCommit, appendAll, becomeFollower, giveVote, invariant, truncateFrom } from './steps.ts';

/**
 * Handles a request: one critical section, at the end of which everything that the reply tells of is durable. Null for a kind of message
 * that is no request of this structure.
 */
export async function onRequest(context: Context, task: string, request: Message): Promise<Message | null> {
  context.receives(request);
  switch (request.kind) {
    case 'RequestVote':
      return answer(context, onRequestVote(context, request));
    case 'AppendEntries':
      return answer(context, onAppendEntries(context, task, request));
    case 'InstallSnapshot':
      return answer(context, onInstallSnapshot(context, task, request));
    case 'PreVote':
    case 'TimeoutNow':
    case 'Propose':
    case 'ReadIndex':
    case 'RequestVoteReply':
    case 'PreVoteReply':
    case 'AppendEntriesReply':
    case 'InstallSnapshotReply':
    case 'ReadIndexReply':
      return null;
  }
}

async function answer(context: Context, reply: Message): Promise<Message> {
  await persist(context);
  // It holds the lock, and it has persisted: what the reply tells of is what the disk holds.
  invariant(context, reply.term === context.state.term, 'a reply tells of a term that is not the current one');
  if (reply.kind === 'AppendEntriesReply') {
    invariant(
      context,
      reply.match <= context.state.log.lastIndex,
      `entry ${reply.match} would be acknowledged, and the log does not hold it`,
    );
  }
  return context.sends(reply);
}

function replyTo(context: Context, request: Message): Pick<Message, 'id' | 're' | 'from' | 'to' | 'term'> {
  return { id: context.nextMessageId(), re: request.id, from: context.id, to: request.from, term: context.state.term };
}

/** Figure 2, RequestVote receiver (5.2, 5.4). */
function onRequestVote(context: Context, request: VoteRequest): VoteReply {
  const { state } = context;
  adoptTerm(context, request.term);
  const granted =
    !isStale(request.term, state.term) && grantsVote(state.vote, request.from, request, state.log.lastIndex, state.log.lastTerm);
  if (granted) {
    giveVote(context, request.from);
    context.resetElectionTimer();
  }
  return { kind: 'RequestVoteReply', ...replyTo(context, request), granted };
}

/** What every message of a leader does: a stale one is refused, another one is obeyed (figure 2, AppendEntries rule 1, candidates; 5.2). */
function obeys(context: Context, request: Message): boolean {
  const { state } = context;
  if (isStale(request.term, state.term)) return false;
  invariant(context, state.role !== 'leader' || request.term > state.term, `${request.from} leads in this server's own term ${state.term}`);
  if (raisesTerm(request.term, state.term)) becomeFollower(context, request.term, request.from, 'higher term');
  else if (state.role === 'candidate') becomeFollower(context, request.term, request.from, 'another leader');
  state.leader = request.from;
  context.resetElectionTimer();
  return true;
}

/** Figure 2, AppendEntries receiver (5.3). */
function onAppendEntries(context: Context, task: string, request: AppendEntriesRequest): AppendEntriesReply {
  const { state } = context;
  const { prevLogIndex, prevLogTerm, entries } = request;
  const reply = {
    kind: 'AppendEntriesReply',
    success: false,
    match: 0,
    conflictIndex: 0,
    conflictTerm: 0,
    prevLogIndex,
    round: request.round,
  } as const;
  if (!obeys(context, request)) return { ...reply, ...replyTo(context, request) };
  if (!isConsistent(state.log, prevLogIndex, prevLogTerm)) {
    return { ...reply, ...replyTo(context, request), ...hintFor(context.config.hintsBothWays, state.log, prevLogIndex, prevLogTerm) };
  }
  const held = countHeld(state.log, prevLogIndex, entries);
  const conflict = conflictFrom(state.log, prevLogIndex, held, entries);
  if (conflict > 0) truncateFrom(context, conflict);
  appendAll(context, entries.slice(held));
  const match = prevLogIndex + entries.length;
  advanceFollowerCommit(context, task, request.leaderCommit, match);
  return { ...reply, ...replyTo(context, request), success: true, match };
}

/** Figure 13, InstallSnapshot receiver (7), chunk by chunk. */
function onInstallSnapshot(context: Context, task: string, request: InstallSnapshotRequest): InstallSnapshotReply {
  const { state } = context;
  const { index } = request.snapshot;
  const reply = { kind: 'InstallSnapshotReply', lastIncludedIndex: index, success: false, offset: 0 } as const;
  if (!obeys(context, request)) return { ...reply, ...replyTo(context, request) };
  const end = request.offset + request.chunk.length;
  if (isOutdatedSnapshot(index, state.commit)) return { ...reply, ...replyTo(context, request), success: true, offset: end };
  const offset = takeChunk(context, request);
  if (request.done && offset === end) install(context, task, request.snapshot);
  return { ...reply, ...replyTo(context, request), success: offset === end, offset };
}

/** Keeps the chunk if it is the next one. Gives the byte that is wanted next. */
function takeChunk({ state }: Context, request: InstallSnapshotRequest): number {
  const { from, term, snapshot, offset, chunk } = request;
  if (state.incoming === null || !isPartOf(state.incoming, request)) {
    state.incoming = { from, term, index: snapshot.index, chunks: [], offset: 0 };
  }
  const { incoming } = state;
  if (incoming?.offset === offset) {
    incoming.chunks.push(chunk);
    incoming.offset += chunk.length;
  }
  return incoming?.offset ?? 0;
}

/** Figure 13, rules 5 to 8: the snapshot replaces the log, and then the state of the service, which the applier sees to. */
function install(context: Context, task: string, snapshot: Snapshot): void {
  const { state, write } = context;
  const data = state.incoming === null ? new Uint8Array() : joinChunks(state.incoming);
  state.incoming = null;
  if (holdsSnapshot(state.log, snapshot.index, snapshot.term)) return advanceFollowerCommit(context, task, snapshot.index, snapshot.index);
  const installed = Object.freeze({ ...snapshot, data });
  invariant(context, installed.index > state.applied, `the snapshot of entry ${installed.index} would take back what is applied`);
  state.snapshot = installed;
  state.log.reset(installed.index, installed.term);
  state.commit = installed.index;
  state.restore = installed;
  write.snapshot = installed;
  write.keepLog = false;
  traceSnapshotInstalled(context.traced, installed.index, installed.term);
  context.applyReady.broadcast(task);
}
