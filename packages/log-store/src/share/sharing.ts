import { PAGE_BITS } from '../columns/layout.ts';
import type { OpenFile } from '../log-file.ts';
import type { LogStore } from '../log-store.ts';
import { Store } from '../store.ts';
import type { SharedFile, SharedRows } from './shared-rows.ts';

/** Tells another thread of the rows of a log, part by part (SharedLog reads them). */
export class Sharing {
  readonly #store: Store;
  readonly #unsubscribe: () => void;
  /** How much the parts so far have told. */
  #rows = 0;
  #names = 1;
  #fileRows: number[] = [];
  #isReset = true;

  constructor(store: Store) {
    this.#store = store;
    this.#unsubscribe = store.subscribe((change) => {
      if (change === 'reset') this.#isReset = true;
    });
  }

  /** What is new since the last call. */
  next(): SharedRows {
    const { columns, files, progress } = this.#store;
    const isReset = this.#isReset;
    if (isReset) {
      this.#rows = 0;
      this.#fileRows = [];
      this.#isReset = false;
    }
    const firstPage = this.#rows >>> PAGE_BITS;
    const names = columns.names.names().slice(this.#names);
    this.#rows = columns.size;
    this.#names += names.length;
    return {
      isReset,
      isDone: progress.done,
      size: columns.size,
      names,
      firstPage,
      pages: columns.pages.slice(firstPage),
      files: files.map((file) => this.#partOf(file)),
    };
  }

  /** No part will follow. */
  end(): void {
    this.#unsubscribe();
  }

  #partOf({ name, base, number, source, logFormat, clockOffsetMs, index }: OpenFile): SharedFile {
    const firstPage = (this.#fileRows[number] ?? 0) >>> PAGE_BITS;
    this.#fileRows[number] = index.count;
    return {
      name,
      base,
      fd: source.fd ?? -1,
      definition: logFormat.definition,
      clockOffsetMs,
      firstPage,
      pages: index.pages.slice(firstPage),
      rows: index.count,
      end: index.end,
    };
  }
}

/** Null where the log is in memory that only this thread has (openText). Whoever reads on must have ended before the log is closed. */
export function shareRows(log: LogStore): Sharing | null {
  return log instanceof Store && log.files.every((file) => file.source.fd !== null) ? new Sharing(log) : null;
}
