import { type Chunk, clearChunk, newChunk } from '../columns/chunk.ts';
import type { ByteSource } from '../io/byte-source.ts';
import { LINE_BYTES_MAX } from '../limits.ts';
import { markUnmatched } from './fill.ts';
import { SLACK_BYTES } from './native-scanner.ts';
import type { Scanner } from './scanner.ts';

/** The first slice is small, so that the first screen is there at once whatever the size of the file. */
const FIRST_BYTES = 1 << 17;
const SLICE_BYTES = 1 << 20;
/** A record of two lines that are as long as a line may be. */
const BUFFER_BYTES_MAX = 2 * LINE_BYTES_MAX;
/** So many bytes are looked through for the end of a line before others have their turn. */
const SEARCH_BYTES_MAX = 1 << 25;
const NEWLINE = 10;

/** Scans a source slice by slice in the calling thread, each a few milliseconds long. */
export class SliceScan {
  readonly #source: ByteSource;
  readonly #scanner: Scanner;
  #buffer = Buffer.allocUnsafe(FIRST_BYTES + SLACK_BYTES);
  readonly #chunk: Chunk = newChunk(1024);
  /** The byte at which the next row starts. */
  position: number;
  /** The line at `position` does not end before this byte: a line that comes piece by piece is looked through once. */
  #searchedTo = 0;

  constructor(source: ByteSource, scanner: Scanner, position = 0) {
    this.#source = source;
    this.#scanner = scanner;
    this.position = position;
  }

  /**
   * The rows of the next slice, or null when there is nothing more for now. `isEnd` says that nothing will come after what
   * can be read now, so that a last line without a newline is a row too. The chunk is valid until the next call, and has no rows where the
   * end of a long line is still looked for.
   */
  next(isEnd: boolean): Chunk | null {
    if (this.#source.size() < this.#searchedTo) this.#searchedTo = 0;
    return this.#searchedTo - this.position > SLICE_BYTES ? this.#nextOfLongLine(isEnd) : this.#nextSlice(isEnd);
  }

  #nextSlice(isEnd: boolean): Chunk | null {
    for (;;) {
      const room = this.#buffer.length - SLACK_BYTES;
      const count = this.#source.read(this.#buffer.subarray(0, room), this.position);
      if (count === 0) return null;
      this.#buffer.fill('\n', count, count + SLACK_BYTES);
      const reachesEnd = count < room || this.position + count >= this.#source.size();
      const chunk = this.#scanner.scan(this.#buffer, count, isEnd && reachesEnd, this.#chunk);
      if (chunk.rows > 0) {
        this.position += chunk.bytesUsed;
        if (room !== SLICE_BYTES) this.#buffer = Buffer.allocUnsafe(SLICE_BYTES + SLACK_BYTES);
        return chunk;
      }
      const newline = this.#buffer.indexOf(NEWLINE);
      if (newline >= count) {
        this.#searchedTo = this.position + count;
        return this.#nextOfLongLine(isEnd);
      }
      // The first line of a record of two waits for the second. It stands alone where that one is too long.
      if (reachesEnd) return null;
      if (room >= BUFFER_BYTES_MAX) return this.#unread(newline + 1);
      this.#buffer = Buffer.allocUnsafe(room * 2 + SLACK_BYTES);
    }
  }

  /** Once the line's end is found, the line is scanned, or left unread where it is too long. */
  #nextOfLongLine(isEnd: boolean): Chunk | null {
    const end = this.#findEnd(isEnd);
    if (end < 0) return this.#searchedTo < this.#source.size() ? this.#unread(0) : null;
    this.#searchedTo = 0;
    const bytes = end - this.position;
    if (bytes > LINE_BYTES_MAX) return this.#unread(bytes);
    this.#buffer = Buffer.allocUnsafe(Math.max(bytes, SLICE_BYTES) + SLACK_BYTES);
    return this.#nextSlice(isEnd);
  }

  /** The place after the line that starts at `position`, or -1 where its end is not there yet, or not looked for so far. */
  #findEnd(isEnd: boolean): number {
    const room = this.#buffer.length - SLACK_BYTES;
    const limit = this.#searchedTo + SEARCH_BYTES_MAX;
    while (this.#searchedTo < limit) {
      const count = this.#source.read(this.#buffer.subarray(0, room), this.#searchedTo);
      const newline = this.#buffer.subarray(0, count).indexOf(NEWLINE);
      if (newline >= 0) return this.#searchedTo + newline + 1;
      this.#searchedTo += count;
      if (count < room) return isEnd && this.#searchedTo >= this.#source.size() ? this.#searchedTo : -1;
    }
    return -1;
  }

  /** A chunk with the next `bytes` as one row that no format knows; without rows for none. */
  #unread(bytes: number): Chunk {
    clearChunk(this.#chunk);
    if (bytes > 0) {
      markUnmatched(this.#chunk, 0);
      this.#chunk.starts[0] = 0;
      this.#chunk.rows = 1;
    }
    this.#chunk.bytesUsed = bytes;
    this.#chunk.newNames = [];
    this.position += bytes;
    return this.#chunk;
  }
}
