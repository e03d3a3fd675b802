import type { ByteSource } from '../io/byte-source.ts';
import { type Chunk, newChunk } from './chunk.ts';
import { SLACK_BYTES } from './native-scanner.ts';
import type { Scanner } from './scanner.ts';

/** The first slice is small, so that the first screen is there at once whatever the size of the file. */
const FIRST_BYTES = 1 << 17;
const SLICE_BYTES = 1 << 20;

/** Scans a source slice by slice in the calling thread, each a few milliseconds long. */
export class SliceScan {
  readonly #source: ByteSource;
  readonly #scanner: Scanner;
  #buffer = Buffer.allocUnsafe(FIRST_BYTES + SLACK_BYTES);
  readonly #chunk: Chunk = newChunk(1024);
  /** The byte at which the next row starts. */
  position: number;

  constructor(source: ByteSource, scanner: Scanner, position = 0) {
    this.#source = source;
    this.#scanner = scanner;
    this.position = position;
  }

  /**
   * The rows of the next slice, or null when there is nothing more for now. `isEnd` says that nothing will come after what
   * can be read now, so that a last line without a newline is a row too. The chunk is valid until the next call.
   */
  next(isEnd: boolean): Chunk | null {
    for (;;) {
      const room = this.#buffer.length - SLACK_BYTES;
      const count = this.#source.read(this.#buffer.subarray(0, room), this.position);
      if (count === 0) return null;
      this.#buffer.fill('\n', count, count + SLACK_BYTES);
      const reachesEnd = count < room || this.position + count >= this.#source.size();
      const chunk = this.#scanner.scan(this.#buffer, count, isEnd && reachesEnd, this.#chunk);
      if (chunk.rows > 0) {
        this.position += chunk.bytesUsed;
        if (room < SLICE_BYTES) this.#buffer = Buffer.allocUnsafe(SLICE_BYTES + SLACK_BYTES);
        return chunk;
      }
      if (reachesEnd) return null;
      // One line is longer than the buffer.
      this.#buffer = Buffer.allocUnsafe(room * 2 + SLACK_BYTES);
    }
  }
}
