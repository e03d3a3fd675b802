import { invariant } from '../error.ts';
import type { Chunk } from './chunk.ts';
import { FLAG_UNMATCHED } from './codes.ts';
import type { Columns } from './columns.ts';
import { Dictionary } from './dictionary.ts';
import { ABSENT, PAGE_BITS, PAGE_MASK, PAGE_ROWS } from './layout.ts';
import { addFiles, newPage, type Page, widen } from './page.ts';
import { COLUMNS, type ColumnCells, type ColumnName, type ColumnOf, columnsOfKind, type PlainName, wideClassOf } from './schema.ts';

/** Where the rows of a chunk come from. */
export interface Origin {
  readonly file: number;
  readonly fileRow: number;
  readonly clockOffsetMs: number;
}

/** The columns of all rows: chunks are added at the end, and a range of rows can be put into another order. */
export class Table implements Columns {
  readonly pages: Page[] = [];
  readonly names = new Dictionary();
  size = 0;
  unmatched = 0;
  /** The last time of each file: a line that has none stands where the line before it stands. */
  readonly #lastTimeMs: number[] = [];

  /**
   * Adds the rows of a chunk. `numbers` translates the names of its scanner and is kept by the caller from chunk to chunk;
   * `file` and `fileRow` are where its first row stands.
   */
  append(chunk: Chunk, numbers: number[], { file, fileRow, clockOffsetMs }: Origin): void {
    for (const name of chunk.newNames) numbers.push(this.names.numberOf(name));
    const wide = this.#columnsThatWiden(chunk);
    const isElsewhere = file !== 0 || fileRow !== this.size;
    for (let done = 0; done < chunk.rows; ) {
      const page = this.#pageForMore();
      if (isElsewhere) addFiles(page);
      for (const name of wide) widen(page, name);
      const taken = Math.min(chunk.rows - done, PAGE_ROWS - page.count);
      copyCells(page, chunk, done, taken, numbers);
      this.#copyTimes(page, chunk, done, taken, file, clockOffsetMs);
      if (page.file !== null && page.fileRow !== null) {
        page.file.fill(file, page.count, page.count + taken);
        for (let i = 0; i < taken; i++) page.fileRow[page.count + i] = fileRow + done + i;
      }
      page.count += taken;
      this.size += taken;
      invariant(this.size === page.start + page.count, 'a table is not as long as its pages');
      done += taken;
    }
  }

  clear(): void {
    this.pages.length = 0;
    this.size = 0;
    this.unmatched = 0;
    this.#lastTimeMs.length = 0;
  }

  /** Takes over the pages of an index that was kept; names must have been numbered before. */
  restore(pages: readonly Page[], unmatched: number, lastTimeMs: number): void {
    this.replaceFrom(0, pages);
    this.unmatched = unmatched;
    this.#lastTimeMs[0] = lastTimeMs;
  }

  /** Puts pages in the place of those from `first` on. */
  replaceFrom(first: number, pages: readonly Page[]): void {
    this.pages.splice(first, this.pages.length - first, ...pages);
    for (const [at, page] of this.pages.entries()) {
      invariant(page.start === at * PAGE_ROWS && page.count <= PAGE_ROWS, 'a page stands in a place that is not its own');
      invariant(page.count === PAGE_ROWS || at === this.pages.length - 1, 'a page in the middle of a table is not full');
      invariant((page.file === null) === (page.fileRow === null), 'a page knows only half of where its rows stand');
    }
    const last = this.pages.at(-1);
    this.size = last === undefined ? 0 : last.start + last.count;
  }

  /** Of lines without a time that are still to come: they stand where the last line of their file stands now. */
  shiftLastTimes(shiftsMs: readonly number[]): void {
    shiftsMs.forEach((shiftMs, file) => {
      this.#lastTimeMs[file] = (this.#lastTimeMs[file] ?? 0) + shiftMs;
    });
  }

  time(row: number): number {
    return this.pages[row >>> PAGE_BITS]?.time.at(row & PAGE_MASK) ?? Number.NaN;
  }

  node(row: number): number {
    return this.pages[row >>> PAGE_BITS]?.node[row & PAGE_MASK] ?? 0;
  }

  src(row: number): number {
    return this.pages[row >>> PAGE_BITS]?.src[row & PAGE_MASK] ?? 0;
  }

  dst(row: number): number {
    return this.pages[row >>> PAGE_BITS]?.dst[row & PAGE_MASK] ?? 0;
  }

  op(row: number): number {
    return this.pages[row >>> PAGE_BITS]?.op[row & PAGE_MASK] ?? 0;
  }

  dir(row: number): number {
    return this.pages[row >>> PAGE_BITS]?.dir[row & PAGE_MASK] ?? 0;
  }

  role(row: number): number {
    return this.pages[row >>> PAGE_BITS]?.role[row & PAGE_MASK] ?? 0;
  }

  level(row: number): number {
    return this.pages[row >>> PAGE_BITS]?.level[row & PAGE_MASK] ?? 0;
  }

