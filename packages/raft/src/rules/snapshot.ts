import type { LogView } from '../log.ts';

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

/** The entries that a peer needs next are compacted away (7). */
export function needsSnapshot(log: LogView, next: number): boolean {
  return next <= log.offset;
}
