import type { Chunk } from '../columns/chunk.ts';
import { codeOfOpcode, DROP, FLAG_HEARTBEAT, OPCODE_CODES, RECV, SEND } from '../columns/codes.ts';
import type { Table } from '../columns/table.ts';
import { invariant } from '../error.ts';
import { IdRows } from './id-rows.ts';
import { KeyQueues } from './key-queues.ts';
import { VectorClocks } from './vector-clocks.ts';

const APPEND_ENTRIES_REPLY = codeOfOpcode('AppendEntriesReply');
/** By the code of a request, that of its reply; 0 for other opcodes. */
const REPLY_OF = OPCODE_CODES.map((op) => (op === null ? 0 : codeOfOpcode(`${op}Reply`)));
/** So many replies wait for their requests: those of a log that has no requests at all are not kept. */
const WAITING_MAX = 1 << 16;

/**
 * Finds the other end of every message and the reply to every request, in rows as they come. Native logs pair by id; formats without ids pair what
 * looks the same (`keys`), or by vector clocks.
 */
export class Linker {
  readonly #table: Table;
  /** The row of the send (until it is there, of the first receive) of each id. */
  readonly #rows = new IdRows();
  readonly #queues: KeyQueues;
  readonly #clocks: VectorClocks;
  /** The first send of a reply to each request that is not there yet: of several files the replies may be read first. */
  readonly #replies = new Map<number, number>();

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
      const request = re[i] ?? 0;
      if (request > 0) this.#linkReply(request, op[i] ?? 0, kind, firstRow + i);
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
    for (const [request, row] of this.#replies) if (row >= from) this.#replies.set(request, rowNow[row - from] ?? row);
    this.#queues.renumber(from, rowNow);
    this.#clocks.renumber(from, rowNow);
  }

  clear(): void {
    this.#rows.clear();
    this.#replies.clear();
    this.#queues.clear();
    this.#clocks.clear();
  }

  #linkId(id: number, dir: number, row: number): void {
    const known = this.#rows.get(id);
    if (known < 0) {
      this.#rows.set(id, row);
      if (this.#replies.size > 0) this.#linkWaitingReply(id, row);
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
    this.#table.setLink('partner', end, send);
    const before = this.#table.partner(send);
    if (before < 0 || (this.#table.dir(before) === DROP && this.#table.dir(end) === RECV)) this.#table.setLink('partner', send, end);
  }

  #linkReply(request: number, op: number, dir: number, row: number): void {
    const table = this.#table;
    const requestRow = this.#rows.get(request);
    if (requestRow < 0) {
      if (dir === SEND && this.#replies.size < WAITING_MAX && !this.#replies.has(request)) this.#replies.set(request, row);
      return;
    }
    table.setLink('answer', row, requestRow);
    if (op === APPEND_ENTRIES_REPLY && (table.flags(requestRow) & FLAG_HEARTBEAT) !== 0) table.addFlag(row, FLAG_HEARTBEAT);
    const isReply = dir === SEND && op === REPLY_OF[table.op(requestRow)] && table.src(row) === table.dst(requestRow);
    if (isReply && table.answer(requestRow) < 0) table.setLink('answer', requestRow, row);
  }

  #linkWaitingReply(request: number, requestRow: number): void {
    const row = this.#replies.get(request);
    if (row === undefined) return;
    this.#replies.delete(request);
    this.#linkReply(request, this.#table.op(row), SEND, row);
    invariant(this.#table.answer(row) === requestRow, 'a reply that waited for another request');
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
