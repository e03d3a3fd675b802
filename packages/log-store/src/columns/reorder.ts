import { invariant } from '../error.ts';
import { PAGE_BITS, PAGE_MASK, PAGE_ROWS } from './layout.ts';
import { addFiles, type Page, widen } from './page.ts';
import { type ColumnCells, type ColumnOf, columnsOfKind, PLAIN_NAMES, type PlainName, wideClassOf } from './schema.ts';
import type { Table } from './table.ts';

const LINKS = columnsOfKind('link');
const PLACES = columnsOfKind('place');

/** Puts the rows from `from` on into another order, and lets links point to where rows stand now. */
export function reorder(table: Table, from: number, order: Uint32Array, rowNow: Uint32Array): void {
  invariant(from + order.length === table.size, 'an order of other rows than those that stand there');
  const pages = table.pages.slice(from >>> PAGE_BITS);
  for (const name of PLAIN_NAMES) if (pages.some((page) => isWide(page, name))) for (const page of pages) widen(page, name);
  for (const page of pages) addFiles(page);
  reorderTimes(table, from, order);
  for (const name of [...PLAIN_NAMES, ...PLACES]) reorderColumn(table, (page) => page[name], from, order);
  for (const link of LINKS) renumberLink(table, link, from, order, rowNow);
}

function isWide(page: Page, name: PlainName): boolean {
  return page[name] instanceof wideClassOf(name);
}

function renumberLink(table: Table, link: ColumnOf<'link'>, from: number, order: Uint32Array, rowNow: Uint32Array): void {
  for (let row = from; row < table.size; row++) {
    const other = table[link](row);
    if (other >= from) table.setLink(link, row, rowNow[other - from] ?? -1);
    // The other end stands among the rows that stayed, and points to where this row was.
    else if (other >= 0 && table[link](other) === order[row - from]) table.setLink(link, other, row);
  }
}

function reorderTimes(table: Table, from: number, order: Uint32Array): void {
  const timesMs = new Float64Array(order.length);
  for (let i = 0; i < order.length; i++) timesMs[i] = table.time(order[i] ?? 0);
  for (let i = 0; i < order.length; i++) {
    const row = from + i;
    table.pages[row >>> PAGE_BITS]?.time.set(row & PAGE_MASK, timesMs[i] ?? 0);
  }
}

function reorderColumn(table: Table, column: (page: Page) => ColumnCells | null, from: number, order: Uint32Array): void {
  const pages = table.pages.map(column);
  const values = ofSameKind(pages.at(-1) ?? null, order.length);
  for (let i = 0; i < order.length; i++) {
    const row = order[i] ?? 0;
    values[i] = pages[row >>> PAGE_BITS]?.[row & PAGE_MASK] ?? 0;
  }
  for (let done = 0; done < order.length; ) {
    const row = from + done;
    const taken = Math.min(order.length - done, PAGE_ROWS - (row & PAGE_MASK));
    pages[row >>> PAGE_BITS]?.set(values.subarray(done, done + taken), row & PAGE_MASK);
    done += taken;
  }
}

function ofSameKind(cells: ColumnCells | null, length: number): ColumnCells {
  if (cells instanceof Uint8Array) return new Uint8Array(length);
  if (cells instanceof Uint16Array) return new Uint16Array(length);
  if (cells instanceof Uint32Array) return new Uint32Array(length);
  return cells instanceof Int32Array ? new Int32Array(length) : new Float64Array(length);
}

/** Moves the times of the rows of each file by so many milliseconds. */
export function shiftTimes(table: Table, shiftsMs: readonly number[]): void {
  if (shiftsMs.every((shiftMs) => shiftMs === 0)) return;
  table.shiftLastTimes(shiftsMs);
  for (const page of table.pages) {
    const timesMs = Float64Array.from({ length: page.count }, (_, i) => page.time.at(i) + (shiftsMs[page.file?.[i] ?? 0] ?? 0));
    for (let i = 0; i < page.count; i++) page.time.set(i, timesMs[i] ?? 0);
  }
}
