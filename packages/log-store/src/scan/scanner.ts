import { type Chunk, clearChunk, growChunk, newChunk } from '../columns/chunk.ts';
import type { LogFormat } from '../formats/format.ts';
import { fillFromRecord } from './fill.ts';
import { NameTable } from './name-table.ts';
import { NativeScanner } from './native-scanner.ts';

/** Turns bytes into rows. It keeps the names that it has met, so one scanner serves one file from its start to its end. */
export interface Scanner {
  /** Scans the records in bytes[0..length). A last line without a newline becomes a row only if `isLast`. */
  scan(bytes: Buffer, length: number, isLast: boolean, reuse?: Chunk): Chunk;
}

export function scannerOf(format: LogFormat, file: string): Scanner {
  return format.name === 'native' ? new NativeScanner() : new RecordScanner(format, file);
}

/** Reads the formats that are not raftlens's own: each record is decoded as a whole. */
class RecordScanner implements Scanner {
  readonly #format: LogFormat;
  readonly #file: string;
  readonly #names = new NameTable();

  constructor(format: LogFormat, file: string) {
    this.#format = format;
    this.#file = file;
  }

  scan(bytes: Buffer, length: number, isLast: boolean, reuse?: Chunk): Chunk {
    const chunk = reuse ?? newChunk(Math.max(64, Math.ceil(length / 100)));
    clearChunk(chunk);
    let start = 0;
    while (start < length) {
      const next = this.#endOfRecord(bytes, start, length, isLast);
      if (next < 0) break;
      if (chunk.rows === chunk.starts.length) growChunk(chunk);
      fillFromRecord(chunk, chunk.rows, bytes, start, withoutLineEnd(bytes, start, next), this.#format, this.#file, this.#names);
      chunk.starts[chunk.rows] = start;
      chunk.rows++;
      start = next;
    }
    chunk.bytesUsed = start;
    chunk.newNames = this.#names.takeNewNames();
    return chunk;
  }

  /** The place after the record that starts at `start`, or -1 where the bytes cut it. */
  #endOfRecord(bytes: Buffer, start: number, length: number, isLast: boolean): number {
    const end = endOfLine(bytes, start, length, isLast);
    if (end < 0 || this.#format.record === 'line') return end;
    return endOfPair(bytes, start, end, length, isLast, this.#format.record === 'text-then-clock');
  }
}

/** The place after the line that starts at `start`, or -1 where the bytes cut it. */
function endOfLine(bytes: Buffer, start: number, length: number, isLast: boolean): number {
  const newline = bytes.indexOf(10, start);
  if (newline >= 0 && newline < length) return newline + 1;
  return isLast ? length : -1;
}

/** The place before the line's newline (and carriage return). */
function withoutLineEnd(bytes: Buffer, start: number, end: number): number {
  let last = end;
  if (last > start && bytes[last - 1] === 10) last--;
  if (last > start && bytes[last - 1] === 13) last--;
  return last;
}

const CLOCK_LINE = /^\S+ \{"[^{}]*\}\s*$/;
const PAIR_BYTES_MAX = 1 << 20;

/**
 * ShiViz's default is two lines an event: `host {"clock":1}` and its text, in either order. A line that has no other half
 * stands alone.
 */
function endOfPair(bytes: Buffer, start: number, end: number, length: number, isLast: boolean, textFirst: boolean): number {
  if (isClockLine(bytes, start, end) === textFirst) return end;
  if (end >= length) return isLast ? end : -1;
  const second = endOfLine(bytes, end, length, isLast);
  if (second < 0) return -1;
  return isClockLine(bytes, end, second) === textFirst ? second : end;
}

function isClockLine(bytes: Buffer, start: number, end: number): boolean {
  return end - start < PAIR_BYTES_MAX && CLOCK_LINE.test(bytes.toString('latin1', start, end));
}
