import type { Event } from '@raftlens/events';
import { DIRECTIONS, type LogStore } from '@raftlens/log-store';
import { type ConvertedRow, dateTime, isDateTime, type Writer } from './writer.ts';

/** A message is drawn as a slice so short that it is a point, to which the arrow can be tied. */
const POINT_US = 1;

/**
 * The trace event format of Chrome, which Perfetto reads: a thread a peer, a slice for each stretch in which its role and
 * term stay the same, an instant for each step, and an arrow for each message that arrived.
 */
export function chromeWriter(): Writer {
  return new ChromeWriter();
}

class ChromeWriter implements Writer {
  readonly #threads = new Map<string, number>();
  /** The role and term that a peer is in, as far as a slice for it is open. */
  readonly #open = new Map<string, string>();
  /** When the latest item of a thread was: a viewer wants times that do not fall, which those of a server's clock may. */
  readonly #latestUs = new Map<number, number>();
  #isFirst = true;
  #lastUs = 0;

  begin(store: LogStore): string {
    store.peers.forEach((peer, i) => this.#threads.set(peer, i + 1));
    const names = [...this.#threads].map(([name, tid]) => ({ ph: 'M', name: 'thread_name', pid: 1, tid, args: { name } }));
    const order = [...this.#threads.values()].map((tid) => ({
      ph: 'M',
      name: 'thread_sort_index',
      pid: 1,
      tid,
      args: { sort_index: tid },
    }));
    return `{"displayTimeUnit":"ms","traceEvents":[${this.#items([{ ph: 'M', name: 'process_name', pid: 1, args: { name: 'cluster' } }, ...names, ...order])}`;
  }

  row({ row, event, text, partner }: ConvertedRow, store: LogStore): string {
    const tid = this.#threads.get(event.node) ?? 0;
    const ts = Math.max(Math.round(dateTime(event.time) * 1000), this.#latestUs.get(tid) ?? Number.NEGATIVE_INFINITY);
    this.#latestUs.set(tid, ts);
    this.#lastUs = Math.max(this.#lastUs, ts);
    const at = { pid: 1, tid, ts };
    const other = partner >= 0 && hasArrowEnd(store, partner) ? partner : -1;
    return this.#items([...this.#roleOf(event, at), ...itemsOf(event, text, at, { row, other })]);
  }

  end(): string {
    const ends = [...this.#open.keys()].map((node) => ({ ph: 'E', pid: 1, tid: this.#threads.get(node) ?? 0, ts: this.#lastUs + 1 }));
    return `${this.#items(ends)}]}\n`;
  }

  #roleOf({ node, role, term }: Event, at: object): object[] {
    if (role === undefined) return [];
    const state = term === undefined ? role : `${role} T${term}`;
    const before = this.#open.get(node);
    if (before === state) return [];
    this.#open.set(node, state);
    const begin = { ph: 'B', name: state, cat: 'role', ...at };
    return before === undefined ? [begin] : [{ ph: 'E', ...at }, begin];
  }

  #items(items: readonly object[]): string {
    return items
      .map((item) => {
        const comma = this.#isFirst ? '' : ',\n';
        this.#isFirst = false;
        return comma + JSON.stringify(item);
      })
      .join('');
  }
}

/** Whether an arrow can end at the row: a message that is lost ends nowhere, and a row that cannot be written is no end. */
function hasArrowEnd({ columns }: LogStore, row: number): boolean {
  return DIRECTIONS[columns.dir(row)] !== 'drop' && isDateTime(columns.time(row));
}

/** The row of an event, and that of the other end of its message, -1 where there is no arrow to it. */
interface Ends {
  readonly row: number;
  readonly other: number;
}

function itemsOf(event: Event, text: string, at: object, { row, other }: Ends): object[] {
  const args = { text };
  if (event.dir === undefined || event.dir === 'drop') {
    return [{ ph: 'i', name: event.op, cat: event.dir === 'drop' ? 'lost' : 'step', s: 't', ...at, args }];
  }
  const point = { ph: 'X', name: event.op, cat: 'message', dur: POINT_US, ...at, args };
  if (other < 0) return [point];
  // The row of the send: the ids of messages need not be unique in a log of several files.
  const flow = { name: event.op, cat: 'message', id: Math.min(row, other), ...at };
  return [point, row < other ? { ph: 's', ...flow } : { ph: 'f', bp: 'e', ...flow }];
}
