import type { ServerId } from '../configuration.ts';
import { type Command, commandBytes, type LogEntry } from '../entry.ts';
import type { AppendEntriesReply, AppendEntriesRequest, InstallSnapshotReply, InstallSnapshotRequest, Message } from '../message.ts';
import type { Proposed } from '../proposed.ts';
import { nextAfterHint, RETRIES_MAX } from '../rules/back-up.ts';
import { mayPropose } from '../rules/flow.ts';
import { provesLoss } from '../rules/lost-entries.ts';
import { needsSnapshot } from '../rules/snapshot.ts';
import { isStale } from '../rules/term.ts';
import { traceProgress } from '../trace.ts';
import type { Context } from './context.ts';
import { persist } from './persisting.ts';
import type { Peer } from './state.ts';
import { adoptTerm, advanceLeaderCommit, appendOwn } from './steps.ts';

type ReplicationRequest = AppendEntriesRequest | InstallSnapshotRequest;

/**
 * The labs' Start: the leader takes a command and sets its replication off; null from everybody else, and while too many bytes wait to
 * be committed. It does not wait for the commit.
 */
export async function startCommand(context: Context, task: string, command: Command): Promise<Proposed | null> {
  const { state, config } = context;
  if (state.role !== 'leader' || !mayPropose(state.uncommittedBytes, commandBytes(command), config.maxUncommittedBytes)) return null;
  const { index, term } = appendOwn(context, 'command', command);
  await persist(context);
  advanceLeaderCommit(context, task);
  tellCommit(context);
  // Where a request is under way its reply brings the rest along; if it was lost the next heartbeat does.
  for (const [id, peer] of state.peers) if (peer.underWay === 0) replicateTo(context, id, peer);
  return { index, term };
}

/** Those whom nothing is on its way to, and who were sent no message that tells the commit index, get one at once, where that is wanted. */
export function tellCommit(context: Context): void {
  const { state, config } = context;
  if (!config.tellCommits || state.role !== 'leader') return;
  for (const [id, peer] of state.peers) {
    if (peer.underWay === 0 && !peer.lost && peer.toldCommit < Math.min(state.commit, peer.match)) replicateTo(context, id, peer);
  }
}

/** A task for as long as the server leads in `term`: heartbeats, which carry whatever the peer lacks (figure 2, leaders; 5.2). */
export async function runHeartbeats(context: Context, task: string, term: number): Promise<void> {
  const { state } = context;
  for (;;) {
    context.nextRound();
    const leads = await context.locked(task, () => {
      if (state.role !== 'leader' || state.term !== term) return false;
      for (const [id, peer] of state.peers) beat(context, id, peer);
      return true;
    });
    if (!leads) return;
    await context.sleep(context.config.heartbeatIntervalMs);
  }
}

function beat(context: Context, id: ServerId, peer: Peer): void {
  peer.retries = 0;
  replicateTo(context, id, peer);
}

/** Starts a task that sends one peer what it lacks. The message is built here, under the lock, and sent by the task without it. */
function replicateTo(context: Context, id: ServerId, peer: Peer): void {
  const request = nextRequest(context, id, peer);
  context.spawn(`append to ${id}`, (task) => replicate(context, task, request));
}

/** Sends and handles the reply, until the peer has all or somebody else goes on. */
async function replicate(context: Context, task: string, first: ReplicationRequest): Promise<void> {
  let request: ReplicationRequest | null = first;
  while (request !== null) {
    const sent: ReplicationRequest = request;
    const reply = await context.call(sent);
    request = await context.locked(task, () => onReply(context, task, sent, reply));
  }
}

/** What to send to the peer next: the entries from nextIndex on, or the snapshot where they are compacted away (5.3; 7). */
function nextRequest(context: Context, id: ServerId, peer: Peer): ReplicationRequest {
  const request = requestTo(context, id, peer);
  peer.underWay = request.id;
  if (request.kind === 'AppendEntries') {
    const told = Math.min(request.leaderCommit, request.prevLogIndex + request.entries.length);
    if (told > peer.toldCommit) peer.toldCommit = told;
  }
  peer.sent = request.id;
  return context.sends(request);
}

function requestTo(context: Context, id: ServerId, peer: Peer): ReplicationRequest {
  // Every log matches at 0: a peer that lost its entries hears that there is a leader, and is asked nothing.
  if (peer.lost) return appendRequest(context, id, 0, NO_ENTRIES);
  const { state, config } = context;
  if (needsSnapshot(state.log, peer.next)) return snapshotRequest(context, id, peer);
  return appendRequest(context, id, peer.next - 1, state.log.batch(peer.next, config.maxEntriesBytesPerMessage).entries);
}

const NO_ENTRIES: readonly LogEntry[] = [];

function appendRequest(context: Context, to: ServerId, prevLogIndex: number, entries: readonly LogEntry[]): AppendEntriesRequest {
  const { state } = context;
  return {
    kind: 'AppendEntries',
    id: context.nextMessageId(),
    re: 0,
    from: context.id,
    to,
    term: state.term,
    prevLogIndex,
    prevLogTerm: prevLogIndex === 0 ? 0 : state.log.termAt(prevLogIndex),
    entries,
    leaderCommit: state.commit,
    round: 0,
  };
}

