import type { ServerId } from '../configuration.ts';
import type { LogView } from '../log.ts';
import type { InstallSnapshotRequest } from '../message.ts';

/** A leader's snapshot, as far as its chunks have arrived. */
export interface IncomingSnapshot {
  readonly from: ServerId;
  readonly term: number;
  readonly index: number;
  readonly chunks: Uint8Array[];
  offset: number;
}

/** A snapshot of what is committed here already is older news (7): installing it would take the service back. */
export function isOutdatedSnapshot(snapshotIndex: number, commit: number): boolean {
  return snapshotIndex <= commit;
}

/**
 * Figure 13, InstallSnapshot receiver rule 6: where the log holds the snapshot's last entry, same index and same term, everything up to it
 * is the same too; the log stays, and nothing has to be restored.
 */
export function holdsSnapshot(log: LogView, snapshotIndex: number, snapshotTerm: number): boolean {
  return log.termAt(snapshotIndex) === snapshotTerm;
}

/**
 * Whether a chunk belongs to the snapshot that is arriving. Two leaders may write the same state in different bytes, so chunks from two
 * leaders are never joined.
 */
export function isPartOf(incoming: IncomingSnapshot, { from, term, snapshot }: InstallSnapshotRequest): boolean {
  return incoming.from === from && incoming.term === term && incoming.index === snapshot.index;
}

/** The bytes of all chunks that have arrived. */
export function joinChunks({ chunks, offset }: IncomingSnapshot): Uint8Array {
  const data = new Uint8Array(offset);
  let position = 0;
  for (const chunk of chunks) {
    data.set(chunk, position);
    position += chunk.length;
  }
  return data;
}

/** The entries that a peer needs next are compacted away (7). */
export function needsSnapshot(log: LogView, next: number): boolean {
  return next <= log.offset;
}
