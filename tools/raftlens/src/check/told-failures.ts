import { type Event, specOf } from '@raftlens/events';
import type { LogStore } from '@raftlens/log-store';
import { type Complaint, telling } from './complaints.ts';

/** Steps that are told before a complaint, and how far back they are looked for. */
const STEPS = 3;
const LOOK_BACK_ROWS = 5000;

/** A complaint of the program with what the server did before it; rows of the log. */
export interface ToldFailure {
  readonly complaint: Complaint;
  /** The server whose line it is, or that was the last to speak in the same file; null where nobody had spoken. */
  readonly who: string | null;
  readonly before: readonly number[];
}

/** The complaints that say most, each with the last steps of that server. */
export function toldFailures(store: LogStore, complaints: readonly Complaint[]): ToldFailure[] {
  return telling(complaints).map((complaint) => {
    const who = speakerAt(store, complaint.row);
    return { complaint, who, before: who === null ? [] : stepsBefore(store, complaint.row, who) };
  });
}

function speakerAt(store: LogStore, row: number): string | null {
  const file = store.fileOf(row);
  const end = Math.max(0, row - LOOK_BACK_ROWS);
  for (let at = row; at >= end; at -= 1) {
    if (store.fileOf(at) !== file) continue;
    const event = store.event(at);
    if (event !== null && isOfServer(event)) return event.node;
  }
  return null;
}

function stepsBefore(store: LogStore, row: number, who: string): number[] {
  const rows: number[] = [];
  const end = Math.max(0, row - LOOK_BACK_ROWS);
  for (let at = row - 1; at >= end && rows.length < STEPS; at -= 1) {
    const event = store.event(at);
    if (event !== null && event.node === who) rows.unshift(at);
  }
  return rows;
}

/** What a program says in passing is a note; the harness and the clients write in their own names. */
function isOfServer({ op, node }: Event): boolean {
  const { kind } = specOf(op);
  return node !== 'TEST' && (kind === 'message' || kind === 'step' || op === 'Note');
}
