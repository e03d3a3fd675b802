import { LogStoreError } from '../error.ts';

/** What zstd itself unpacks without being asked twice (`--long=27`): so much memory a frame may ask for. */
const WINDOW_BYTES_MAX = 1 << 27;

const MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a50;
const BLOCK_HEADER_BYTES = 3;
const CHECKSUM_BYTES = 4;
/** The types of blocks: a raw or a packed one says how many bytes follow, of one that repeats a byte only that byte follows. */
const REPEATED_BLOCK = 1;

/**
 * Cuts a stream of zstd (RFC 8878) into its parts: the headers of frames, and each block by itself. A block unpacks to at most 128 KiB,
 * so that whoever unpacks part by part never has more than that in hand, however small the archive. A frame that asks for more memory than
 * is given is refused before the unpacker sees it.
 *
 * @throws LogStoreError BAD_ARCHIVE for what is no zstd, or needs too much memory or a dictionary
 */
export class ZstdBlocks {
  #rest: Buffer = Buffer.alloc(0);
  #state: 'frame' | 'block' = 'frame';
  /** What is left of a frame that unpackers skip. */
  #skipped = 0;
  #hasChecksum = false;

  *parts(packed: Buffer): Generator<Buffer> {
    this.#rest = this.#rest.length === 0 ? packed : Buffer.concat([this.#rest, packed]);
    for (let length = this.#nextLength(); length > 0 && length <= this.#rest.length; length = this.#nextLength()) {
      const part = this.#rest.subarray(0, length);
      this.#rest = this.#rest.subarray(length);
      const isContent = this.#advance(part);
      if (isContent) yield part;
    }
  }

  /** What is left when the stream ends: nothing, unless it is cut short. */
  get rest(): Buffer {
    return this.#rest;
  }

  /** The bytes of the part that comes next, 0 where too few are there to tell. */
  #nextLength(): number {
    if (this.#skipped > 0) return Math.min(this.#skipped, this.#rest.length);
    return this.#state === 'frame' ? frameHeaderBytes(this.#rest) : this.#blockBytes();
  }

  #blockBytes(): number {
    if (this.#rest.length < BLOCK_HEADER_BYTES) return 0;
    const header = this.#rest.readUIntLE(0, BLOCK_HEADER_BYTES);
    const isLast = (header & 1) === 1;
    const content = ((header >>> 1) & 3) === REPEATED_BLOCK ? 1 : header >>> 3;
    return BLOCK_HEADER_BYTES + content + (isLast && this.#hasChecksum ? CHECKSUM_BYTES : 0);
  }

  /** Goes on behind a part; false for one of a frame that unpackers skip. */
  #advance(part: Buffer): boolean {
    if (this.#skipped > 0) {
      this.#skipped -= part.length;
      return false;
    }
    if (this.#state === 'block') {
      if (((part[0] ?? 0) & 1) === 1) this.#state = 'frame';
      return true;
    }
    if (isSkippable(part)) {
      this.#skipped = part.readUInt32LE(4);
      return false;
    }
    this.#hasChecksum = ((part[4] ?? 0) & 4) !== 0;
    this.#state = 'block';
    return true;
  }
}

function isSkippable(bytes: Buffer): boolean {
  return (bytes.readUInt32LE(0) & 0xfffffff0) >>> 0 === SKIPPABLE_MAGIC;
}

/** The bytes of a frame's header (of one that is skipped: its first eight), 0 where too few are there to tell. */
function frameHeaderBytes(bytes: Buffer): number {
  if (bytes.length < 5) return 0;
  if (isSkippable(bytes)) return bytes.length < 8 ? 0 : 8;
  if (bytes.readUInt32LE(0) !== MAGIC) throw new LogStoreError('BAD_ARCHIVE', 'what follows is no zstd');
  const flags = bytes[4] ?? 0;
  const isSingle = (flags & 0x20) !== 0;
  const dictionaryBytes = [0, 1, 2, 4][flags & 3] ?? 0;
  const sizeBytes = [isSingle ? 1 : 0, 2, 4, 8][flags >>> 6] ?? 0;
  const length = 5 + (isSingle ? 0 : 1) + dictionaryBytes + sizeBytes;
  if (bytes.length < length) return 0;
  if (dictionaryBytes > 0 && bytes.readUIntLE(length - sizeBytes - dictionaryBytes, dictionaryBytes) !== 0)
    throw new LogStoreError('BAD_ARCHIVE', 'it was packed with a dictionary: unpack it with zstd -D');
  const windowBytes = isSingle ? sizeOf(bytes.subarray(length - sizeBytes, length)) : windowOf(bytes[5] ?? 0);
  if (windowBytes > WINDOW_BYTES_MAX) throw tooWide(windowBytes);
  return length;
}

function sizeOf(field: Buffer): number {
  const value = field.length === 8 ? Number(field.readBigUInt64LE(0)) : field.readUIntLE(0, field.length);
  return field.length === 2 ? value + 256 : value;
}

function windowOf(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >>> 3));
  return base + (base / 8) * (descriptor & 7);
}

function tooWide(windowBytes: number): LogStoreError {
  const mebibytes = (bytes: number) => `${Math.ceil(bytes / 2 ** 20)} MiB`;
  return new LogStoreError(
    'BAD_ARCHIVE',
    `to unpack it takes ${mebibytes(windowBytes)} of memory, more than the ${mebibytes(WINDOW_BYTES_MAX)} that an archive may have: unpack it with zstd -d --long=31`,
  );
}