  flags(row: number): number {
    return this.pages[row >>> PAGE_BITS]?.flags[row & PAGE_MASK] ?? 0;
  }

  term(row: number): number {
    return this.pages[row >>> PAGE_BITS]?.term[row & PAGE_MASK] ?? ABSENT;
  }

  commit(row: number): number {
    return this.pages[row >>> PAGE_BITS]?.commit[row & PAGE_MASK] ?? ABSENT;
  }

  id(row: number): number {
    return this.pages[row >>> PAGE_BITS]?.id[row & PAGE_MASK] ?? 0;
  }

  partner(row: number): number {
    return this.pages[row >>> PAGE_BITS]?.partner[row & PAGE_MASK] ?? -1;
  }

  answer(row: number): number {
    return this.pages[row >>> PAGE_BITS]?.answer[row & PAGE_MASK] ?? -1;
  }

  file(row: number): number {
    return this.pages[row >>> PAGE_BITS]?.file?.[row & PAGE_MASK] ?? 0;
  }

  fileRow(row: number): number {
    return this.pages[row >>> PAGE_BITS]?.fileRow?.[row & PAGE_MASK] ?? row;
  }

  /** Sets a link of a row. */
  setLink(link: ColumnOf<'link'>, row: number, to: number): void {
    const page = this.pages[row >>> PAGE_BITS];
    if (page !== undefined) page[link][row & PAGE_MASK] = to;
  }

  setTime(row: number, timeMs: number): void {
    this.pages[row >>> PAGE_BITS]?.time.set(row & PAGE_MASK, timeMs);
  }

  addFlag(row: number, flag: number): void {
    const page = this.pages[row >>> PAGE_BITS];
    if (page !== undefined) page.flags[row & PAGE_MASK] = (page.flags[row & PAGE_MASK] ?? 0) | flag;
  }

  setMessage(row: number, dir: number, src: number, dst: number, id: number): void {
    const page = this.pages[row >>> PAGE_BITS];
    if (page === undefined) return;
    if (id > largestIn('id')) widen(page, 'id');
    page.dir[row & PAGE_MASK] = dir;
    page.src[row & PAGE_MASK] = src;
    page.dst[row & PAGE_MASK] = dst;
    page.id[row & PAGE_MASK] = id;
  }

  #pageForMore(): Page {
    const last = this.pages.at(-1);
    if (last !== undefined && last.count < PAGE_ROWS) return last;
    const page = newPage(this.size);
    this.pages.push(page);
    return page;
  }

  /** The columns of which the narrow cells do not hold what the chunk brings. */
  #columnsThatWiden(chunk: Chunk): readonly PlainName[] {
    const wide: PlainName[] = WIDE_NUMBERS.filter((name) => largestOf(chunk[name], chunk.rows) > largestIn(name));
    return this.names.size > UINT16_MAX ? [...wide, ...NAME_COLUMNS] : wide;
  }

  #copyTimes(page: Page, chunk: Chunk, from: number, count: number, file: number, clockOffsetMs: number): void {
    let lastMs = this.#lastTimeMs[file] ?? 0;
    const at = page.count;
    for (let i = 0; i < count; i++) {
      if (((chunk.flags[from + i] ?? 0) & FLAG_UNMATCHED) !== 0) this.unmatched++;
      else lastMs = (chunk.time[from + i] ?? 0) + clockOffsetMs;
      page.time.set(at + i, lastMs);
    }
    this.#lastTimeMs[file] = lastMs;
  }
}

const UINT16_MAX = 0xffff;
const NAME_COLUMNS = columnsOfKind('name');
/** Columns whose values are copied as they are. */
const COPIED = columnsOfKind('number', 'code', 'flags');
const LINKS = columnsOfKind('link');
const WIDE_NUMBERS = columnsOfKind('number').filter((name) => wideClassOf(name) !== COLUMNS[name].cells);

function copyCells(page: Page, chunk: Chunk, from: number, count: number, numbers: readonly number[]): void {
  const at = page.count;
  invariant(at + count <= PAGE_ROWS && from + count <= chunk.rows, 'rows of a chunk that do not fit on a page');
  for (const name of COPIED) page[name].set(chunk[name].subarray(from, from + count), at);
  for (const name of LINKS) page[name].fill(COLUMNS[name].empty, at, at + count);
  for (const name of NAME_COLUMNS) translate(page[name], at, chunk[name], from, count, numbers);
}

function translate(cells: ColumnCells, at: number, names: ColumnCells, from: number, count: number, numbers: readonly number[]): void {
  for (let i = 0; i < count; i++) cells[at + i] = numbers[names[from + i] ?? 0] ?? 0;
}

/** The largest value that the narrow cells of a column hold. */
function largestIn(name: ColumnName): number {
  return 2 ** (8 * COLUMNS[name].cells.BYTES_PER_ELEMENT) - 1;
}

function largestOf(values: ColumnCells, count: number): number {
  let largest = 0;
  for (let i = 0; i < count; i++) if ((values[i] ?? 0) > largest) largest = values[i] ?? 0;
  return largest;
}
