import type { AppendEntriesReply, InstallSnapshotReply } from '../message.ts';
import type { Progress } from '../progress.ts';
import { traceProgress } from '../trace.ts';
import type { Server } from './server.ts';

/**
 * Whose answer this is: a member's, or that of one who is leaving. Undefined for one that has nothing to say here, because this server does
 * not lead or does not send to it, and for an answer to what was sent before the replication session with it began: it may tell of a log
 * that the server has lost since.
 */
export function answeringPeer(server: Server, { from, re }: AppendEntriesReply | InstallSnapshotReply): Progress | undefined {
  const { role, members, nowMs } = server;
  const peer = role === 'leader' ? (members.get(from) ?? members.leaving.find(({ id }) => id === from)) : undefined;
  if (peer === undefined || re <= peer.sessionAfter) return undefined;
  peer.active = true;
  peer.heardMs = nowMs;
  return peer;
}

/** What the leader knows of a member has changed. Of one who is leaving nothing depends on it. */
export function tellProgress(server: Server, peer: Progress): void {
  if (peer.leavesAt === 0) traceProgress(server, peer);
  server.invariant(peer.match < peer.next, `nextIndex ${peer.next} of ${peer.id} is not above its matchIndex ${peer.match}`);
}
