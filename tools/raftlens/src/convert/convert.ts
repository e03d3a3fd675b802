import { printableJson, printableLines } from '@raftlens/command-line';
import { type Event, textOf } from '@raftlens/events';
import type { LogStore } from '@raftlens/log-store';
import { chromeWriter } from './chrome.ts';
import { csvWriter } from './csv.ts';
import { etcdTraceWriter } from './etcd-trace.ts';
import { hclogWriter, labWriter, nativeWriter, pinoWriter, zapWriter } from './lines.ts';
import { shivizWriter } from './shiviz.ts';
import type { Writer } from './writer.ts';

/** A target: how its rows are written, and which of the two escapes what a terminal would act on. */
interface Target {
  readonly writer: () => Writer;
  readonly shown: (piece: string) => string;
}

const text = (writer: () => Writer): Target => ({ writer, shown: printableLines });
const json = (writer: () => Writer): Target => ({ writer, shown: printableJson });

const TARGETS_BY_NAME = {
  native: json(nativeWriter),
  lab: text(labWriter),
  shiviz: text(shivizWriter),
  'etcd-trace': json(etcdTraceWriter),
  'etcd-zap': json(zapWriter),
  hclog: text(hclogWriter),
  pino: json(pinoWriter),
  chrome: json(chromeWriter),
  csv: text(csvWriter),
} as const satisfies Readonly<Record<string, Target>>;

export type TargetName = keyof typeof TARGETS_BY_NAME;

/** What a log can be turned into. */
export const TARGETS = Object.keys(TARGETS_BY_NAME) as readonly TargetName[];

const PIECE_CHARACTERS = 1 << 16;

/** The rows in another format, in pieces of tens of kilobytes. The same bytes go to a terminal, into a pipe and into a file. */
export function* converted(store: LogStore, rows: Iterable<number>, to: TargetName): Generator<string> {
  const { writer, shown } = TARGETS_BY_NAME[to];
  for (const piece of written(store, rows, writer())) yield shown(piece);
}

/** The rows as a writer makes them, in pieces, with whatever a log may hold: for other programs, never for a terminal. */
export function* written(store: LogStore, rows: Iterable<number>, writer: Writer): Generator<string> {
  let piece = writer.begin(store);
  for (const row of rows) {
    const event = eventOf(store, row);
    piece += writer.row({ row, event, text: textOf(event) }, store);
    if (piece.length < PIECE_CHARACTERS) continue;
    yield piece;
    piece = '';
  }
  yield piece + writer.end();
}

/** The event; a line of no format as a Note. Where files are merged, seqs are given anew, for each must be the only one. */
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
