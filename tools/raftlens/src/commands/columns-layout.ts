import type { Event } from '@raftlens/events';
import { cellText, widthOf } from '../text/line.ts';
import { clockText } from '../text/time.ts';

/** One row as the printer needs it. `text` is the event as text, or the line itself where no format knows it. */
export interface PrintedRow {
  readonly text: string;
  readonly event: Event | null;
  /** What the row is called: its seq. */
  readonly label: string;
  readonly evidence: boolean;
}

/** Where a peer's texts begin, and how many cells they have. */
export interface PrintedColumn {
  readonly peer: string;
  readonly x: number;
  readonly width: number;
}

export interface ColumnsLayout {
  readonly columns: readonly PrintedColumn[];
  readonly labelWidth: number;
  readonly timeWidth: number;
  /** Where the first column begins. */
  readonly left: number;
  /** The cells of a whole line, Infinity where nothing is to be cut. */
  readonly total: number;
}

const MARK_WIDTH = 2;
export const GAP = 2;
const LEAST_STEP = 3;

/**
 * Columns that fit into `total` cells. Where there is room each is as wide as its longest text. Where there is not, they
 * overlap: each peer keeps its own indent, and a text may run on over the columns to its right, which are empty on that line.
 * So texts stay whole, and greppable, on a narrow screen too; only what is too long even so is cut.
 */
export function columnsLayout(peers: readonly string[], rows: readonly PrintedRow[], total: number): ColumnsLayout {
  const wanted = peers.map((peer) => widthOf(cellText(peer)));
  let labelWidth = 3;
  let timeWidth = 8;
  for (const row of rows) {
    labelWidth = Math.max(labelWidth, row.label.length);
    timeWidth = Math.max(timeWidth, clockText(row.event?.time ?? Number.NaN).length);
    const column = row.event === null ? -1 : peers.indexOf(row.event.node);
    if (column >= 0) wanted[column] = Math.max(wanted[column] ?? 0, widthOf(cellText(row.text)));
  }
  const left = MARK_WIDTH + labelWidth + GAP + timeWidth + GAP;
  const room = total - left;
  const natural = wanted.reduce((sum, width) => sum + width + GAP, -GAP);
  const columns = natural <= room ? sideBySide(peers, wanted, left) : overlapping(peers, Math.max(0, ...wanted), left, room);
  return { columns, labelWidth, timeWidth, left, total };
}

function sideBySide(peers: readonly string[], widths: readonly number[], left: number): PrintedColumn[] {
  let x = left;
  return peers.map((peer, at) => {
    const column = { peer, x, width: widths[at] ?? 0 };
    x += column.width + GAP;
    return column;
  });
}

function overlapping(peers: readonly string[], longest: number, left: number, room: number): PrintedColumn[] {
  const step = Math.max(LEAST_STEP, Math.floor((room - longest) / Math.max(1, peers.length - 1)));
  return peers.map((peer, at) => ({ peer, x: left + at * step, width: Math.max(LEAST_STEP, room - at * step) }));
}
