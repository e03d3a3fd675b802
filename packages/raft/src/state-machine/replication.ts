import type { LogEntry } from '../entry.ts';
import type { AppendEntriesReply } from '../message.ts';
import type { Progress } from '../progress.ts';
import { nextAfterHint } from '../rules/back-up.ts';
import { isFreshRefusal, mayFollow, widenWindow } from '../rules/flow.ts';
import { provesLoss } from '../rules/lost-entries.ts';
import { needsSnapshot } from '../rules/snapshot.ts';
import { commitAsLeader } from './committing.ts';
import { forgetSilent, hearFarewell } from './farewell.ts';
import { answeringPeer, tellProgress } from './peers.ts';
import { confirmReads, nextRound } from './reads.ts';
import type { Server } from './server.ts';
import { repeatChunk, startSnapshot } from './snapshot-sending.ts';
import { hardStateWait, post } from './storage.ts';
import { finishTransfer } from './transfer.ts';

/**
 * Figure 2, leaders: entries from nextIndex on go to every peer that lacks some (5.3). It runs when the host takes the effects, so that all
 * that was proposed since the last time goes out in one message a peer.
 */
export function replicate(server: Server): void {
  finishTransfer(server);
  if (server.reads.roundDue) sendHeartbeats(server);
  const { lastIndex } = server.log;
  for (const peer of server.members.peers) {
    if (peer.next <= lastIndex && peer.state !== 'snapshot' && peer.state !== 'lost') sendEntries(server, peer);
  }
  if (server.config.tellCommits) tellCommit(server);
}

/** Those to whom no message has gone that tells the commit index get an empty one that asks about what they are known to hold. */
function tellCommit(server: Server): void {
  const { commit, log, members } = server;
  for (const peer of members.peers) {
    if (peer.state === 'replicate' && peer.toldCommit < Math.min(commit, peer.match) && peer.match >= log.offset) {
      postAppend(server, peer, peer.match, NO_ENTRIES);
    }
  }
}

function sendEntries(server: Server, peer: Progress): void {
  const { log, config } = server;
  while (peer.next <= log.lastIndex && maySend(server, peer)) {
    if (needsSnapshot(log, peer.next)) {
      startSnapshot(server, peer);
      return;
    }
    const { entries, to, bytes } = log.batch(peer.next, config.maxEntriesBytesPerMessage);
    postAppend(server, peer, peer.next - 1, entries);
    if (peer.state === 'probe') {
      peer.probing = true;
    } else {
      peer.inflights.add(to, bytes);
      peer.next = to + 1;
    }
  }
}

function maySend({ config }: Server, { state, probing, inflights, window }: Progress): boolean {
  return state === 'probe' ? !probing : mayFollow(inflights.messages, inflights.bytes, window, config);
}

/**
 * The leader's messages need not wait for its own append to be durable (thesis 10.2.1): its own copy counts only then. Its term is durable
 * since it leads, or one that leads alone could forget that it did.
 */
function postAppend(server: Server, peer: Progress, prevLogIndex: number, entries: readonly LogEntry[]): void {
  const { id: from, term, commit: leaderCommit, log, reads } = server;
  const prevLogTerm = prevLogIndex === 0 ? 0 : log.termAt(prevLogIndex);
  const { round } = reads;
  const id = server.nextMessageId();
  peer.sent = id;
  peer.tells(leaderCommit, prevLogIndex + entries.length);
  post(
    server,
    { kind: 'AppendEntries', id, re: 0, from, to: peer.id, term, prevLogIndex, prevLogTerm, entries, leaderCommit, round },
    hardStateWait(server),
  );
}

const NO_ENTRIES: readonly LogEntry[] = [];

/**
 * Figure 2, leaders: empty AppendEntries at once upon election and whenever the interval has passed (5.2). A heartbeat checks the log like
 * any other AppendEntries, so that it also finds out what was lost on the way.
 */
export function sendHeartbeats(server: Server): void {
  server.heartbeatDeadlineMs = server.nowMs + server.config.heartbeatIntervalMs;
  forgetSilent(server);
  nextRound(server);
  for (const peer of server.members.peers) sendHeartbeat(server, peer);
  confirmReads(server);
}

function sendHeartbeat(server: Server, peer: Progress): void {
  peer.allowRetries();
  if (peer.state === 'probe' && !peer.probing && peer.next <= server.log.lastIndex) {
    // A new leader's first entry says all that a heartbeat would.
    sendEntries(server, peer);
    return;
  }
  if (peer.state === 'probe') {
    peer.probing = true;
  } else if (peer.state === 'snapshot') repeatChunk(server, peer);
  postAppend(server, peer, heartbeatPrev(server, peer), NO_ENTRIES);
}

/**
 * Where a peer waits for a snapshot, the heartbeat asks whether it has one already: the entry at the start of the leader's log. One that
 * lost its entries is asked nothing: every log matches at 0.
 */
function heartbeatPrev({ log }: Server, { state, next }: Progress): number {
  if (state === 'lost') return 0;
  return state === 'snapshot' || needsSnapshot(log, next) ? log.offset : next - 1;
}

/** A peer's answer, in the leader's own term (figure 2, leaders: the two rules on success and on refusal; 5.3). */
export function onAppendEntriesReply(server: Server, message: AppendEntriesReply): void {
  const peer = answeringPeer(server, message);
  if (peer === undefined) return;
  if (peer.state === 'lost') {
    // It answers, and nothing that it says of its log counts.
    return;
  }
  if (message.success) {
    onSuccess(server, peer, message.match);
  } else {
    onRefusal(server, peer, message);
  }
  if (peer.leavesAt > 0) {
    hearFarewell(server, peer, message);
  } else if (message.round > peer.round && server.role === 'leader') {
    peer.round = message.round;
    confirmReads(server);
  }
}

function onSuccess(server: Server, peer: Progress, match: number): void {
  server.invariant(match <= server.log.lastIndex, `${peer.id} acknowledges entry ${match}, and the log ends at ${server.log.lastIndex}`);
  const moved = peer.acknowledge(match);
  const resumes = peer.state === 'probe' || (peer.state === 'snapshot' && !needsSnapshot(server.log, peer.next));
  if (resumes) peer.becomeReplicate();
  if (moved || resumes) tellProgress(server, peer);
  if (moved) {
    peer.window = widenWindow(peer.window, server.config);
    if (match > server.commit) commitAsLeader(server);
  }
}

function onRefusal(server: Server, peer: Progress, message: AppendEntriesReply): void {
  if (peer.state === 'snapshot' || !isFreshRefusal(message.re, peer.sentBefore)) return;
  if (provesLoss(message.re, message.prevLogIndex, peer.match, peer.sentAtMatch)) {
    onLostEntries(server, peer, message);
    return;
  }
  peer.backUp(nextAfterHint(server.config.hintsBothWays, server.log, message, message.prevLogIndex, peer.match));
  tellProgress(server, peer);
}

/** The disk of the peer has broken its word (figure 2, persistent state). It is told once, and nothing is sent at once. */
function onLostEntries(server: Server, peer: Progress, message: AppendEntriesReply): void {
  const { match: acknowledged } = peer;
  server.effects.push({ kind: 'notice', notice: { kind: 'lost-entries', peer: peer.id, acknowledged, missing: message.prevLogIndex } });
  if (server.config.allowLogReversion) {
    peer.revert(nextAfterHint(server.config.hintsBothWays, server.log, message, message.prevLogIndex, 0));
  } else {
    peer.becomeLost();
  }
  tellProgress(server, peer);
}
