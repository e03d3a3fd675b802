import type { LogEntry, Snapshot } from '@raftlens/raft';

/** The service above Raft, one state per server. What a method gives back is what is wrong, or null. */
export interface Service {
  booted(server: number): void;
  applied(server: number, entry: LogEntry): string | null;
  restored(server: number, snapshot: Snapshot): string | null;
  /** The server's state, when it wants the log to be cut after the entry at `index`. */
  snapshotDue(server: number, index: number, logBytes: number): Uint8Array | null;
  /** A read was asked for at the server. */
  readStarted(server: number, ctx: string): void;
  /** The read may be served at the index, -1 when it was refused. */
  readReady(server: number, ctx: string, index: number): string | null;
}
