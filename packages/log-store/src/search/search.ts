import type { LinearPattern } from '@raftlens/patterns';
import { CancelledError } from '../error.ts';
import { yieldToOthers } from '../io/host.ts';
import { LINE_BYTES_MAX } from '../limits.ts';
import type { OpenFile } from '../log-file.ts';
import type { SearchOptions } from '../log-store.ts';

/** Rows are searched in blocks of about this many bytes: large enough for the speed of memory, small enough to cancel. */
const BLOCK_BYTES = 1 << 20;
const NEWLINE = 10;

type SearchDirection = 'forward' | 'backward';

/** What is searched: the part of a store that searching needs. */
export interface Searched {
  readonly size: number;
  readonly files: readonly OpenFile[];
  line(row: number): string;
}

/**
 * The nearest row whose line holds the text, or matches the regular expression, from a row on. Where the rows of one file
 * follow each other as in the file, whole blocks are searched; merged files are searched row by row.
 */
export async function searchRows(
  store: Searched,
  needle: string | LinearPattern,
  fromRow: number,
  direction: SearchDirection,
  options: SearchOptions,
): Promise<number> {
  const file = store.files.length === 1 ? store.files[0] : undefined;
  if (needle === '' || store.size === 0) return -1;
  let row = Math.max(0, Math.min(store.size - 1, fromRow));
  while (row >= 0 && row < store.size) {
    if (options.signal?.aborted === true) throw new CancelledError();
    const [first, last] = file === undefined ? neighbours(row, direction, store.size) : blockOf(file, row, direction);
    const found = file === undefined ? byRow(store, needle, first, last, direction) : inBlock(file, needle, first, last, direction);
    if (found >= 0) return found;
    row = direction === 'forward' ? last + 1 : first - 1;
    options.onProgress?.(row);
    await yieldToOthers();
  }
  return -1;
}

const ROWS_AT_ONCE = 20_000;

function neighbours(row: number, direction: SearchDirection, size: number): readonly [number, number] {
  return direction === 'forward' ? [row, Math.min(size - 1, row + ROWS_AT_ONCE)] : [Math.max(0, row - ROWS_AT_ONCE), row];
}

function byRow(store: Searched, needle: string | LinearPattern, first: number, last: number, direction: SearchDirection): number {
  const step = direction === 'forward' ? 1 : -1;
  for (let row = direction === 'forward' ? first : last; row >= first && row <= last; row += step) {
    const line = store.line(row);
    if (typeof needle === 'string' ? line.includes(needle) : needle.test(line)) return row;
  }
  return -1;
}

/** One buffer serves all searches: they are synchronous within a block, and fresh memory costs more than the search. */
let shared = Buffer.alloc(0);

function scratch(bytes: number): Buffer {
  if (bytes > BLOCK_BYTES * 2) return Buffer.allocUnsafe(bytes);
  if (shared.length === 0) shared = Buffer.allocUnsafe(BLOCK_BYTES * 2);
  return shared.subarray(0, bytes);
}

/** The rows from `row` on that fill a block. */
function blockOf(file: OpenFile, row: number, direction: SearchDirection): readonly [number, number] {
  const { index } = file;
  if (direction === 'forward') return [row, Math.max(row, rowAtByte(file, index.startOf(row) + BLOCK_BYTES) - 1)];
  return [Math.min(row, rowAtByte(file, Math.max(0, index.endOf(row) - BLOCK_BYTES))), row];
}

/** The first row that starts at or after a byte. */
function rowAtByte(file: OpenFile, byte: number): number {
  let low = 0;
  let high = file.index.count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (file.index.startOf(middle) < byte) low = middle + 1;
    else high = middle;
  }
  return low;
}

function inBlock(file: OpenFile, needle: string | LinearPattern, first: number, last: number, direction: SearchDirection): number {
  const start = file.index.startOf(first);
  // Of a last line that is too long only the start is searched.
  const bytes = scratch(Math.min(file.index.endOf(last) - start, BLOCK_BYTES + LINE_BYTES_MAX));
  const block = bytes.subarray(0, file.source.read(bytes, start));
  const at = typeof needle === 'string' ? placeOfText(block, needle, direction) : placeOfMatch(block, needle, direction);
  return at < 0 ? -1 : rowAtByte(file, start + at + 1) - 1;
}

function placeOfText(block: Buffer, text: string, direction: SearchDirection): number {
  return direction === 'forward' ? block.indexOf(text) : block.lastIndexOf(text);
}

/** Where a line starts that matches, as a byte of the block. */
function placeOfMatch(block: Buffer, pattern: LinearPattern, direction: SearchDirection): number {
  let found = -1;
  for (let start = 0; start < block.length; ) {
    const newline = block.indexOf(NEWLINE, start);
    const end = newline < 0 ? block.length : newline;
    if (pattern.test(block.toString('utf8', start, end))) {
      if (direction === 'forward') return start;
      found = start;
    }
    start = end + 1;
  }
  return found;
}
