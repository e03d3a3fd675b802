import type { Event } from '@raftlens/events';
import { DIRECTIONS, FLAG_UNMATCHED } from './columns/codes.ts';
import type { Table } from './columns/table.ts';
import { LogStoreError } from './error.ts';
import type { LogFormat } from './formats/format.ts';
import { LINE_BYTES_MAX, NAME_BYTES_MAX, NAMES_MAX } from './limits.ts';

const NO_NAME = `a name in the line is longer than ${NAME_BYTES_MAX} characters, or the log has more than ${NAMES_MAX} names`;

/** A file as far as its rows are read, in the thread that opened the log or in another. */
export interface RowFile {
  /** The path of the log that it is (a part of), without the marks of rotation and archives. */
  readonly base: string;
  readonly logFormat: LogFormat;
  readonly clockOffsetMs: number;
  bytesOf(fileRow: number, bytesMax?: number): Buffer;
}

/** A line that no format knows, and why: whoever shows it asks several times, and to find out again takes all heads of the format. */
interface UnreadLine {
  readonly file: RowFile;
  readonly bytes: Buffer;
  readonly reason: string;
}

const REMEMBERED_BYTES_MAX = 1 << 16;

/** Reads the events of rows: the line gives what it says, the columns what only the whole log knows. */
export class EventReader {
  readonly #columns: Table;
  readonly #files: readonly RowFile[];
  #lastUnread: UnreadLine | null = null;

  constructor(columns: Table, files: readonly RowFile[]) {
    this.#columns = columns;
    this.#files = files;
  }

  /** The bytes of the line of a row, at most `bytesMax` of them. Valid until the next call. */
  bytesOf(row: number, bytesMax?: number): Buffer {
    return this.#fileOf(row).bytesOf(this.#columns.fileRow(row), bytesMax);
  }

  decode(row: number): { readonly event: Event } | { readonly reason: string } {
    const bytes = this.bytesOf(row);
    if (bytes.length > LINE_BYTES_MAX) return { reason: `the line has more than the ${LINE_BYTES_MAX} bytes that an event may have` };
    const file = this.#fileOf(row);
    const last = this.#lastUnread;
    if (last !== null && last.file === file && last.bytes.equals(bytes)) return { reason: last.reason };
    const format = file.logFormat;
    const decoded = format.decodeBytes?.(bytes) ?? format.decode(bytes.toString('utf8'), file.base);
    if (!('event' in decoded)) {
      if (bytes.length <= REMEMBERED_BYTES_MAX) this.#lastUnread = { file, bytes: Buffer.from(bytes), reason: decoded.reason };
      return decoded;
    }
    if ((this.#columns.flags(row) & FLAG_UNMATCHED) !== 0) return { reason: NO_NAME };
    this.#complete(decoded.event, row, file);
    return decoded;
  }

  /** The file whose writer numbers its lines in `seq`, by its place among the files; -1 where lines are not numbered. */
  numberedFileOf(row: number): number {
    return this.#fileOf(row).logFormat.name === 'native' ? this.#columns.file(row) : -1;
  }

  #fileOf(row: number): RowFile {
    const file = this.#files[this.#columns.file(row)];
    if (file === undefined) throw new LogStoreError('ROW_OUT_OF_RANGE', `row ${row} belongs to no file`);
    return file;
  }

  /** Its corrected time, and for foreign formats which message it is. */
  #complete(event: Mutable<Event>, row: number, file: RowFile): void {
    const columns = this.#columns;
    if (file.clockOffsetMs !== 0) event.time = columns.time(row);
    if (file.logFormat.name === 'native') return;
    if (event.seq === 0) event.seq = columns.fileRow(row) + 1;
    const dir = DIRECTIONS[columns.dir(row)] ?? undefined;
    if (dir === undefined) return;
    event.dir = dir;
    event.src = columns.names.nameOf(columns.src(row));
    event.dst = columns.names.nameOf(columns.dst(row));
    if (columns.id(row) !== 0) event.id = columns.id(row);
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
