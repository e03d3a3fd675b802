import { availableParallelism } from 'node:os';
import type { Chunk } from './columns/chunk.ts';
import { reorder, shiftTimes } from './columns/reorder.ts';
import { Table } from './columns/table.ts';
import { FileSource, reasonOf } from './io/byte-source.ts';
import { yieldToOthers } from './io/host.ts';
import { type Indexed, keepIndex, restoreIndex } from './io/kept-index.ts';
import { areTrueRows } from './kept-rows.ts';
import { LINE_BYTES_MAX } from './limits.ts';
import { clockOffsets } from './link/clocks.ts';
import { Linker } from './link/linker.ts';
import { inverseOf, mergedOrder } from './link/merge.ts';
import type { OpenFile } from './log-file.ts';
import type { IndexingProgress, LogNotice, StoreChange } from './log-store.ts';
import { ScanPool } from './scan/pool.ts';
import { RangeScan } from './scan/range.ts';
import { scannerOf } from './scan/scanner.ts';

/** What is smaller is scanned before another thread has started. */
const POOL_BYTES_MIN = 1 << 25;
const THREADS_MAX = 4;
/** No cluster has so many servers and clients: who reads such a log is told what makes it slow. */
const NAMES_USUAL_MAX = 10_000;
/** What is smaller is scanned before its index could be read. */
const KEPT_BYTES_MIN = 1 << 22;

export interface IndexerEvents {
  readonly onChange: (change: StoreChange, fromRow: number) => void;
  readonly onNotice: (notice: LogNotice) => void;
}

/**
 * Reads files into one table: rows are appended as they are scanned, linked, and, where there are several files, put into the
 * order of time once all files are read as far as they go.
 */
export class Indexer {
  readonly table = new Table();
  readonly linker = new Linker(this.table);
  readonly files: OpenFile[];
  readonly #workers: number;
  /** Whoever asks for threads gets them. */
  readonly #poolBytesMin: number;
  readonly #events: IndexerEvents;
  #pool: ScanPool | null = null;
  /** The file whose index is kept, and how many rows came from it. */
  #keptFile: OpenFile | null = null;
  #restoredRows = 0;
  #isDone = false;
  #isClosed = false;

  constructor(files: readonly OpenFile[], workers: number | undefined, events: IndexerEvents) {
    this.files = [...files];
    this.#workers = workers ?? Math.min(THREADS_MAX, availableParallelism()) - 1;
    this.#poolBytesMin = workers === undefined ? POOL_BYTES_MIN : 1;
    this.#events = events;
  }

