import { SEND } from '../columns/codes.ts';
import type { Table } from '../columns/table.ts';

/**
 * The order of time for the rows from `from` on, which stand file after file: `order[i]` is the row that comes i-th. The rows
 * of one file keep their order, and a receive waits for its send, whatever the clocks say.
 */
export function mergedOrder(table: Table, from: number): Uint32Array {
  const count = table.size - from;
  const order = new Uint32Array(count);
  const isPlaced = new Uint8Array(count);
  const files = rowsByFile(table, from);
  const heads = files.map(() => 0);
  for (let i = 0; i < count; i++) {
    const file = nextFile(table, from, files, heads, isPlaced);
    const row = files[file]?.[heads[file] ?? 0] ?? 0;
    heads[file] = (heads[file] ?? 0) + 1;
    isPlaced[row - from] = 1;
    order[i] = row;
  }
  return order;
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
