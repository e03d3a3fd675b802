import type { LineIndex } from '../columns/line-index.ts';
import { LINE_BYTES_MAX } from '../limits.ts';
import { BlockCache } from './block-cache.ts';
import type { ByteSource } from './byte-source.ts';

const RETURN = 13;
const NEWLINE = 10;

/** A whole line with its line end. */
const READ_BYTES_MAX = LINE_BYTES_MAX + 2;

/** Reads the lines of a source whose starts are known. */
export class LineReader {
  readonly #index: LineIndex;
  readonly #blocks: BlockCache;

  constructor(source: ByteSource, index: LineIndex) {
    this.#index = index;
    this.#blocks = new BlockCache(source);
  }

  /** The bytes of a row without its line end, at most `bytesMax` of them, of which more than LINE_BYTES_MAX tell a line that is too long. */
  bytesOf(fileRow: number, bytesMax = READ_BYTES_MAX): Buffer {
    const start = this.#index.startOf(fileRow);
    const end = this.#index.endOf(fileRow);
    const bytes = this.#blocks.read(start, Math.min(end, start + Math.min(bytesMax, READ_BYTES_MAX)));
    let length = bytes.length;
    if (length > 0 && bytes[length - 1] === NEWLINE) length--;
    if (length > 0 && bytes[length - 1] === RETURN) length--;
    return bytes.subarray(0, length);
  }
}
