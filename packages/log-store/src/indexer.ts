import { availableParallelism } from 'node:os';
import { Table } from './columns/table.ts';
import { yieldToOthers } from './io/host.ts';
import { Linker } from './link/linker.ts';
import type { OpenFile } from './log-file.ts';
import type { Progress, StoreChange } from './log-store.ts';
import type { Chunk } from './scan/chunk.ts';
import { ScanPool } from './scan/pool.ts';
import { SliceScan } from './scan/slices.ts';

/** Starting threads costs tens of milliseconds: what is smaller is scanned in the calling thread. */
const POOL_BYTES_MIN = 1 << 25;
const WORKERS_MAX = 4;

/**
 * Reads files into one table: rows are appended as they are scanned and linked.
 */
export class Indexer {
  readonly table = new Table();
  readonly linker = new Linker(this.table);
  readonly #files: readonly OpenFile[];
  readonly #workers: number;
  readonly #onChange: (change: StoreChange, fromRow: number) => void;
  #pool: ScanPool | null = null;
  #isDone = false;
  #isClosed = false;

  constructor(files: readonly OpenFile[], workers: number | undefined, onChange: (change: StoreChange, fromRow: number) => void) {
    this.#files = files;
    this.#workers = workers ?? Math.min(WORKERS_MAX, availableParallelism());
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
      const file = this.#files[i];
      if (file !== undefined) await this.#runFile(file, scan);
    }
    this.#isDone = true;
    this.#onChange('done', this.table.size);
  }

  close(): void {
    this.#isClosed = true;
    this.#pool?.close();
  }

  async #runFile(file: OpenFile, scan: SliceScan): Promise<void> {
    await yieldToOthers();
    if (this.#isClosed) return;
    const size = file.source.size();
    if (this.#workers > 0 && file.source.fd !== null && file.logFormat.record === 'line' && size - scan.position >= POOL_BYTES_MIN) {
      await this.#runPool(file, file.source.fd, scan.position, size);
      scan.position = file.index.end;
    }
    while (!this.#isClosed && this.#takeSlice(file, scan)) await yieldToOthers();
  }

  async #runPool(file: OpenFile, fd: number, from: number, to: number): Promise<void> {
    const numbers = Array.from({ length: this.#workers }, () => [0]);
    const task = { fd, file: file.name, format: file.logFormat.name, definition: file.logFormat.definition };
    this.#pool = new ScanPool(task, this.#workers, from, to, ({ worker, base, chunk }) => {
      if (chunk.rows > 0) this.#append(file, base, chunk, numbers[worker] ?? [0]);
    });
    await this.#pool.run();
    this.#pool = null;
  }

  #takeSlice(file: OpenFile | undefined, scan: SliceScan): boolean {
    const base = scan.position;
    const chunk = scan.next(true);
    if (chunk === null || file === undefined) return false;
    this.#append(file, base, chunk, file.nameNumbers);
    return true;
  }

  #append(file: OpenFile, base: number, chunk: Chunk, numbers: number[]): void {
    const firstRow = this.table.size;
    const origin = { file: file.number, fileRow: file.index.count, clockOffsetMs: file.clockOffsetMs, hasFiles: this.#files.length > 1 };
    this.table.append(chunk, numbers, origin);
    file.index.append(base, chunk.starts, chunk.rows, base + chunk.bytesUsed);
    this.linker.append(chunk, firstRow);
    this.#onChange('grown', firstRow);
  }
}
