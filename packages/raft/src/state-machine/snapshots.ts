import { sameConfiguration } from '../configuration.ts';
import type { Snapshot } from '../durable-state.ts';
import { ContractError } from '../errors.ts';
import type { InstallSnapshotRequest } from '../message.ts';
import { holdsSnapshot, type IncomingSnapshot, isOutdatedSnapshot, isPartOf, joinChunks } from '../rules/snapshot.ts';
import { traceConfigChange, traceSnapshotInstalled, traceSnapshotTaken } from '../trace.ts';
import { commitAsFollower } from './committing.ts';
import { acceptLeader } from './following.ts';
import type { Server } from './server.ts';
import { closeBatchIfTold, hardStateWait, logWait, post } from './storage.ts';

/**
 * The service has written its state as of `index` down: the log up to there is not needed any more (7). One that is not newer than the
 * snapshot at hand is passed over. @throws ContractError `SNAPSHOT_NOT_APPLIED`.
 */
export function onSnapshotTaken(server: Server, index: number, data: Uint8Array): void {
  const { log, configurations, config } = server;
  if (index <= (server.snapshot?.index ?? 0)) return;
  if (index > server.applied) {
    throw new ContractError(
      'SNAPSHOT_NOT_APPLIED',
      `${server.id}: a snapshot of entry ${index}, but only ${server.applied} is applied: call applied() for what it holds first`,
    );
  }
  const snapshot: Snapshot = { index, term: log.termAt(index), configuration: configurations.at(index), data };
  server.snapshot = snapshot;
  server.ledger.compacted(snapshot);
  const compactTo = index - config.trailingEntriesMax;
  if (compactTo > log.offset) {
    log.compactTo(compactTo);
    configurations.compactedTo(compactTo);
  }
  traceSnapshotTaken(server, index, snapshot.term);
}

/** Figure 13, InstallSnapshot receiver. Chunks are taken in order, from one leader at a time. */
export function onInstallSnapshot(server: Server, message: InstallSnapshotRequest): void {
  acceptLeader(server, message.from);
  const { snapshot, offset, chunk, done } = message;
  if (isOutdatedSnapshot(snapshot.index, server.commit)) {
    server.incoming = null;
    reply(server, message, true, offset + chunk.length, logWait(server, snapshot.index));
    return;
  }
  const incoming = incomingFor(server, message);
  if (offset !== incoming.offset) {
    reply(server, message, offset < incoming.offset, incoming.offset, hardStateWait(server));
    return;
  }
  incoming.chunks.push(chunk);
  incoming.offset += chunk.length;
  if (done) {
    server.incoming = null;
    install(server, { ...snapshot, data: joinChunks(incoming) });
    reply(server, message, true, incoming.offset, logWait(server, snapshot.index));
  } else {
    reply(server, message, true, incoming.offset, hardStateWait(server));
  }
}

function incomingFor(server: Server, message: InstallSnapshotRequest): IncomingSnapshot {
  const known = server.incoming;
  if (known !== null && isPartOf(known, message)) return known;
  const { from, term, snapshot } = message;
  server.incoming = { from, term, index: snapshot.index, chunks: [], offset: 0 };
  return server.incoming;
}

function install(server: Server, snapshot: Snapshot): void {
  const { log, ledger, configurations } = server;
  if (holdsSnapshot(log, snapshot.index, snapshot.term)) {
    commitAsFollower(server, snapshot.index, snapshot.index);
    return;
  }
  server.invariant(snapshot.term <= server.term, `a snapshot of term ${snapshot.term} comes in term ${server.term}`);
  const before = configurations.current;
  closeBatchIfTold(server);
  log.reset(snapshot.index, snapshot.term);
  ledger.replaced(snapshot);
  configurations.reset(snapshot.index, snapshot.configuration);
  server.invariant(
    snapshot.index > server.commit,
    `the snapshot of entry ${snapshot.index} would take back the commit of ${server.commit}`,
  );
  server.snapshot = snapshot;
  server.commit = snapshot.index;
  server.restore = snapshot;
  traceSnapshotInstalled(server, snapshot.index, snapshot.term);
  if (!sameConfiguration(before, snapshot.configuration)) traceConfigChange(server, snapshot.index, snapshot.configuration);
}

function reply(
  server: Server,
  { id: re, from: to, snapshot }: InstallSnapshotRequest,
  success: boolean,
  offset: number,
  after: number,
): void {
  const { id: from, term } = server;
  const id = server.nextMessageId();
  post(server, { kind: 'InstallSnapshotReply', id, re, from, to, term, lastIncludedIndex: snapshot.index, success, offset }, after);
}

/** A leader of an older term is told of the newer one (5.1). */
export function refuseSnapshot(server: Server, message: InstallSnapshotRequest): void {
  reply(server, message, false, 0, hardStateWait(server));
}
