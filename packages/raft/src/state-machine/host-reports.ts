import type { ServerId } from '../configuration.ts';
import { sticksToLeader } from '../rules/vote.ts';
import { traceBecomeFollower, traceTimeout } from '../trace.ts';
import { campaign } from './elections.ts';
import { tellProgress } from './peers.ts';
import type { Server } from './server.ts';
import { mayStand } from './timers.ts';

/** What the host knows or wants, where Raft would have to wait for a timer. None of it can break anything: it only comes earlier. */

/** How a snapshot that the host carried by itself has ended. */
export type SnapshotOutcome = 'durable' | 'failed';

/**
 * The server stands now, with a pre-vote first where that is on, as if its timer had run out (5.2): it sticks to the leader of before no
 * longer. Returns whether it does: a leader does not, nor one who has no vote, nor one whose promise to a leader with a lease holds, since
 * its own vote would break that (thesis 6.4.1).
 */
export function campaignNow(server: Server): boolean {
  const { config, role, nowMs, heardFromLeaderMs } = server;
  const promised = config.leaseReads && sticksToLeader(nowMs, heardFromLeaderMs, config.electionTimeoutMinMs);
  if (role === 'leader' || promised || !mayStand(server)) {
    return false;
  }
  server.heardFromLeaderMs = Number.NEGATIVE_INFINITY;
  traceTimeout(server, 'host');
  campaign(server);
  return true;
}

/**
 * A follower takes its leader for dead because the host knows it to be, so that it listens to candidates at once (6; thesis 4.2.3). Not
 * where leases are on: the promise that it made by answering the leader holds until its time is over (thesis 6.4.1).
 */
export function forgetLeader(server: Server): boolean {
  if (server.role !== 'follower' || server.config.leaseReads) {
    return false;
  }
  server.leader = null;
  server.heardFromLeaderMs = Number.NEGATIVE_INFINITY;
  traceBecomeFollower(server, null, 'leader forgotten');
  return true;
}

/** What was on its way to the peer is lost: the next heartbeat asks where its log stands, or repeats the chunk of a snapshot (5.3). */
export function reportUnreachable(server: Server, id: ServerId): boolean {
  const peer = server.role === 'leader' ? server.members.get(id) : undefined;
  if (peer?.state === 'snapshot') {
    peer.repeatChunk();
    return true;
  }
  if (peer?.state !== 'replicate') {
    return false;
  }
  peer.becomeProbe(peer.match + 1);
  peer.probing = true;
  tellProgress(server, peer);
  return true;
}

/**
 * The host carried the snapshot of `index` to the peer by itself. Durable, the entries after it go out, and the peer's answer proves that
 * the snapshot is there; failed, the chunk is sent again with the next heartbeat.
 */
export function reportSnapshot(server: Server, id: ServerId, index: number, outcome: SnapshotOutcome): boolean {
  const peer = server.role === 'leader' ? server.members.get(id) : undefined;
  if (peer === undefined || peer.transfer?.snapshot.index !== index) {
    return false;
  }
  if (outcome === 'failed') {
    peer.repeatChunk();
    return true;
  }
  peer.becomeProbe(Math.max(peer.match, index) + 1);
  tellProgress(server, peer);
  return true;
}
