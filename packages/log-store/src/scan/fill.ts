import type { Event } from '@raftlens/events';
import { codeOfDirection, codeOfOpcode, codeOfRole, FLAG_HEARTBEAT, FLAG_STATE, FLAG_UNMATCHED } from '../columns/codes.ts';
import { LARGEST } from '../columns/layout.ts';
import type { LogFormat } from '../formats/format.ts';
import { LINE_BYTES_MAX, NAME_BYTES_MAX } from '../limits.ts';
import { type Chunk, clearRow } from './chunk.ts';
import type { NameTable } from './name-table.ts';

const LEVEL_MAX = 255;

/** Puts what an event says into the columns of its row. The same names and numbers as the native scanner puts. */
function fillFromEvent(chunk: Chunk, row: number, event: Event, level: number, names: NameTable): void {
  clearRow(chunk, row);
  const [node, src, dst] = [numberOf(event.node, names), numberOf(event.src, names), numberOf(event.dst, names)];
  if (node < 0 || src < 0 || dst < 0) {
    markUnmatched(chunk, row);
    return;
  }
  chunk.level[row] = Math.min(Math.max(level, 0), LEVEL_MAX);
  chunk.time[row] = event.time;
  chunk.node[row] = node;
  chunk.src[row] = src;
  chunk.dst[row] = dst;
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
