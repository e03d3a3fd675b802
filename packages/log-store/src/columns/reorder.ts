import { PAGE_BITS, PAGE_MASK, PAGE_ROWS } from './layout.ts';
import type { Column, Page } from './page.ts';
import type { Table } from './table.ts';

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

function ofSameKind(cells: Column | null, length: number): Column {
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
    const timesMs = Float64Array.from({ length: page.count }, (_, i) => page.timeAt(i) + (shiftsMs[page.file?.[i] ?? 0] ?? 0));
    for (let i = 0; i < page.count; i++) page.time.set(i, timesMs[i] ?? 0);
  }
}
