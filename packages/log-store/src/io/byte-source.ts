import { closeSync, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { LogStoreError } from '../error.ts';

/** Bytes that can be read anywhere. They may grow, and a file may shrink under its reader. */
export interface ByteSource {
  /** As the user named it. */
  readonly name: string;
  /** The file descriptor, for threads that read by themselves; null for bytes in memory. */
  readonly fd: number | null;
  /** The bytes that can be read now. */
  size(): number;
  /** False while more bytes are on their way; `more` resolves when some have come, or the end has. */
  readonly isComplete: boolean;
  more(): Promise<void>;
  /** Fills `target` from `position` on and returns how many bytes there were. */
  read(target: Buffer, position: number): number;
  close(): void;
}

export class FileSource implements ByteSource {
  readonly name: string;
  readonly fd: number;
  readonly isComplete = true;
  #isClosed = false;

  constructor(name: string, fd: number) {
    this.name = name;
    this.fd = fd;
  }

  static open(path: string): FileSource {
    try {
      return new FileSource(path, openSync(path, 'r'));
    } catch (error) {
      throw openError(path, error);
    }
  }

  more(): Promise<void> {
    return Promise.resolve();
  }

  size(): number {
    return this.#isClosed ? 0 : fstatSync(this.fd).size;
  }

  /** Is the file of these stats (by name) the one that is open? */
  isSameAs(stats: Stats): boolean {
    const own = fstatSync(this.fd);
    return own.ino === stats.ino && own.dev === stats.dev;
  }

  read(target: Buffer, position: number): number {
    if (this.#isClosed) return 0;
    try {
      let done = 0;
      while (done < target.length) {
        const count = readSync(this.fd, target, done, target.length - done, position + done);
        if (count === 0) break;
        done += count;
      }
      return done;
    } catch (error) {
      throw new LogStoreError('READ_FAILED', `cannot read ${this.name}: ${reasonOf(error)}`, { cause: error });
    }
  }

  close(): void {
    if (!this.#isClosed) closeSync(this.fd);
    this.#isClosed = true;
  }
}

export class MemorySource implements ByteSource {
  readonly name: string;
  readonly fd = null;
  readonly isComplete = true;
  #bytes: Buffer;

  constructor(name: string, bytes: Buffer) {
    this.name = name;
    this.#bytes = bytes;
  }

  more(): Promise<void> {
    return Promise.resolve();
  }

  size(): number {
    return this.#bytes.length;
  }

  read(target: Buffer, position: number): number {
    return this.#bytes.copy(target, 0, position, position + target.length);
  }

  close(): void {
    this.#bytes = Buffer.alloc(0);
  }
}

export function openError(path: string, error: unknown): LogStoreError {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  switch (code) {
    case 'ENOENT':
      return new LogStoreError('NOT_FOUND', `there is no file ${path}: give a log, a run's folder, or - for standard input`, {
        cause: error,
      });
    case 'EACCES':
    case 'EPERM':
      return new LogStoreError('NOT_READABLE', `no permission to read ${path}: ask its owner, or run as one who may`, { cause: error });
    default:
      return new LogStoreError('READ_FAILED', `cannot open ${path}: ${reasonOf(error)}`, { cause: error });
  }
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
