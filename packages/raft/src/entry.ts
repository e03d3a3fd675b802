/** A command of the service above Raft, opaque to Raft. */
export type Command = string | Uint8Array;

export type EntryKind = 'command' | 'noop' | 'config';

/**
 * A log entry. Entries are immutable and are shared between the logs of servers in one process, so that a digest is
 * worked out at most once, and only when a tracer asks for it.
 */
export interface LogEntry {
  readonly index: number;
  readonly term: number;
  readonly kind: EntryKind;
  readonly command: Command;
  /** Bytes that the entry takes in a message or on a disk. */
  readonly size: number;
  /** Eight hexadecimal digits of the command's digest, computed lazily. */
  readonly hash: string;
}