  get progress(): IndexingProgress {
    let bytesDone = 0;
    let bytesTotal = 0;
    for (const file of this.files) {
      bytesDone += file.index.end;
      bytesTotal += file.source.isComplete ? file.source.size() : Number.NaN;
    }
    return { bytesDone, bytesTotal: bytesTotal < bytesDone ? bytesDone : bytesTotal, done: this.#isDone };
  }

  /** Scans the first slice of each file, in this call: the first screen. A kept index gives all of it. */
  start(isFollowed: boolean, keepsIndex: boolean): void {
    const [only] = this.files;
    this.#keptFile = keepsIndex && this.files.length === 1 && only !== undefined && canKeepIndex(only) ? only : null;
    if (this.#keptFile !== null && this.#restore(this.#keptFile)) return;
    // Half a line at the end of a file that is followed waits for its other half.
    for (const file of this.files) this.takeSlice(file, file.source.isComplete && !isFollowed);
    if (this.files.length > 1) this.#merge(0);
  }

  /** Scans what is left, yielding to others after each slice. */
  async run(isFollowed: boolean): Promise<void> {
    for (const file of this.files) await this.#runFile(file, isFollowed);
    if (this.#isClosed) return;
    if (this.files.length > 1) {
      this.#alignClocks();
      this.#merge(0);
    }
    if (this.#keptFile !== null) this.#keep(this.#keptFile);
    this.#isDone = true;
    this.#events.onChange('done', this.table.size);
  }

  close(): void {
    this.#isClosed = true;
    this.#pool?.close();
  }

  /** Adds a file that took the place of another. */
  add(file: OpenFile): void {
    this.files.push(file);
  }

  /** Starts again from nothing. */
  restart(): void {
    this.table.clear();
    this.linker.clear();
    for (const file of this.files) file.restart();
    this.#events.onChange('reset', 0);
  }

  /** Scans the next slice of a file, if there is anything. */
  takeSlice(file: OpenFile, isEnd: boolean): boolean {
    const base = file.scan.position;
    const chunk = file.scan.next(isEnd);
    if (chunk === null) return false;
    this.#append(file, base, chunk, file.nameNumbers);
    return true;
  }

  /** Puts the rows from `fromRow` on into the order of time. */
  mergeFrom(fromRow: number): void {
    if (this.files.length > 1 && fromRow < this.table.size) this.#merge(fromRow);
  }

  #restore(file: OpenFile): boolean {
    if (file.source.fd === null || !restoreIndex(this.#indexed(file, file.source.fd), (rows) => areTrueRows(file.source, rows)))
      return false;
    file.scan.position = file.index.end;
    this.#restoredRows = this.table.size;
    this.linker.renumber(0, new Uint32Array(0));
    this.#events.onChange('grown', 0);
    return true;
  }

  #indexed({ name, index }: OpenFile, fd: number): Indexed {
    return { name, fd, table: this.table, index };
  }

  #keep(file: OpenFile): void {
    if (file.source.fd === null || file.index.end < KEPT_BYTES_MIN || this.table.size === this.#restoredRows) return;
    try {
      keepIndex(this.#indexed(file, file.source.fd));
    } catch (error) {
      this.#events.onNotice({ code: 'INDEX', message: `the index of ${file.name} could not be kept beside it: ${reasonOf(error)}` });
    }
  }

  async #runFile(file: OpenFile, isFollowed: boolean): Promise<void> {
    const size = file.source.size();
    await yieldToOthers();
    if (this.#isClosed) return;
    while (this.#isWorthThreads(file, size) && (await this.#runPool(file, size))) {
      // The threads leave a line that is too long to the slices, and go on behind it.
      if (!this.takeSlice(file, !isFollowed)) break;
    }
    while (!this.#isClosed) {
      const isComplete = file.source.isComplete;
      if (this.takeSlice(file, isComplete && !isFollowed)) await yieldToOthers();
      else if (isComplete) break;
      else await file.source.more();
    }
    if (!this.#isClosed && file.index.end < size && file.source.size() < size) {
      this.#events.onNotice({
        code: 'TRUNCATED',
        message: `${file.name} became shorter while it was read: ${size} bytes at first, ${file.source.size()} now`,
      });
    }
  }

  #isWorthThreads(file: OpenFile, size: number): boolean {
    if (this.#isClosed || this.#workers === 0 || file.logFormat.record !== 'line') return false;
    return file.source.isComplete && size - file.scan.position >= this.#poolBytesMin;
  }

  /** True where the rows end before `to`, at something that is no range of whole lines. */
  async #runPool(file: OpenFile, to: number): Promise<boolean> {
    const { fd } = file.source;
    if (fd === null) return false;
    let isCut = false;
    const numbers = Array.from({ length: this.#workers + 1 }, () => [0]);
    const own = new RangeScan(file.source, scannerOf(file.logFormat, file.base));
    const task = { fd, file: file.base, definition: file.logFormat.definition };
    // A last line without a newline is left to the slices, which know whether the file is going to grow.
    this.#pool = new ScanPool(task, this.#workers, own, file.scan.position, to, ({ scanner, base, chunk }) => {
      // A range that does not follow the one before: a line was too long, or somebody truncates the file. The slices see what is there.
      if (chunk.rows > 0 && base !== file.index.end) isCut = true;
      if (isCut) this.#pool?.close();
      else if (chunk.rows > 0) this.#append(file, base, chunk, numbers[scanner] ?? [0]);
    });
    await this.#pool.run();
    this.#pool = null;
    file.scan.position = file.index.end;
    return isCut;
  }

  #append(file: OpenFile, base: number, chunk: Chunk, numbers: number[]): void {
    const firstRow = this.table.size;
    const origin = { file: file.number, fileRow: file.index.count, clockOffsetMs: file.clockOffsetMs };
    const namesBefore = this.table.names.size;
    this.table.append(chunk, numbers, origin);
    if (chunk.bytesUsed > LINE_BYTES_MAX && chunk.rows === 1) this.#noticeLongLine(file, chunk.bytesUsed);
    if (namesBefore <= NAMES_USUAL_MAX && this.table.names.size > NAMES_USUAL_MAX) this.#noticeNames(file);
    file.index.append(base, chunk.starts, chunk.rows, base + chunk.bytesUsed);
    this.linker.append(chunk, firstRow);
    this.#events.onChange('grown', firstRow);
  }

  /** Once a file: damage of this kind comes in numbers. */
  #noticeLongLine(file: OpenFile, bytes: number): void {
    if (file.hasLongLine) return;
    file.hasLongLine = true;
    const line = file.lineNumberOf(file.index.count);
    const message = `line ${line} of ${file.name} has ${bytes} bytes: of lines that have more than ${LINE_BYTES_MAX} no event is read, and only their start is shown and searched`;
    this.#events.onNotice({ code: 'LONG_LINE', message });
  }

  #noticeNames(file: OpenFile): void {
    const message = `more than ${NAMES_USUAL_MAX} peers by ${file.name}: is something else taken for their names? All are kept; it takes memory and time`;
    this.#events.onNotice({ code: 'PEERS', message });
  }

  #alignClocks(): void {
    const series = this.#series;
    const current: number[] = [];
    for (const file of this.files) current[file.series] = file.clockOffsetMs;
    const { offsetsMs, isConsistent } = clockOffsets(this.table, current, series);
    shiftTimes(
      this.table,
      series.map((log) => (offsetsMs[log] ?? 0) - (current[log] ?? 0)),
    );
    for (const file of this.files) file.clockOffsetMs = offsetsMs[file.series] ?? 0;
    if (isConsistent) return;
    const message =
      'the clocks of the files drifted or jumped: no offset puts every receive behind its send; rows stand in causal order, some times contradict it';
    this.#events.onNotice({ code: 'CLOCKS', message });
  }

  /** By the number of a file, which log it is a part of: one writer has written it, by one clock. */
  get #series(): readonly number[] {
    return this.files.map(({ series }) => series);
  }

  #merge(from: number): void {
    const order = mergedOrder(this.table, from, this.#series);
    const rowNow = inverseOf(order, from);
    reorder(this.table, from, order, rowNow);
    this.linker.renumber(from, rowNow);
    this.#events.onChange('reset', from);
  }
}

/** Messages of the other formats are joined by what is not kept. Archives and streams have no place for an index. */
function canKeepIndex(file: OpenFile): boolean {
  return file.logFormat.name === 'native' && file.source instanceof FileSource;
}
