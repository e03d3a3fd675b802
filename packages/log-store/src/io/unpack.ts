import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { Decompress } from 'fzstd';
import { yieldToOthers } from './host.ts';
import { ZstdBlocks } from './zstd-blocks.ts';

/** So much is unpacked before others have their turn. */
const TURN_BYTES = 1 << 22;

export type Packing = 'gzip' | 'zstd' | 'none';

/** By the first bytes of a file: the magic numbers of RFC 1952 and RFC 8878. */
export function packingOf(start: Uint8Array): Packing {
  if (start[0] === 0x1f && start[1] === 0x8b) return 'gzip';
  if (start[0] === 0x28 && start[1] === 0xb5 && start[2] === 0x2f && start[3] === 0xfd) return 'zstd';
  return 'none';
}

/** A stream's bytes, and whether they came out of an archive. */
export interface Unpacked {
  readonly isPacked: boolean;
  readonly bytes: AsyncIterable<Buffer>;
}

/** The bytes of a stream, unpacked where they are packed. */
export async function unpackerOf(stream: Readable): Promise<Unpacked> {
  const chunks: AsyncIterator<unknown> = stream[Symbol.asyncIterator]();
  const head: Buffer[] = [];
  for (let length = 0; length < 4; ) {
    const next = await chunks.next();
    if (next.done === true) break;
    const chunk = bufferOf(next.value);
    head.push(chunk);
    length += chunk.length;
  }
  const whole = joined(head, chunks);
  switch (packingOf(Buffer.concat(head).subarray(0, 4))) {
    case 'gzip':
      return { isPacked: true, bytes: gunzipped(whole) };
    case 'zstd':
      return { isPacked: true, bytes: unzstded(whole) };
    case 'none':
      return { isPacked: false, bytes: whole };
  }
}

async function* joined(head: readonly Buffer[], rest: AsyncIterator<unknown>): AsyncGenerator<Buffer> {
  yield* head;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield bufferOf(next.value);
}

async function* gunzipped(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  // A failure of either stream destroys the other, and the loop below throws it.
  pipeline(Readable.from(packed), gunzip).catch(() => undefined);
  for await (const chunk of gunzip) yield bufferOf(chunk);
}

/** Block by block: a few bytes of an archive may be a gigabyte. */
async function* unzstded(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let unpacked: Buffer[] = [];
  let bytes = 0;
  const zstd = new Decompress((chunk) => {
    unpacked.push(Buffer.from(chunk));
    bytes += chunk.length;
  });
  const blocks = new ZstdBlocks();
  for await (const chunk of packed) {
    for (const part of blocks.parts(chunk)) {
      zstd.push(part);
      yield* unpacked;
      unpacked = [];
      if (bytes < TURN_BYTES) continue;
      bytes = 0;
      await yieldToOthers();
    }
  }
  zstd.push(blocks.rest, true);
  yield* unpacked;
}

function bufferOf(chunk: unknown): Buffer {
  if (Buffer.isBuffer(chunk)) return chunk;
  return chunk instanceof Uint8Array ? Buffer.from(chunk) : Buffer.from(String(chunk));
}
