import { type LogStore, OPCODE_CODES } from '@raftlens/log-store';
import { commitLatency, type ElectionStats, electionStats } from './elections.ts';
import { type MessageStats, messageStats } from './messages.ts';
import type { Summary } from './percentiles.ts';

/** What a log amounts to. */
export interface LogStats {
  readonly files: readonly { readonly name: string; readonly format: string; readonly clockOffsetMs: number }[];
  readonly rows: number;
  readonly unmatched: number;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly peers: readonly string[];
  /** By opcode: how many events each peer wrote, in the order of `peers`. */
  readonly events: readonly { readonly op: string; readonly byPeer: readonly number[]; readonly total: number }[];
  readonly elections: ElectionStats;
  readonly messages: readonly MessageStats[];
  readonly commitMs: Summary;
}

export function logStats(store: LogStore): LogStats {
  const { columns, size } = store;
  return {
    files: store.files.map(({ name, format, clockOffsetMs }) => ({ name, format, clockOffsetMs })),
    rows: size,
    unmatched: store.unmatched,
    firstMs: size === 0 ? Number.NaN : columns.time(0),
    lastMs: size === 0 ? Number.NaN : columns.time(size - 1),
    peers: store.peers,
    events: eventCounts(store),
    elections: electionStats(store),
    messages: messageStats(store),
    commitMs: commitLatency(store),
  };
}

function eventCounts(store: LogStore): LogStats['events'] {
  const { columns, peers } = store;
  const names = columns.names.size;
  const counts = new Map<number, Uint32Array>();
  for (const page of columns.pages) {
    for (let i = 0; i < page.count; i++) {
      const op = page.op[i] ?? 0;
      let row = counts.get(op);
      if (row === undefined) counts.set(op, (row = new Uint32Array(names)));
      const node = page.node[i] ?? 0;
      row[node] = (row[node] ?? 0) + 1;
    }
  }
  const opcodes = [...counts].filter(([op]) => op !== 0).sort(([a], [b]) => a - b);
  return opcodes.map(([op, row]) => {
    const byPeer = peers.map((peer) => row[columns.names.find(peer)] ?? 0);
    return { op: OPCODE_CODES[op] ?? '', byPeer, total: byPeer.reduce((sum, count) => sum + count, 0) };
  });
}
