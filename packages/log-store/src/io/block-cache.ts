import type { ByteSource } from './byte-source.ts';

const BLOCK_BYTES = 1 << 18;
const BLOCKS_MAX = 32;

/** Reads byte ranges of a file through a few blocks kept in memory: a screen of lines costs at most two reads. */
export class BlockCache {
  readonly #source: ByteSource;
  readonly #blocks = new Map<number, Buffer>();

  constructor(source: ByteSource) {
    this.#source = source;
  }

  /** The bytes [start, end), or as many of them as there are. The buffer is valid until the next call. */
  read(start: number, end: number): Buffer {
    const block = Math.floor(start / BLOCK_BYTES);
    const blockStart = block * BLOCK_BYTES;
    if (end <= blockStart + BLOCK_BYTES) {
      const bytes = this.#block(block, end - blockStart);
      return bytes.subarray(start - blockStart, Math.min(end - blockStart, bytes.length));
    }
    const bytes = Buffer.allocUnsafe(end - start);
    return bytes.subarray(0, this.#source.read(bytes, start));
  }

  /** A block that holds at least `wanted` bytes, if the file has them by now. */
  #block(block: number, wanted: number): Buffer {
    const cached = this.#blocks.get(block);
    if (cached !== undefined && cached.length >= wanted) return cached;
    const bytes = Buffer.allocUnsafe(BLOCK_BYTES);
    const filled = bytes.subarray(0, this.#source.read(bytes, block * BLOCK_BYTES));
    this.#blocks.delete(block);
    this.#blocks.set(block, filled);
    for (const oldest of this.#blocks.keys()) {
      if (this.#blocks.size <= BLOCKS_MAX) break;
      this.#blocks.delete(oldest);
    }
    return filled;
  }
}
