import type { Configuration, ServerId } from './configuration.ts';
import type { LogEntry } from './entry.ts';

/** A snapshot of the service's state (7). `data` is opaque to Raft. */
export interface Snapshot {
  /** The last entry that the snapshot replaces, and its term. */
  readonly index: number;
  readonly term: number;
  /** The configuration in force at `index`. */
  readonly configuration: Configuration;
  readonly data: Uint8Array;
}

/** What a server finds on its disk when it starts (figure 2, "Persistent state on all servers"). */
export interface DurableState {
  readonly term: number;
  readonly vote: ServerId | null;
  readonly snapshot: Snapshot | null;
  /** The entries after the snapshot, without gaps. */
  readonly entries: readonly LogEntry[];
}
