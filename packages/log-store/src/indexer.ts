import { Table } from './columns/table.ts';
import { yieldToOthers } from './io/host.ts';
import { Linker } from './link/linker.ts';
import type { OpenFile } from './log-file.ts';
import type { Progress, StoreChange } from './log-store.ts';
import type { Chunk } from './scan/chunk.ts';
import { SliceScan } from './scan/slices.ts';

/**
 * Reads files into one table: rows are appended as they are scanned, linked, and put into the order of time once all files
 * are read as far as they go.
 */
export class Indexer {
  readonly table = new Table();
  readonly linker = new Linker(this.table);
  readonly #files: readonly OpenFile[];
  readonly #onChange: (change: StoreChange, fromRow: number) => void;
  #isDone = false;
  #isClosed = false;

  constructor(files: readonly OpenFile[], onChange: (change: StoreChange, fromRow: number) => void) {
    this.#files = files;
    this.#onChange = onChange;
  }

  get progress(): Progress {
    let bytesDone = 0;
    let bytesTotal = 0;
    for (const file of this.#files) {
      bytesDone += file.index.end;
      bytesTotal += file.source.size();
    }
    return { bytesDone, bytesTotal: Math.max(bytesDone, bytesTotal), done: this.#isDone };
  }

  /** Scans the first slice of each file, in this call: the first screen. */
  start(): SliceScan[] {
    const scans = this.#files.map((file) => new SliceScan(file.source, file.scanner));
    scans.forEach((scan, i) => this.#takeSlice(this.#files[i], scan));
    return scans;
  }

  /** Scans what is left, yielding to others after each slice. */
  async run(scans: readonly SliceScan[]): Promise<void> {
    for (const [i, scan] of scans.entries()) {
      while (!this.#isClosed && this.#takeSlice(this.#files[i], scan)) await yieldToOthers();
    }
    this.#isDone = true;
    this.#onChange('done', this.table.size);
  }

  close(): void {
    this.#isClosed = true;
  }

  #takeSlice(file: OpenFile | undefined, scan: SliceScan): boolean {
    const base = scan.position;
    const chunk = scan.next(true);
    if (chunk === null || file === undefined) return false;
    this.append(file, base, chunk);
    return true;
  }

  append(file: OpenFile, base: number, chunk: Chunk): void {
    const firstRow = this.table.size;
    this.table.append(chunk, file.number, file.index.count, file.clockOffsetMs, this.#files.length > 1);
    file.index.append(base, chunk.starts, chunk.rows, base + chunk.bytesUsed);
    this.linker.append(chunk, firstRow);
    this.#onChange('grown', firstRow);
  }
}
