import type { Event } from '@raftlens/events';
import type { PeerModel } from './leadership.ts';
import type { ServerModel } from './server-model.ts';
import type { VainRows } from './vain-answers.ts';

/** An answer comes in: whether it has brought the server that asked any further. Called before the model takes the line. */
export function answered(vain: VainRows, server: ServerModel, event: Event): void {
  const { op, msgTerm, success, granted } = event;
  switch (op) {
    case 'RequestVoteReply':
    case 'PreVoteReply':
      if (granted === false) vain.refusesVote(event, server.term);
      break;
    case 'AppendEntriesReply':
      if (msgTerm === undefined && success === false) vain.refusesWithoutTerm(event);
      else if (msgTerm === server.term) appendAnswered(vain, server, event);
      break;
    case 'InstallSnapshotReply':
      if (msgTerm === server.term) snapshotAnswered(vain, server, event);
      break;
    default:
  }
}

function appendAnswered(vain: VainRows, server: ServerModel, event: Event): void {
  const { leadership } = server;
  if (leadership === null || event.success === undefined) return;
  vain.areTold = true;
  const peer = leadership.peer(event.src);
  const isVain = event.success ? isVainSuccess(server, peer, matchOf(server, event)) : peer.vain.refuses(refusedIndex(server, peer, event));
  if (isVain) vain.goesOn(peer.vain, event);
  else peer.vain.ends();
}

/** Up to where the logs match, as the reply or its request tells; -1 where neither does. */
function matchOf({ leadership }: ServerModel, { match, re }: Event): number {
  return match ?? (re === undefined ? -1 : (leadership?.lastOf(re) ?? -1));
}

/** The peer has told nothing new, and lacks what the leader has; or it was sent the same entries as before. */
function isVainSuccess({ log, commit }: ServerModel, { acked, vain }: PeerModel, match: number): boolean {
  if (match > acked) return false;
  if (vain.isSameRequest) return true;
  return match >= 0 && acked < Math.max(log.last, commit);
}

/** Where the leader is to try next, as far as it is told. */
function refusedIndex({ leadership }: ServerModel, { vain }: PeerModel, { conflictIndex, re }: Event): number {
  if (conflictIndex !== undefined) return conflictIndex;
  const prev = re === undefined ? -1 : (leadership?.prevOf(re, 0) ?? -1);
  return prev >= 0 ? prev : vain.sentPrev;
}

/** A chunk moves a snapshot on where the next offset rises. */
function snapshotAnswered(vain: VainRows, { leadership }: ServerModel, event: Event): void {
  if (leadership === null || event.success === undefined) return;
  vain.areTold = true;
  const peer = leadership.peer(event.src);
  const { lastIncludedIndex = 0, offset = 0 } = event;
  const isFurther = event.success && (lastIncludedIndex > peer.acked || offset > peer.snapshotOffset);
  peer.snapshotOffset = offset;
  if (isFurther) peer.vain.ends();
  else vain.goesOn(peer.vain, event);
}
