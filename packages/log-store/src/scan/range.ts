import type { Chunk } from '../columns/chunk.ts';
import type { ByteSource } from '../io/byte-source.ts';
import { LINE_BYTES_MAX } from '../limits.ts';
import { SLACK_BYTES } from './native-scanner.ts';
import type { Scanner } from './scanner.ts';

const NEWLINE = 10;
/** Read beyond the end of a range in the hope that its last line ends there. */
const OVERLAP_BYTES = 1 << 14;
/** No line is read on further: one that is longer is left to the slices, and all after it. */
const OVERLAP_BYTES_MAX = LINE_BYTES_MAX;

/** The rows that start in one range of a file, and the bytes that they cover: [base, base + chunk.bytesUsed). */
export interface ScannedRange {
  readonly base: number;
  readonly chunk: Chunk;
}

/**
 * Scans the lines that start in [from, to). A line that begins before `from` belongs to the range before, one that ends
 * behind `to` is read to its end, so that ranges can be scanned in any order and by any thread. A last line without a newline is
 * left out: whether it is whole is for those to say who know whether the file grows.
 */
export class RangeScan {
  readonly #source: ByteSource;
  readonly #scanner: Scanner;
  #buffer = Buffer.allocUnsafe(0);

  constructor(source: ByteSource, scanner: Scanner) {
    this.#source = source;
    this.#scanner = scanner;
  }

  scan(from: number, to: number, reuse?: Chunk): ScannedRange {
    const start = from === 0 ? 0 : from - 1;
    const longest = to - start + OVERLAP_BYTES_MAX;
    let wanted = to - start + OVERLAP_BYTES;
    for (;;) {
      this.#reserve(wanted);
      const count = this.#source.read(this.#buffer.subarray(0, wanted), start);
      this.#buffer.fill('\n', count, count + SLACK_BYTES);
      const isAtEnd = count < wanted;
      const first = from === 0 ? 0 : this.#after(0, count);
      // The last line of the range ends at the first newline from its last byte on.
      const end = this.#after(to - 1 - start, count);
      if (end < 0 && !isAtEnd && wanted < longest) {
        wanted = Math.min(wanted * 2, longest);
        continue;
      }
      const length = end < 0 ? count : end;
      const lines = this.#buffer.subarray(Math.min(first < 0 ? length : first, length));
      const base = start + this.#buffer.length - lines.length;
      return { base, chunk: this.#scanner.scan(lines, start + length - base, false, reuse) };
    }
  }

  /** The place after the first newline from `from` on, or -1 where there is none before `count`. */
  #after(from: number, count: number): number {
    const newline = this.#buffer.indexOf(NEWLINE, from);
    return newline < 0 || newline >= count ? -1 : newline + 1;
  }

  #reserve(bytes: number): void {
    if (this.#buffer.length < bytes + SLACK_BYTES) this.#buffer = Buffer.allocUnsafe(bytes + SLACK_BYTES);
  }
}
