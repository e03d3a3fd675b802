import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { Decompress } from 'fzstd';

export type Packing = 'gzip' | 'zstd' | 'none';

/** By the first bytes of a file: the magic numbers of RFC 1952 and RFC 8878. */
export function packingOf(start: Uint8Array): Packing {
  if (start[0] === 0x1f && start[1] === 0x8b) return 'gzip';
  if (start[0] === 0x28 && start[1] === 0xb5 && start[2] === 0x2f && start[3] === 0xfd) return 'zstd';
  return 'none';
}

/** The bytes of a stream, unpacked where they are packed. */
export async function unpackerOf(stream: Readable): Promise<AsyncIterable<Buffer>> {
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
      return gunzipped(whole);
    case 'zstd':
      return unzstded(whole);
    case 'none':
      return whole;
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

async function* unzstded(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let unpacked: Buffer[] = [];
  const zstd = new Decompress((chunk) => unpacked.push(Buffer.from(chunk)));
  for await (const chunk of packed) {
    zstd.push(chunk);
    yield* unpacked;
    unpacked = [];
  }
  zstd.push(new Uint8Array(0), true);
  yield* unpacked;
}

function bufferOf(chunk: unknown): Buffer {
  if (Buffer.isBuffer(chunk)) return chunk;
  return chunk instanceof Uint8Array ? Buffer.from(chunk) : Buffer.from(String(chunk));
}
