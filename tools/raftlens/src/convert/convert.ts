import { type Event, textOf } from '@raftlens/events';
import type { LogStore } from '@raftlens/log-store';
import { chromeWriter } from './chrome.ts';
import { csvWriter } from './csv.ts';
import { etcdTraceWriter } from './etcd-trace.ts';
import { hclogWriter, labWriter, nativeWriter, pinoWriter, zapWriter } from './lines.ts';
import { shivizWriter } from './shiviz.ts';
import type { Writer } from './writer.ts';

/** What a log can be turned into. */
export const WRITERS = {
  native: nativeWriter,
  lab: labWriter,
  shiviz: shivizWriter,
  'etcd-trace': etcdTraceWriter,
  'etcd-zap': zapWriter,
  hclog: hclogWriter,
  pino: pinoWriter,
  chrome: chromeWriter,
  csv: csvWriter,
} as const satisfies Readonly<Record<string, () => Writer>>;

export type TargetName = keyof typeof WRITERS;

export const TARGETS = Object.keys(WRITERS) as readonly TargetName[];

const PIECE_CHARACTERS = 1 << 16;

/** The rows in another format, in pieces of tens of kilobytes. */
export function* converted(store: LogStore, rows: Iterable<number>, writer: Writer): Generator<string> {
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
