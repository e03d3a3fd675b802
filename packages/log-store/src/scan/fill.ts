import type { Event } from '@raftlens/events';
import { codeOfDirection, codeOfOpcode, codeOfRole, FLAG_HEARTBEAT, FLAG_STATE, FLAG_UNMATCHED } from '../columns/codes.ts';
import { LARGEST } from '../columns/layout.ts';
import type { LogFormat } from '../formats/format.ts';
import { type Chunk, clearRow } from './chunk.ts';
import { LINE_BYTES_MAX, NAME_BYTES_MAX } from './limits.ts';
import type { NameTable } from './name-table.ts';

const LEVEL_MAX = 255;

/** Puts what an event says into the columns of its row. The same names and numbers as the native scanner puts. */
function fillFromEvent(chunk: Chunk, row: number, event: Event, level: number, names: NameTable): void {
  clearRow(chunk, row);
  if (isTooLong(event.node) || isTooLong(event.src) || isTooLong(event.dst)) {
    markUnmatched(chunk, row);
    return;
  }
  chunk.level[row] = Math.min(Math.max(level, 0), LEVEL_MAX);
  chunk.time[row] = event.time;
  chunk.node[row] = names.numberOfText(event.node);
  chunk.src[row] = names.numberOfText(event.src);
  chunk.dst[row] = names.numberOfText(event.dst);
  chunk.op[row] = codeOfOpcode(event.op);
  if (event.dir !== undefined) chunk.dir[row] = codeOfDirection(event.dir);
  if (event.role !== undefined) chunk.role[row] = codeOfRole(event.role);
  if (event.term !== undefined) chunk.term[row] = asColumn(event.term);
  if (event.commit !== undefined) chunk.commit[row] = asColumn(event.commit);
  if (event.id !== undefined) chunk.id[row] = Math.max(event.id, 0);
  if (event.re !== undefined) chunk.re[row] = Math.max(event.re, 0);
  let flags = event.term === undefined ? 0 : FLAG_STATE;
  if (event.op === 'AppendEntries' && event.n === 0) flags |= FLAG_HEARTBEAT;
  chunk.flags[row] = flags;
}

export function markUnmatched(chunk: Chunk, row: number): void {
  clearRow(chunk, row);
  chunk.flags[row] = FLAG_UNMATCHED;
}

function asColumn(value: number): number {
  return Math.min(Math.max(value, 0), LARGEST);
}

function isTooLong(name: string): boolean {
  return name.length > NAME_BYTES_MAX;
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
