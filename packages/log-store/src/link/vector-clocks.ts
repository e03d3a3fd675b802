import { RECV, SEND } from '../columns/codes.ts';
import type { Table } from '../columns/table.ts';

type VectorClock = ReadonlyMap<string, number>;

interface Stamp {
  readonly row: number;
  readonly clock: VectorClock;
}

/**
 * Finds the messages of a log with vector clocks (ShiViz): where the component of another host has risen since the host's
 * last event, a message from that event of the other host has been received.
 */
export class VectorClocks {
  readonly #table: Table;
  readonly #stamps = new Map<string, Stamp>();
  readonly #last = new Map<string, VectorClock>();
  /** Receives whose send has not been read yet: files and lines come in any order. */
  readonly #waiting = new Map<string, number[]>();

  constructor(table: Table) {
    this.#table = table;
  }

  append(clocks: readonly (string | undefined)[], firstRow: number): void {
    clocks.forEach((text, i) => {
      if (text !== undefined) this.#add(firstRow + i, clockOf(text));
    });
  }

  renumber(from: number, rowNow: Uint32Array): void {
    const now = (row: number) => (row < from ? row : (rowNow[row - from] ?? row));
    for (const [name, { row, clock }] of this.#stamps) this.#stamps.set(name, { row: now(row), clock });
    for (const [name, rows] of this.#waiting) this.#waiting.set(name, rows.map(now));
  }

  clear(): void {
    this.#stamps.clear();
    this.#last.clear();
    this.#waiting.clear();
  }

  #add(row: number, clock: VectorClock): void {
    const host = this.#table.names.nameOf(this.#table.node(row));
    const stamp = stampName(host, clock.get(host) ?? 0);
    this.#stamps.set(stamp, { row, clock });
    for (const waiting of this.#waiting.get(stamp) ?? []) this.#join(row, waiting);
    this.#waiting.delete(stamp);
    const sender = this.#senderOf(host, clock);
    this.#last.set(host, clock);
    if (sender === undefined) return;
    const send = this.#stamps.get(sender);
    if (send !== undefined) this.#join(send.row, row);
    else this.#waiting.set(sender, [...(this.#waiting.get(sender) ?? []), row]);
  }

  /** Of the components that have risen, the one whose own clock explains the others; the greatest step if none is known. */
  #senderOf(host: string, clock: VectorClock): string | undefined {
    const before = this.#last.get(host);
    const risen = [...clock].filter(([other, count]) => other !== host && count > (before?.get(other) ?? 0));
    const explaining = risen.find(([other, count]) => {
      const send = this.#stamps.get(stampName(other, count));
      return send !== undefined && risen.every(([name, value]) => (send.clock.get(name) ?? 0) >= value);
    });
    const chosen = explaining ?? risen[0];
    return chosen === undefined ? undefined : stampName(chosen[0], chosen[1]);
  }

  #join(send: number, receive: number): void {
    const table = this.#table;
    const src = table.node(send);
    const dst = table.node(receive);
    if (table.dir(receive) === 0) table.setMessage(receive, RECV, src, dst, send + 1);
    table.setLink('partner', receive, send);
    if (table.partner(send) >= 0) return;
    if (table.dir(send) === 0) table.setMessage(send, SEND, src, dst, send + 1);
    table.setLink('partner', send, receive);
  }
}

function stampName(host: string, count: number): string {
  return `${count} ${host}`;
}

/** `{"S1":3,"S2":1}` as a map. The format has already made sure that it is an object of numbers. */
function clockOf(text: string): VectorClock {
  const parsed: unknown = JSON.parse(text);
  const entries = typeof parsed === 'object' && parsed !== null ? Object.entries(parsed) : [];
  return new Map(entries.filter((entry): entry is [string, number] => typeof entry[1] === 'number'));
}
