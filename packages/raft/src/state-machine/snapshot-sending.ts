import type { InstallSnapshotReply } from '../message.ts';
import type { Progress, SnapshotTransfer } from '../progress.ts';
import { commitAsLeader } from './committing.ts';
import { answeringPeer, tellProgress } from './peers.ts';
import type { Server } from './server.ts';
import { hardStateWait, post } from './storage.ts';

const NO_BYTES = new Uint8Array(0);

/** The peer lags behind the start of the log: it gets the leader's snapshot, one chunk at a time (7, figure 13). */
export function startSnapshot(server: Server, peer: Progress): void {
  const { snapshot } = server;
  server.invariant(snapshot !== null, `the log starts after ${server.log.offset}, and there is no snapshot of what was before`);
  server.invariant(snapshot.index >= server.log.offset, 'the snapshot does not reach to the start of the log');
  peer.becomeSnapshot(snapshot);
  tellProgress(server, peer);
  sendChunk(server, peer);
}

/** The next chunk leaves when the peer has taken the one before, so that a slow peer is never flooded. */
function sendChunk(server: Server, peer: Progress): void {
  const { transfer } = peer;
  if (transfer === null) return;
  transfer.sentMs = server.nowMs;
  const { snapshot, offset } = transfer;
  server.invariant(offset <= snapshot.data.length, 'a chunk starts after the end of its snapshot');
  const chunk = snapshot.data.subarray(offset, offset + server.config.snapshotChunkBytes);
  const done = offset + chunk.length >= snapshot.data.length;
  const { id: from, term } = server;
  const id = server.nextMessageId();
  peer.sent = id;
  transfer.sentId = id;
  post(
    server,
    { kind: 'InstallSnapshot', id, re: 0, from, to: peer.id, term, snapshot: { ...snapshot, data: NO_BYTES }, offset, chunk, done },
    hardStateWait(server),
  );
}

/** A chunk without an answer for a whole election timeout is taken for lost (5.1: requests are retried). */
export function repeatChunk(server: Server, peer: Progress): void {
  if (peer.transfer !== null && server.nowMs - peer.transfer.sentMs >= server.config.electionTimeoutMinMs) sendChunk(server, peer);
}

export function onInstallSnapshotReply(server: Server, message: InstallSnapshotReply): void {
  const peer = answeringPeer(server, message);
  const transfer = peer?.transfer ?? null;
  if (peer === undefined || transfer === null || transfer.snapshot.index !== message.lastIncludedIndex) return;
  const { length } = transfer.snapshot.data;
  const chunkEnd = Math.min(transfer.offset + server.config.snapshotChunkBytes, length);
  // It has more than was sent to it in this transfer: an answer to an earlier one, unless it answers the chunk that was sent last. Then it has
  // kept what the earlier one brought, and goes on after that.
  if (message.offset > chunkEnd && (message.re !== transfer.sentId || message.offset > length)) return;
  if (message.success && message.offset === length) {
    onInstalled(server, peer, transfer);
  } else if (message.offset > transfer.offset) {
    transfer.offset = message.offset;
    sendChunk(server, peer);
  } else if (!message.success && message.offset < transfer.offset) {
    // It has forgotten what it had. It goes on with the next heartbeat, so that no reply makes the leader send without a pause.
    transfer.offset = message.offset;
    transfer.sentMs = Number.NEGATIVE_INFINITY;
  }
}

/** The snapshot is durable at the peer: replication goes on after it. */
function onInstalled(server: Server, peer: Progress, { snapshot }: SnapshotTransfer): void {
  peer.acknowledge(snapshot.index);
  peer.becomeReplicate();
  tellProgress(server, peer);
  if (snapshot.index > server.commit) commitAsLeader(server);
}
