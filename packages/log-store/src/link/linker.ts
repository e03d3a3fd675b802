import { codeOfOpcode, DROP, FLAG_HEARTBEAT, RECV, SEND } from '../columns/codes.ts';
import type { Table } from '../columns/table.ts';
import type { Chunk } from '../scan/chunk.ts';
import { IdRows } from './id-rows.ts';
import { KeyQueues } from './key-queues.ts';
import { VectorClocks } from './vector-clocks.ts';

const APPEND_ENTRIES_REPLY = codeOfOpcode('AppendEntriesReply');

/**
 * Finds the other end of every message, in rows as they come. Native logs pair by id; formats without ids pair what
 * looks the same (`keys`), or by vector clocks.
 */
export class Linker {
  readonly #table: Table;
  /** The row of the send (until it is there, of the first receive) of each id. */
  readonly #rows = new IdRows();
  readonly #queues: KeyQueues;
  readonly #clocks: VectorClocks;

  constructor(table: Table) {
    this.#table = table;
    this.#queues = new KeyQueues((row) => table.time(row));
    this.#clocks = new VectorClocks(table);
  }

  /** The row that sent the message of this id, or received it where its send is not in the log; -1 for neither. */
  rowOfId(id: number): number {
    return this.#rows.get(id);
  }

  /** Links the rows of a chunk that was just appended, the first of which is `firstRow`. */
  append(chunk: Chunk, firstRow: number): void {
    if (chunk.clocks !== null) this.#clocks.append(chunk.clocks, firstRow);
    if (chunk.keys !== null) this.#linkKeys(chunk.keys, chunk.rows, firstRow);
    const { dir, id, re, op, rows } = chunk;
    for (let i = 0; i < rows; i++) {
      const kind = dir[i] ?? 0;
      if (kind === 0) continue;
      const message = id[i] ?? 0;
      if (message > 0) this.#linkId(message, kind, firstRow + i);
      if (op[i] === APPEND_ENTRIES_REPLY) this.#markHeartbeatReply(re[i] ?? 0, firstRow + i);
    }
  }

  /** After the rows from `from` on were put into another order: `rowNow[row - from]` is where a row stands now. */
  renumber(from: number, rowNow: Uint32Array): void {
    const table = this.#table;
    for (let row = from; row < table.size; row++) {
      const id = table.id(row);
      if (id === 0 || table.dir(row) === 0) continue;
      // The send of an id stands for it; where there is none, its first receive.
      if (table.dir(row) === SEND || table.partner(row) < 0) this.#rows.set(id, row);
    }
    this.#queues.renumber(from, rowNow);
    this.#clocks.renumber(from, rowNow);
  }

  clear(): void {
    this.#rows.clear();
    this.#queues.clear();
    this.#clocks.clear();
  }

  #linkId(id: number, dir: number, row: number): void {
    const known = this.#rows.get(id);
    if (known < 0) {
      this.#rows.set(id, row);
      return;
    }
    const knownDir = this.#table.dir(known);
    if (dir === SEND) {
      // The receive came first: clocks of two files disagree, or the file was cut.
      if (knownDir !== SEND) this.#join(row, known);
      this.#rows.set(id, row);
    } else if (knownDir === SEND) this.#join(known, row);
  }

  /** A message may be received twice, or be lost after it was received once: the send points to the first receive. */
  #join(send: number, end: number): void {
    this.#table.setPartner(end, send);
    const before = this.#table.partner(send);
    if (before < 0 || (this.#table.dir(before) === DROP && this.#table.dir(end) === RECV)) this.#table.setPartner(send, end);
  }

  #markHeartbeatReply(request: number, row: number): void {
    const requestRow = request > 0 ? this.#rows.get(request) : -1;
    if (requestRow >= 0 && (this.#table.flags(requestRow) & FLAG_HEARTBEAT) !== 0) this.#table.addFlag(row, FLAG_HEARTBEAT);
  }

  #linkKeys(keys: readonly (string | undefined)[], rows: number, firstRow: number): void {
    for (let i = 0; i < rows; i++) {
      const key = keys[i];
      if (key === undefined) continue;
      const row = firstRow + i;
      const dir = this.#table.dir(row);
      const other = this.#queues.match(key, dir === SEND, row);
      const send = dir === SEND ? row : other;
      if (send >= 0) this.#identify(row, send);
      if (other < 0) continue;
      this.#identify(other, send);
      this.#join(send, dir === SEND ? other : row);
    }
  }

  /** Gives both ends of a message without an id the one that their send's row makes. */
  #identify(row: number, send: number): void {
    this.#table.setMessage(row, this.#table.dir(row), this.#table.src(row), this.#table.dst(row), send + 1);
  }
}
