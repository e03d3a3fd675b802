import { LineIndex } from './columns/line-index.ts';
import type { LogFormat } from './formats/format.ts';
import type { ByteSource } from './io/byte-source.ts';
import { LineReader } from './io/line-reader.ts';
import type { LogFile } from './log-store.ts';
import { scannerOf } from './scan/scanner.ts';
import { SliceScan } from './scan/slices.ts';

const NEWLINE = 10;

/** Which file it is, and of which log it is a part. */
export interface FileOrigin {
  readonly source: ByteSource;
  readonly format: LogFormat;
  readonly series: number;
  readonly base: string;
}

/** One file of an open log: its bytes, its format, and where its rows start. */
export class OpenFile implements LogFile {
  readonly name: string;
  readonly number: number;
  /** Files that rotation has made of one log have the same; they stand in their order. */
  readonly series: number;
  /** The path of that log: what a format may take for its writer's name. */
  readonly base: string;
  readonly source: ByteSource;
  readonly logFormat: LogFormat;
  scan: SliceScan;
  index = new LineIndex();
  clockOffsetMs = 0;
  /** A line was found that is too long to be read. */
  hasLongLine = false;
  /** The numbers in the table of the names that the scanner has numbered. */
  nameNumbers: number[] = [0];
  #lines: LineReader;

  constructor(number: number, { source, format, series, base }: FileOrigin) {
    this.name = source.name;
    this.number = number;
    this.series = series;
    this.base = base;
    this.source = source;
    this.logFormat = format;
    this.scan = new SliceScan(source, scannerOf(format, base));
    this.#lines = new LineReader(source, this.index);
  }

  get format(): string {
    return this.logFormat.name;
  }

  /** Starts again from the first byte: the file was truncated. */
  restart(): void {
    this.index = new LineIndex();
    this.scan = new SliceScan(this.source, scannerOf(this.logFormat, this.base));
    this.nameNumbers = [0];
    this.#lines = new LineReader(this.source, this.index);
  }

  /** The bytes of a row without its line end, at most `bytesMax` of them. Valid until the next call. */
  bytesOf(fileRow: number, bytesMax?: number): Buffer {
    return this.#lines.bytesOf(fileRow, bytesMax);
  }

  /** The number of the first line of a row, from 1. */
  lineNumberOf(fileRow: number): number {
    if (this.logFormat.record === 'line') return fileRow + 1;
    return 1 + this.#newlinesBefore(this.index.startOf(fileRow));
  }

  close(): void {
    this.source.close();
  }

  /** Rows of two lines are rare and their files small: they are counted when somebody asks. */
  #newlinesBefore(end: number): number {
    const buffer = Buffer.allocUnsafe(1 << 16);
    let count = 0;
    for (let at = 0; at < end; at += buffer.length) {
      const filled = Math.min(this.source.read(buffer, at), end - at);
      for (let p = buffer.indexOf(NEWLINE); p >= 0 && p < filled; p = buffer.indexOf(NEWLINE, p + 1)) count++;
    }
    return count;
  }
}
