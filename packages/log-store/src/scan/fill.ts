import type { Event } from '@raftlens/events';
import { type Chunk, clearRow } from '../columns/chunk.ts';
import { FLAG_UNMATCHED } from '../columns/codes.ts';
import { COLUMNS, type ColumnCells, SCANNED_NAMES, type ScannedName } from '../columns/schema.ts';
import type { LogFormat } from '../formats/format.ts';
import { LINE_BYTES_MAX, NAME_BYTES_MAX } from '../limits.ts';
import type { NameTable } from './name-table.ts';

/** What puts an event's values into a column, whose place among those of a chunk is `at`. */
type Fill = (column: ColumnCells, row: number, event: Event, level: number, names: NameTable) => boolean;

const FILLS: readonly Fill[] = SCANNED_NAMES.map((name) => fillOf(COLUMNS[name]));

function fillOf(spec: (typeof COLUMNS)[ScannedName]): Fill {
  switch (spec.kind) {
    case 'name':
      return (column, row, event, _, names) => {
        const number = numberOf(spec.of(event), names);
        column[row] = Math.max(number, 0);
        return number >= 0;
      };
    case 'number':
      return (column, row, event, level) => {
        const value = spec.of(event, level);
        column[row] = value === undefined ? spec.empty : Math.min(Math.max(value, 0), spec.largest);
        return true;
      };
    case 'time':
    case 'code':
    case 'flags':
      return (column, row, event) => {
        column[row] = spec.of(event);
        return true;
      };
  }
}

/** Puts what an event says into the columns of its row. The same names and numbers as the native scanner puts. */
function fillFromEvent(chunk: Chunk, row: number, event: Event, level: number, names: NameTable): void {
  const { columns } = chunk;
  for (let i = 0; i < FILLS.length; i++) {
    const column = columns[i];
    const fill = FILLS[i];
    if (column !== undefined && fill?.(column, row, event, level, names) === false) {
      markUnmatched(chunk, row);
      return;
    }
  }
  chunk.re[row] = Math.max(event.re ?? 0, 0);
}

export function markUnmatched(chunk: Chunk, row: number): void {
  clearRow(chunk, row);
  chunk.flags[row] = FLAG_UNMATCHED;
}

/** -1 for a name that is too long, or one too many. */
function numberOf(name: string, names: NameTable): number {
  if (name === '') return 0;
  return name.length > NAME_BYTES_MAX ? -1 : names.numberOfText(name) || -1;
}

/** Decodes bytes[start..end) as one record of a format and puts it into the columns. */
export function fillFromRecord(
  chunk: Chunk,
  row: number,
  bytes: Buffer,
  start: number,
  end: number,
  format: LogFormat,
  file: string,
  names: NameTable,
): void {
  if (end - start > LINE_BYTES_MAX) {
    markUnmatched(chunk, row);
    return;
  }
  const decoded = format.decode(bytes.toString('utf8', start, end), file);
  if ('reason' in decoded) {
    markUnmatched(chunk, row);
    return;
  }
  fillFromEvent(chunk, row, decoded.event, decoded.level, names);
  if (decoded.key !== undefined) {
    chunk.keys ??= [];
    chunk.keys[row] = decoded.key;
  }
  if (decoded.clock !== undefined) {
    chunk.clocks ??= [];
    chunk.clocks[row] = decoded.clock;
  }
}
