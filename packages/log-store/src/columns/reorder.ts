import { PAGE_BITS, PAGE_MASK } from './layout.ts';
import type { Page } from './page.ts';
import type { Table } from './table.ts';

type Column = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;

const COLUMNS: readonly ((page: Page) => Column | null)[] = [
  (page) => page.term,
  (page) => page.commit,
  (page) => page.partner,
  (page) => page.op,
  (page) => page.dir,
  (page) => page.role,
  (page) => page.level,
  (page) => page.flags,
  (page) => page.node,
  (page) => page.src,
  (page) => page.dst,
  (page) => page.id,
  (page) => page.file,
  (page) => page.fileRow,
];

/** Puts the rows from `from` on into another order, and lets partners point to where rows stand now. */
export function reorder(table: Table, from: number, order: Uint32Array, rowNow: Uint32Array): void {
  const pages = table.pages.slice(from >>> PAGE_BITS);
  if (pages.some((page) => page.node instanceof Uint32Array)) for (const page of pages) page.widenNames();
  if (pages.some((page) => page.id instanceof Float64Array)) for (const page of pages) page.widenIds();
  for (const page of pages) page.addFiles();
  reorderTimes(table, from, order);
  for (const column of COLUMNS) reorderColumn(table, column, from, order);
  for (let row = from; row < table.size; row++) {
    const partner = table.partner(row);
    if (partner >= from) table.setPartner(row, rowNow[partner - from] ?? -1);
    // The other end stands among the rows that stayed, and points to where this row was.
    else if (partner >= 0 && table.partner(partner) === order[row - from]) table.setPartner(partner, row);
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

function reorderColumn(table: Table, column: (page: Page) => Column | null, from: number, order: Uint32Array): void {
  const values = new Float64Array(order.length);
  for (let i = 0; i < order.length; i++) values[i] = valueAt(table, column, order[i] ?? 0);
  for (let i = 0; i < order.length; i++) {
    const row = from + i;
    const page = table.pages[row >>> PAGE_BITS];
    const cells = page === undefined ? null : column(page);
    if (cells !== null) cells[row & PAGE_MASK] = values[i] ?? 0;
  }
}

function valueAt(table: Table, column: (page: Page) => Column | null, row: number): number {
  const page = table.pages[row >>> PAGE_BITS];
  return (page === undefined ? undefined : column(page)?.[row & PAGE_MASK]) ?? 0;
}

/** Moves the times of the rows of each file by so many milliseconds. */
export function shiftTimes(table: Table, shiftsMs: readonly number[]): void {
  for (const page of table.pages) {
    const timesMs = Float64Array.from({ length: page.count }, (_, i) => page.timeAt(i) + (shiftsMs[page.file?.[i] ?? 0] ?? 0));
    for (let i = 0; i < page.count; i++) page.time.set(i, timesMs[i] ?? 0);
  }
}
