import type { Chunk } from './columns/chunk.ts';
import { FLAG_STATE } from './columns/codes.ts';
import { columnsOfKind } from './columns/schema.ts';
import type { Table } from './columns/table.ts';
import type { ByteSource } from './io/byte-source.ts';
import type { RestoredRows } from './io/kept-index.ts';
import { LINE_BYTES_MAX } from './limits.ts';
import { NativeScanner, SLACK_BYTES } from './scan/native-scanner.ts';

/** Rows that are looked at, in equal distances: a few milliseconds. */
const SAMPLES = 64;
const NEWLINE = 10;
const NAMES = columnsOfKind('name');
const VALUES = columnsOfKind('number', 'code');

/** Holds rows of a kept index against the lines of the (native) file: each is one whole line, and its columns say what the line says. */
export function areTrueRows(source: ByteSource, { table, index }: RestoredRows): boolean {
  const scanner = new NativeScanner();
  const names = [''];
  for (let i = 0; i < Math.min(SAMPLES, table.size); i++) {
    const row = Math.floor((i * (table.size - 1)) / Math.max(1, SAMPLES - 1));
    const [start, end] = [index.startOf(row), index.endOf(row)];
    if (end - start > LINE_BYTES_MAX) continue;
    const bytes = Buffer.alloc(Math.max(0, end - start) + SLACK_BYTES, NEWLINE);
    const count = source.read(bytes.subarray(0, end - start), start);
    const chunk = scanner.scan(bytes, count, true);
    names.push(...chunk.newNames);
    const isOneLine = count === end - start && chunk.rows === 1 && startsLine(source, start);
    if (!isOneLine || !saysTheSame(table, row, chunk, names)) return false;
  }
  return index.startOf(0) === 0;
}

function startsLine(source: ByteSource, start: number): boolean {
  const before = Buffer.alloc(1);
  return start === 0 || (source.read(before, start - 1) === 1 && before[0] === NEWLINE);
}

function saysTheSame(table: Table, row: number, chunk: Chunk, names: readonly string[]): boolean {
  const hasTime = !Number.isNaN(chunk.time[0]);
  return (
    (!hasTime || table.time(row) === chunk.time[0]) &&
    VALUES.every((column) => table[column](row) === chunk[column][0]) &&
    NAMES.every((column) => table.names.nameOf(table[column](row)) === names[chunk[column][0] ?? 0]) &&
    (table.flags(row) & FLAG_STATE) === ((chunk.flags[0] ?? 0) & FLAG_STATE)
  );
}
