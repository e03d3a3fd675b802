import type { ServerId } from '../configuration.ts';
import type { TimeoutNowRequest } from '../message.ts';
import type { TransferGivenUpNotice } from '../notice.ts';
import type { Progress } from '../progress.ts';
import { traceTransferLeader } from '../trace.ts';
import type { Server } from './server.ts';
import { hardStateWait, post } from './storage.ts';

/**
 * Hands leadership to `target` (thesis 3.10): no new proposals, entries until the target has them all, then TimeoutNow. It is given up
 * after an election timeout. Returns whether it was begun: only a leader can, and only to another voter. Without a target it is the voter
 * that holds most of the log.
 */
export function startTransfer(server: Server, wanted: ServerId | null): boolean {
  const target = wanted ?? furthestVoter(server);
  if (target === null) return false;
  const peer = server.role === 'leader' ? server.members.get(target) : undefined;
  if (peer === undefined || target === server.id || peer.state === 'lost' || !server.configuration.voters.includes(target)) return false;
  if (server.transfer !== null && server.transfer.target !== target) giveTransferUp(server, 'replaced');
  server.transfer = { target, term: server.term, deadlineMs: server.nowMs + server.config.electionTimeoutMaxMs, told: false };
  traceTransferLeader(server, target);
  return true;
}

function furthestVoter({ role, members, configuration }: Server): ServerId | null {
  if (role !== 'leader') return null;
  let best: Progress | null = null;
  for (const peer of members.peers) {
    const better = best === null || peer.counted > best.counted || (peer.counted === best.counted && peer.heardMs > best.heardMs);
    if (better && configuration.voters.includes(peer.id) && peer.state !== 'lost') best = peer;
  }
  return best?.id ?? null;
}

/** The leader goes on, and takes proposals again (thesis 3.10). */
export function giveTransferUp(server: Server, why: TransferGivenUpNotice['why']): void {
  const { transfer, effects } = server;
  if (transfer !== null) {
    effects.push({ kind: 'notice', notice: { kind: 'transfer-given-up', target: transfer.target, told: transfer.told, why } });
    server.transfer = null;
  }
}

/** This server leads no more. Who leads in its place is not known yet where a newer term has come. */
export function leaveTransfer(server: Server): void {
  if (server.transfer !== null && server.term === server.transfer.term) giveTransferUp(server, 'stepped-down');
  server.handedTo = server.transfer?.target ?? null;
  server.transfer = null;
}

/** Somebody is known to lead since this server handed over: that is how the transfer ended. */
export function tellTransferEnd(server: Server): void {
  const { handedTo: target, leader, term, effects } = server;
  if (target !== null && leader !== null) {
    effects.push({ kind: 'notice', notice: { kind: 'transfer-ended', target, leader, term } });
    server.handedTo = null;
  }
}

/**
 * The target has caught up, so that it can win: it is told to stand. This is decided as the host takes the effects, when nothing more can
 * be appended before the message leaves.
 */
export function finishTransfer(server: Server): void {
  const { transfer, members, log, id: from, term } = server;
  if (transfer === null || transfer.told || members.get(transfer.target)?.counted !== log.lastIndex) return;
  transfer.told = true;
  // From here on somebody else may win at any time in spite of this server's lease.
  server.abdicated = true;
  const message: TimeoutNowRequest = { kind: 'TimeoutNow', id: server.nextMessageId(), re: 0, from, to: transfer.target, term };
  post(server, message, hardStateWait(server));
}
