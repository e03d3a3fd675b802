import { closeSync, mkdtempSync, openSync, readSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { LogStoreError } from '../error.ts';
import type { LogNotice } from '../log-store.ts';
import { type ByteSource, reasonOf } from './byte-source.ts';
import { unpackerOf } from './unpack.ts';

/**
 * A stream (standard input, an archive that is unpacked) kept in a temporary file, so that it can be read anywhere like any
 * other file and costs no memory. It can be read while it is still growing.
 */
export class Spool implements ByteSource {
  readonly name: string;
  readonly fd: number;
  readonly #folder: string;
  readonly #onNotice: (notice: LogNotice) => void;
  readonly #stream: Readable;
  #bytes = 0;
  #isComplete = false;
  #isClosed = false;
  #waiting: (() => void)[] = [];

  constructor(name: string, stream: Readable, onNotice: (notice: LogNotice) => void) {
    this.name = name;
    this.#onNotice = onNotice;
    this.#stream = stream;
    this.#folder = mkdtempSync(join(tmpdir(), 'raftlens-'));
    const path = join(this.#folder, 'spool');
    this.fd = openSync(path, 'wx+', 0o600);
    // The descriptor keeps the file alive, and nothing is left behind however the process ends.
    rmSync(this.#folder, { recursive: true, force: true });
    void this.#fill(stream);
  }

  get isComplete(): boolean {
    return this.#isComplete;
  }

  size(): number {
    return this.#bytes;
  }

  read(target: Buffer, position: number): number {
    if (this.#isClosed || position >= this.#bytes) return 0;
    return readSync(this.fd, target, 0, Math.min(target.length, this.#bytes - position), position);
  }

  more(): Promise<void> {
    if (this.#isComplete) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#stream.destroy();
    this.#end();
    closeSync(this.fd);
  }

  async #fill(stream: Readable): Promise<void> {
    try {
      const { isPacked, bytes } = await unpackerOf(stream);
      const bytesMax = isPacked ? unpackedBytesMax() : Number.POSITIVE_INFINITY;
      for await (const chunk of bytes) {
        if (this.#isClosed) return;
        this.#write(chunk.subarray(0, bytesMax - this.#bytes));
        this.#wake();
        if (this.#bytes >= bytesMax) throw tooLarge();
      }
    } catch (error) {
      if (!this.#isClosed) this.#onNotice(noticeOf(this.name, this.#bytes, error));
    }
    this.#end();
  }

  #write(chunk: Buffer): void {
    for (let done = 0; done < chunk.length; ) {
      const count = writeSync(this.fd, chunk, done, chunk.length - done, this.#bytes);
      done += count;
      this.#bytes += count;
    }
  }

  #end(): void {
    this.#isComplete = true;
    this.#wake();
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}

/** What an archive may unpack to: a small one may hold any amount, and the disk is for others too. */
const UNPACKED_BYTES_MAX = 2 ** 35;

function unpackedBytesMax(): number {
  const { bavail, bsize } = statfsSync(tmpdir());
  return Math.min(UNPACKED_BYTES_MAX, Math.floor((bavail * bsize) / 2));
}

function tooLarge(): LogStoreError {
  return new LogStoreError(
    'BAD_ARCHIVE',
    `it unpacks to more than 32 GiB, or than half of what is free in ${tmpdir()}: unpack it yourself and give the file`,
  );
}

function noticeOf(name: string, bytes: number, error: unknown): LogNotice {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'ENOSPC') {
    return {
      code: 'NO_SPACE',
      message: `no space in ${tmpdir()} to unpack ${name}: only its first ${bytes} bytes are read; set TMPDIR to a larger disk`,
    };
  }
  if (error instanceof LogStoreError)
    return { code: error.code, message: `${name} is read as far as its first ${bytes} bytes: ${error.message}` };
  return { code: 'BAD_ARCHIVE', message: `${name} is damaged or cut short (${reasonOf(error)}): its first ${bytes} bytes are read` };
}
