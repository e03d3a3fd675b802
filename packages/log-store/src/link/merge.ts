import { FLAG_UNMATCHED, SEND } from '../columns/codes.ts';
import type { Table } from '../columns/table.ts';

/**
 * The order of time for the rows from `from` on, which stand file after file: `order[i]` is the row that comes i-th. The rows
 * of one log (`series`: by the number of a file, which log it is a part of) keep their order, a receive waits for its send, whatever the clocks say, and a line without a time of its own (of a
 * stack trace, of a text of several lines) stays below the line that it stands below in its file.
 */
export function mergedOrder(table: Table, from: number, series: readonly number[]): Uint32Array {
  const order = new Uint32Array(table.size - from);
  const isPlaced = new Uint8Array(order.length);
  const files = rowsByLog(table, from, series);
  const heads = files.map(() => 0);
  let count = 0;
  const place = (file: number): void => {
    const row = files[file]?.[heads[file] ?? 0] ?? 0;
    heads[file] = (heads[file] ?? 0) + 1;
    isPlaced[row - from] = 1;
    order[count++] = row;
  };
  const placeContinuation = (file: number): void => {
    while (isContinuation(table, files[file] ?? new Uint32Array(0), heads[file] ?? 0)) place(file);
  };
  // What stands before the first line that has a time belongs to what stood there before.
  for (const file of files.keys()) placeContinuation(file);
  while (count < order.length) {
    const file = nextFile(table, from, files, heads, isPlaced);
    place(file);
    placeContinuation(file);
  }
  return order;
}

/** A line that no format knows has the time of the line above it in its file. */
function isContinuation(table: Table, rows: Uint32Array, at: number): boolean {
  const row = rows[at];
  if (row === undefined || (table.flags(row) & FLAG_UNMATCHED) === 0) return false;
  const above = rows[at - 1];
  // A line that is found out to be damaged when it is decoded has kept its own time.
  return above === undefined || table.time(row) === table.time(above) || table.file(row) !== table.file(above);
}

/** The rows of each log: those of its parts one after the other, whatever of them was read first. */
function rowsByLog(table: Table, from: number, series: readonly number[]): readonly Uint32Array[] {
  const logs: Uint32Array[][] = [];
  for (const [file, rows] of rowsByFile(table, from).entries()) {
    const parts = (logs[series[file] ?? 0] ??= []);
    const before = parts.at(-1);
    if (before !== undefined) continueTime(table, before, rows);
    if (rows.length > 0) parts.push(rows);
  }
  return Array.from(logs, (parts: readonly Uint32Array[] | undefined) => joined(parts ?? []));
}

/** Rotation may cut a stack trace: its rest stands where the end of the part before stands. */
function continueTime(table: Table, before: Uint32Array, rows: Uint32Array): void {
  const last = before.at(-1);
  if (last === undefined) return;
  for (const row of rows) {
    if ((table.flags(row) & FLAG_UNMATCHED) === 0) return;
    table.setTime(row, table.time(last));
  }
}

function joined(parts: readonly Uint32Array[]): Uint32Array {
  const all = new Uint32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function rowsByFile(table: Table, from: number): readonly Uint32Array[] {
  const counts: number[] = [];
  for (let row = from; row < table.size; row++) counts[table.file(row)] = (counts[table.file(row)] ?? 0) + 1;
  const files = Array.from(counts, (count: number | undefined) => new Uint32Array(count ?? 0));
  const filled = files.map(() => 0);
  for (let row = from; row < table.size; row++) {
    const file = table.file(row);
    const at = filled[file] ?? 0;
    const rows = files[file];
    if (rows !== undefined) rows[at] = row;
    filled[file] = at + 1;
  }
  return files;
}

/** The file whose next row is the earliest of those that need not wait; the earliest of all where every one waits. */
function nextFile(table: Table, from: number, files: readonly Uint32Array[], heads: readonly number[], isPlaced: Uint8Array): number {
  let best = -1;
  let bestMs = Number.POSITIVE_INFINITY;
  let bestWaits = true;
  for (const [file, rows] of files.entries()) {
    const row = rows[heads[file] ?? 0];
    if (row === undefined) continue;
    const timeMs = table.time(row);
    const waits = isWaiting(table, row, from, isPlaced);
    const isBetter = waits === bestWaits ? timeMs < bestMs : bestWaits;
    if (best >= 0 && !isBetter) continue;
    best = file;
    bestMs = timeMs;
    bestWaits = waits;
  }
  return best;
}

function isWaiting(table: Table, row: number, from: number, isPlaced: Uint8Array): boolean {
  if (table.dir(row) === SEND) return false;
  const send = table.partner(row);
  return send >= from && isPlaced[send - from] === 0;
}

/** `rowNow[row - from]`: where each row stands after it was put into this order. */
export function inverseOf(order: Uint32Array, from: number): Uint32Array {
  const rowNow = new Uint32Array(order.length);
  for (let i = 0; i < order.length; i++) rowNow[(order[i] ?? 0) - from] = from + i;
  return rowNow;
}