function snapshotRequest(context: Context, to: ServerId, peer: Peer): InstallSnapshotRequest {
  const { state, config } = context;
  const { snapshot } = state;
  if (snapshot === null) throw new Error(`${context.id} has compacted its log to ${state.log.offset} and has no snapshot`);
  const offset = Math.min(peer.offset, snapshot.data.length);
  const chunk = snapshot.data.subarray(offset, offset + config.snapshotChunkBytes);
  return {
    kind: 'InstallSnapshot',
    id: context.nextMessageId(),
    re: 0,
    from: context.id,
    to,
    term: state.term,
    snapshot: { ...snapshot, data: NO_BYTES },
    offset,
    chunk,
    done: offset + chunk.length >= snapshot.data.length,
  };
}

const NO_BYTES = new Uint8Array();

/** Handles the reply, or that none came, and gives the next request, or null when this task has nothing more to do. */
async function onReply(
  context: Context,
  task: string,
  sent: ReplicationRequest,
  reply: Message | null,
): Promise<ReplicationRequest | null> {
  const { state } = context;
  if (reply !== null) {
    context.receives(reply);
    adoptTerm(context, reply.term);
    await persist(context);
  }
  // The reply answers a leader of sent.term. Whoever this server is by now, it must not be taken for an answer to another.
  if (state.role !== 'leader' || state.term !== sent.term) return null;
  const peer = state.peers.get(sent.to);
  if (peer === undefined) return null;
  if (peer.underWay === sent.id) peer.underWay = 0;
  if (reply === null || isStale(reply.term, state.term)) return null;
  peer.heardMs = context.host.now();
  if (peer.lost) return null;
  const lacksMore = takeReply(context, task, sent, reply, peer);
  const request = lacksMore && peer.underWay === 0 ? nextRequest(context, sent.to, peer) : null;
  tellCommit(context);
  return request;
}

/**
 * Learns from the reply. True when the peer lacks something that can be sent at once. That takes a reply which says something new, so that
 * none, whatever it says, makes the leader send without a pause: what a repeated one asks for goes out with the next heartbeat.
 */
function takeReply(context: Context, task: string, sent: ReplicationRequest, reply: Message, peer: Peer): boolean {
  if (sent.kind === 'AppendEntries' && reply.kind === 'AppendEntriesReply') return onAppendReply(context, task, sent, reply, peer);
  if (sent.kind === 'InstallSnapshot' && reply.kind === 'InstallSnapshotReply') return onSnapshotReply(context, task, sent, reply, peer);
  return false;
}

/** Figure 2, leaders, third rule: after success raise nextIndex and matchIndex, after a refusal back up and try again (5.3). */
function onAppendReply(context: Context, task: string, sent: AppendEntriesRequest, reply: AppendEntriesReply, peer: Peer): boolean {
  const { state } = context;
  if (reply.success) {
    const moved = matched(context, task, sent.to, peer, reply.match);
    return (moved || sent.entries.length === 0) && peer.next <= state.log.lastIndex;
  }
  // A refusal says something of the entry that was asked about, and nextIndex may have moved on meanwhile.
  if (sent.prevLogIndex !== peer.next - 1 || reply.conflictIndex === 0) return false;
  if (provesLoss(sent.id, sent.prevLogIndex, peer.match, peer.sentAtMatch)) return onLostEntries(context, sent, reply, peer);
  const next = nextAfterHint(context.config.hintsBothWays, state.log, reply, sent.prevLogIndex, peer.match);
  const backs = next < peer.next && peer.retries < RETRIES_MAX;
  peer.next = next;
  peer.retries += 1;
  traceProgress(context.traced, { id: sent.to, match: peer.match, next: peer.next, state: 'probe' });
  return backs;
}

/** The disk of the peer has broken its word (figure 2, persistent state). It is told once, and nothing is sent at once. */
function onLostEntries(context: Context, sent: AppendEntriesRequest, reply: AppendEntriesReply, peer: Peer): false {
  const { state, config, host } = context;
  const { match: acknowledged } = peer;
  host.notice?.({ kind: 'lost-entries', peer: sent.to, acknowledged, missing: sent.prevLogIndex });
  if (config.allowLogReversion) {
    peer.match = 0;
    peer.next = nextAfterHint(config.hintsBothWays, state.log, reply, sent.prevLogIndex, 0);
  } else {
    peer.lost = true;
  }
  traceProgress(context.traced, { id: sent.to, match: peer.match, next: peer.next, state: peer.lost ? 'lost' : 'probe' });
  return false;
}

function onSnapshotReply(context: Context, task: string, sent: InstallSnapshotRequest, reply: InstallSnapshotReply, peer: Peer): boolean {
  const { state } = context;
  if (reply.success && sent.done) {
    rewind(peer);
    return matched(context, task, sent.to, peer, sent.snapshot.index) && peer.next <= state.log.lastIndex;
  }
  if (sent.snapshot.index !== state.snapshot?.index) {
    rewind(peer);
    return true;
  }
  // An answer to a chunk that was repeated, and answered, before says nothing new. The peer may have kept more from an earlier transfer.
  if (sent.offset !== peer.offset || reply.offset > state.snapshot.data.length) return false;
  peer.offset = reply.offset;
  return reply.offset > sent.offset;
}

/** The next snapshot starts at its first byte. */
function rewind(peer: Peer): void {
  if (peer.offset > 0) peer.offset = 0;
}

/** matchIndex and nextIndex only rise by what a peer acknowledges: acknowledgements may arrive in any order (5.3). Whether they did. */
function matched(context: Context, task: string, id: ServerId, peer: Peer, index: number): boolean {
  if (index <= peer.match) return false;
  peer.match = index;
  peer.sentAtMatch = peer.sent;
  peer.retries = 0;
  peer.next = Math.max(peer.next, index + 1);
  traceProgress(context.traced, { id, match: peer.match, next: peer.next, state: 'replicate' });
  advanceLeaderCommit(context, task);
  return true;
}
