import { statSync } from 'node:fs';
import type { Indexer } from './indexer.ts';
import { FileSource } from './io/byte-source.ts';
import { OpenFile } from './log-file.ts';
import type { LogNotice } from './log-store.ts';

/** A file that is followed by its name, and which of the open files stands for it now. */
interface Followed {
  readonly path: string;
  current: OpenFile;
}

/**
 * Reads on as files grow. A name that leads to another file (rotation) is read on there, after the rest of the old one; a file
 * that became shorter was truncated: what was read of it is gone, and everything is read again.
 */
export class Follower {
  readonly #indexer: Indexer;
  readonly #followed: readonly Followed[];
  readonly #onNotice: (notice: LogNotice) => void;

  constructor(indexer: Indexer, onNotice: (notice: LogNotice) => void) {
    this.#indexer = indexer;
    this.#onNotice = onNotice;
    // Only the newest part of a log grows. The name of an older one leads to another part after the next rotation.
    const newest = new Map(indexer.files.map((file) => [file.series, file]));
    this.#followed = [...newest.values()].map((file) => ({ path: file.name, current: file }));
  }

  /** Looks at every file once and takes what is new. */
  poll(): void {
    const firstRow = this.#indexer.table.size;
    const isTruncated = this.#followed.some(({ current }) => this.#isTruncated(current));
    if (isTruncated) this.#startAgain();
    for (const followed of this.#followed) this.#pollOne(followed);
    this.#indexer.mergeFrom(isTruncated ? 0 : firstRow);
  }

  #isTruncated(file: OpenFile): boolean {
    if (file.source.size() >= file.index.end) return false;
    this.#onNotice({ code: 'TRUNCATED', message: `${file.name} was truncated: it is read again from its start` });
    return true;
  }

  #startAgain(): void {
    this.#indexer.restart();
    for (const file of this.#indexer.files) this.#takeAll(file, false);
  }

  #pollOne(followed: Followed): void {
    const { current } = followed;
    const successor = this.#successorOf(followed);
    this.#takeAll(current, successor !== null);
    if (successor === null) return;
    const { series, base, logFormat: format } = current;
    const file = new OpenFile(this.#indexer.files.length, { source: successor, format, series, base });
    file.clockOffsetMs = current.clockOffsetMs;
    this.#indexer.add(file);
    followed.current = file;
    this.#onNotice({ code: 'ROTATED', message: `${followed.path} is another file now: reading on there` });
    this.#takeAll(file, false);
  }

  #takeAll(file: OpenFile, isEnd: boolean): void {
    while (this.#indexer.takeSlice(file, isEnd));
  }

  /** The file that the name leads to, if that is another one than before. A name that leads nowhere is waited for. */
  #successorOf({ path, current }: Followed): FileSource | null {
    const now = statSync(path, { throwIfNoEntry: false });
    if (now === undefined || !(current.source instanceof FileSource) || current.source.isSameAs(now)) return null;
    return FileSource.open(path);
  }
}
