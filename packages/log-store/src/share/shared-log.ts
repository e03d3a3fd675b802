import type { Event } from '@raftlens/events';
import { LineIndex } from '../columns/line-index.ts';
import { pageOver } from '../columns/page.ts';
import { Table } from '../columns/table.ts';
import { LogStoreError } from '../error.ts';
import { EventReader, type RowFile } from '../event-reader.ts';
import { DefinedFormat } from '../formats/defined.ts';
import type { LogFormat } from '../formats/format.ts';
import { nativeFormat } from '../formats/native.ts';
import { FileSource } from '../io/byte-source.ts';
import { LineReader } from '../io/line-reader.ts';
import type { SharedFile, SharedRows } from './shared-rows.ts';

/** A log that another thread has opened, read row by row without an index of its own. */
export class SharedLog {
  readonly #columns = new Table();
  readonly #files: FileOfOther[] = [];
  readonly #reader = new EventReader(this.#columns, this.#files);
  #isDone = false;

  get size(): number {
    return this.#columns.size;
  }

  /** All that was there at the opening is indexed, and several files stand in their order. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /** Of several files the rows stand in their order only once `isDone`. */
  get fileCount(): number {
    return this.#files.length;
  }

  /** Takes over a part from `Sharing`. After one with `isReset`, rows are to be read again from the first. */
  add(part: SharedRows): void {
    if (part.isReset) this.#files.length = 0;
    for (const name of part.names) this.#columns.names.numberOf(name);
    const pages = part.pages.map(pageOver);
    this.#columns.replaceFrom(part.firstPage, pages);
    for (const [number, file] of part.files.entries()) (this.#files[number] ??= new FileOfOther(file)).add(file);
    this.#isDone = part.isDone;
  }

  /** The first characters of the line of a row. */
  line(row: number, charsMax: number): string {
    // A character is at most four bytes.
    return this.#reader
      .bytesOf(row, charsMax * 4)
      .toString('utf8')
      .slice(0, charsMax);
  }

  /** The event of a row, or null where no format knows the line: as `LogStore.event` in the thread that opened the log. */
  event(row: number): Event | null {
    if (row < 0 || row >= this.size) throw new LogStoreError('ROW_OUT_OF_RANGE', `there is no row ${row}: ${this.size} rows are shared`);
    const decoded = this.#reader.decode(row);
    return 'event' in decoded ? decoded.event : null;
  }

  numberedFileOf(row: number): number {
    return this.#reader.numberedFileOf(row);
  }
}

class FileOfOther implements RowFile {
  readonly base: string;
  readonly logFormat: LogFormat;
  clockOffsetMs = 0;
  readonly #index = new LineIndex();
  readonly #lines: LineReader;

  constructor({ name, base, fd, definition }: SharedFile) {
    this.base = base;
    this.logFormat = definition === undefined ? nativeFormat : new DefinedFormat(definition);
    this.#lines = new LineReader(new FileSource(name, fd), this.#index);
  }

  add({ clockOffsetMs, firstPage, pages, rows, end }: SharedFile): void {
    this.clockOffsetMs = clockOffsetMs;
    this.#index.replaceFrom(firstPage, pages, rows, end);
  }

  bytesOf(fileRow: number, bytesMax?: number): Buffer {
    return this.#lines.bytesOf(fileRow, bytesMax);
  }
}
