import { type Command, commandBytes, digestOfCommand } from './command.ts';

export { type Command, commandBytes } from './command.ts';

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

/** Index, term and kind, as bytes beside the command. */
const OVERHEAD_BYTES = 17;

class Entry implements LogEntry {
  readonly index: number;
  readonly term: number;
  readonly kind: EntryKind;
  readonly command: Command;
  readonly size: number;
  #hash = '';

  constructor(index: number, term: number, kind: EntryKind, command: Command) {
    this.index = index;
    this.term = term;
    this.kind = kind;
    this.command = command;
    this.size = OVERHEAD_BYTES + commandBytes(command);
  }

  get hash(): string {
    if (this.#hash === '') this.#hash = digestOfCommand(this.command);
    return this.#hash;
  }
}

/** Whether it was made by `createEntry`, here or from bytes. */
export function isEntry(value: unknown): value is LogEntry {
  return value instanceof Entry;
}

/** An entry for the log at `index`, created by the leader of `term`. */
export function createEntry(index: number, term: number, kind: EntryKind, command: Command): LogEntry {
  return new Entry(index, term, kind, command);
}
