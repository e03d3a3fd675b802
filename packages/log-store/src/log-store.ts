import type { Readable } from 'node:stream';
import type { Event, Role } from '@raftlens/events';
import type { LinearPattern } from '@raftlens/patterns';
import type { Columns } from './columns/columns.ts';

/**
 * A log that is open: rows in the order of (corrected) time, one for each line, also for a line that no format knows.
 * Rows count from 0. Everything that takes a row throws a `LogStoreError` with code ROW_OUT_OF_RANGE for one that is not
 * indexed yet. Reading a row reads the file, so nothing here keeps more than the columns and a few blocks in memory.
 */
export interface LogStore {
  /** The rows indexed so far. */
  readonly size: number;
  /** Rows that no format knows. They are kept and counted. */
  readonly unmatched: number;
  readonly columns: Columns;
  readonly progress: IndexingProgress;
  readonly files: readonly LogFile[];
  /** Everyone who speaks or is spoken to, servers first, in natural order. */
  readonly peers: readonly string[];
  /** What the reader noticed about the files: a truncation, a damaged archive, clocks that cannot be reconciled. */
  readonly notices: readonly LogNotice[];

  /** Resolves once all that was there at the opening is indexed; rejects when reading fails. */
  readonly done: Promise<void>;
  /** Called after every change; the returned function ends the subscription. */
  subscribe(listener: (change: StoreChange) => void): () => void;
  close(): void;

  /** The line as it stands in the file, without its newline. At most `charsMax` characters of it when given. */
  line(row: number, charsMax?: number): string;
  /** The event of the line, parsed now, or null where no format knows the line. Its `time` is the corrected one. */
  event(row: number): Event | null;
  /** The event as text, as in the native line's `msg`; the line itself where there is no event. */
  text(row: number, charsMax?: number): string;
  /** Why the line has no event, or null. */
  problem(row: number): LineProblem | null;
  fileOf(row: number): LogFile;
  /** The file whose writer numbers its lines in `seq`, by its place among the files; -1 where lines are not numbered. */
  numberedFileOf(row: number): number;
  /** The number of the (first) line in its file, from 1. */
  lineNumberOf(row: number): number;

  /** The receive (or drop) of a send, the send of a receive; -1 where the log has none. */
  partnerOf(row: number): number;
  /** The send of the request that this reply, sent or received, answers; -1 where the log has none. */
  requestOf(row: number): number;
  /** The send of the reply to this request, sent or received; -1 where the log has none. */
  replyOf(row: number): number;
  /** What every server's state is once the event of `row` has happened, by its own last word. */
  stateAt(row: number): ReadonlyMap<string, PeerState>;
  /** The last `countMax` entries of a server's log at `row`, oldest first, as far as the events tell. */
  logTailAt(row: number, node: string, countMax: number): readonly TailEntry[];
  /** The row with this seq (of this file), or -1. */
  rowOfSeq(seq: number, file?: LogFile): number;
  /** The first row at or after this time, `size` where there is none. */
  rowAtTime(timeMs: number): number;

  /** The rows that a filter selects, in order. Throws a `FilterError` that points at the column. */
  filter(expression: string, options?: FilterOptions): Promise<Uint32Array>;
  /** The nearest row from `fromRow` on (included) whose line contains the text or matches the expression; -1 if none. */
  search(needle: string | LinearPattern, fromRow: number, direction: 'forward' | 'backward', options?: SearchOptions): Promise<number>;
  /** Every row in order, also those that are still to be indexed: the way to read a whole log once. */
  rows(fromRow?: number): AsyncIterable<Row>;
}

/** One row as the streaming reader gives it. */
export interface Row {
  readonly row: number;
  readonly event: Event | null;
  readonly line: string;
}

export interface IndexingProgress {
  readonly bytesDone: number;
  /** NaN for a stream whose length nobody knows. */
  readonly bytesTotal: number;
  readonly done: boolean;
}

/** `grown`: rows were added at the end. `reset`: all rows may have changed (files were merged, a file was truncated). */
export type StoreChange = 'grown' | 'reset' | 'done' | 'notice';

export interface LogNotice {
  readonly code: string;
  readonly message: string;
}

export interface LogFile {
  /** As the user named it. */
  readonly name: string;
  /** The format's name: "native", "lab", "etcd-trace" ... */
  readonly format: string;
  /** What is added to the file's own times so that no receive stands before its send. */
  readonly clockOffsetMs: number;
}

export interface LineProblem {
  readonly reason: string;
}

/** A server's state by the last line that it wrote; fields are null where its log does not tell. */
export interface PeerState {
  readonly node: string;
  /** False from a Crash of the harness until the next Boot. */
  readonly alive: boolean;
  readonly boot: number;
  readonly term: number | null;
  readonly role: Role | null;
  readonly vote: string | null;
  readonly commit: number | null;
  readonly applied: number | null;
  readonly last: number | null;
  readonly lastTerm: number | null;
  /** The row that says so. */
  readonly row: number;
}

export interface TailEntry {
  readonly index: number;
  readonly term: number;
  readonly hash: string;
}

export interface FilterOptions {
  readonly signal?: AbortSignal;
  /** Called with the number of rows selected and of rows looked at so far. */
  readonly onProgress?: (selected: number, lookedAt: number) => void;
  readonly fromRow?: number;
  readonly toRow?: number;
}

export interface SearchOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (row: number) => void;
}

export interface OpenOptions {
  /** Goes on reading as the files grow, are rotated or truncated. */
  readonly follow?: boolean;
  /** Definitions of formats of the user's own, tried before the built-in ones. */
  readonly formats?: readonly string[];
  /** The name of the one format to read all files by, instead of detection. */
  readonly format?: string;
  /** The Raft group whose events are wanted, where the log tells of several. Default: the one with most events. */
  readonly group?: string;
  /** Threads that index beside the calling one. Default: by the size of the files and the processors. */
  readonly workers?: number;
  /** Reads an index beside the file (`FILE.rlindex`) if it still fits, and writes it if the file is large. Default: false. */
  readonly keepIndex?: boolean;
  /** What `-` means. Default: the standard input of the process. */
  readonly stdin?: Readable;
}
