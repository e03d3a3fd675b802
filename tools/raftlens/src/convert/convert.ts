import { printableJson, printableLines } from '@raftlens/command-line';
import { type Event, textOf } from '@raftlens/events';
import type { LogStore } from '@raftlens/log-store';
import { chromeWriter } from './chrome.ts';
import { csvWriter } from './csv.ts';
import { etcdTraceWriter } from './etcd-trace.ts';
import { LeftOut } from './left-out.ts';
import { hclogWriter, labWriter, nativeWriter, pinoWriter, zapWriter } from './lines.ts';
import { shivizWriter } from './shiviz.ts';
import type { Writer } from './writer.ts';

/** A target: how its rows are written, and which of the two escapes what a terminal would act on. */
interface Target {
  readonly writer: () => Writer;
  readonly shown: (piece: string) => string;
  /** What of an event it does not hold, null where it holds everything. */
  readonly lacks: string | null;
}

const text = (writer: () => Writer, lacks: string | null): Target => ({ writer, shown: printableLines, lacks });
const json = (writer: () => Writer, lacks: string | null): Target => ({ writer, shown: printableJson, lacks });

const TARGETS_BY_NAME = {
  native: json(nativeWriter, null),
  lab: text(labWriter, null),
  shiviz: text(shivizWriter, null),
  'etcd-trace': json(etcdTraceWriter, 'the entries, and what is persisted, applied and asked by clients as etcd would tell it'),
  'etcd-zap': json(zapWriter, null),
  hclog: text(hclogWriter, null),
  pino: json(pinoWriter, null),
  chrome: json(chromeWriter, 'what a viewer does not draw: raftlens cannot read it back'),
  csv: text(csvWriter, null),
} as const satisfies Readonly<Record<string, Target>>;

export type TargetName = keyof typeof TARGETS_BY_NAME;

/** What a log can be turned into. */
export const TARGETS = Object.keys(TARGETS_BY_NAME) as readonly TargetName[];

export function lacksOf(target: TargetName): string | null {
  return TARGETS_BY_NAME[target].lacks;
}

const PIECE_CHARACTERS = 1 << 16;

/** The rows in another format, in pieces of tens of kilobytes. The same bytes go to a terminal, into a pipe and into a file. */
export function* converted(store: LogStore, rows: Iterable<number>, to: TargetName): Generator<string, LeftOut> {
  const { writer, shown } = TARGETS_BY_NAME[to];
  const pieces = written(store, rows, writer());
  for (;;) {
    const { done, value } = pieces.next();
    if (done === true) return value;
    yield shown(value);
  }
}

/**
 * The rows as a writer makes them, in pieces, with whatever a log may hold: for other programs, never for a terminal.
 *
 * @param rows rising
 */
export function* written(store: LogStore, rows: Iterable<number>, writer: Writer): Generator<string, LeftOut> {
  const all = Uint32Array.from(rows);
  const left = new LeftOut();
  let piece = writer.begin(store);
  for (const row of all) {
    const event = eventOf(store, row);
    const partner = partnerIn(all, store, row);
    piece += left.textOf(row, () => writer.row({ row, event, text: textOf(event), partner }, store));
    if (piece.length < PIECE_CHARACTERS) continue;
    yield piece;
    piece = '';
  }
  yield piece + writer.end();
  return left;
}

/** The other end of a message where it is among the rows, and knows this one for its own: what is received twice has one arrow. */
function partnerIn(rows: Uint32Array, store: LogStore, row: number): number {
  const partner = store.partnerOf(row);
  return partner >= 0 && store.partnerOf(partner) === row && holds(rows, partner) ? partner : -1;
}

/** Binary search. */
function holds(rows: Uint32Array, row: number): boolean {
  let from = 0;
  let to = rows.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((rows[middle] ?? 0) < row) from = middle + 1;
    else to = middle;
  }
  return rows[from] === row;
}

/** The event; a line of no format as a Note. Where files are merged, each gets a new seq, because each must be the only one. */
function eventOf(store: LogStore, row: number): Event {
  const event = store.event(row);
  if (event === null) {
    return {
      seq: row + 1,
      time: store.columns.time(row),
      node: 'TEST',
      boot: 0,
      op: 'Note',
      src: 'TEST',
      dst: 'TEST',
      detail: store.line(row),
    };
  }
  return store.files.length > 1 ? { ...event, seq: row + 1 } : event;
}
