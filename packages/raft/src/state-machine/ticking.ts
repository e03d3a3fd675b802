import { isQuorum } from '../quorum.ts';
import { traceTimeout } from '../trace.ts';
import { campaign } from './elections.ts';
import { refuseLostReads } from './reads.ts';
import { sendHeartbeats } from './replication.ts';
import { becomeFollower } from './roles.ts';
import type { Server } from './server.ts';
import { mayStand } from './timers.ts';
import { giveTransferUp } from './transfer.ts';

/** Does what is due at `nowMs`; nothing when called early. */
export function tick(server: Server): void {
  refuseLostReads(server);
  if (server.role === 'leader') {
    tickLeader(server);
  } else if (server.nowMs >= server.electionDeadlineMs && mayStand(server)) {
    traceTimeout(server, 'election');
    campaign(server);
  }
}

function tickLeader(server: Server): void {
  if (server.nowMs >= server.quorumDeadlineMs) {
    checkQuorum(server);
    if (server.role !== 'leader') return;
  }
  if (server.transfer !== null && server.nowMs >= server.transfer.deadlineMs) {
    traceTimeout(server, 'transfer');
    giveTransferUp(server, 'timeout');
  }
  if (server.nowMs >= server.heartbeatDeadlineMs) sendHeartbeats(server);
}

/** A leader that has not heard from a quorum for an election timeout steps down: others may have elected another (6; thesis 6.2). */
function checkQuorum(server: Server): void {
  const { members, configuration, id: self } = server;
  if (!isQuorum(configuration, (id) => id === self || members.get(id)?.active === true)) {
    traceTimeout(server, 'quorum');
    becomeFollower(server, server.term, null, 'no quorum');
    return;
  }
  for (const peer of members.peers) peer.active = false;
  server.quorumDeadlineMs = server.nowMs + server.config.electionTimeoutMinMs;
}
