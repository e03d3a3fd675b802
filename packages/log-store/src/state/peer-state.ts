import type { Event } from '@raftlens/events';
import { codeOfOpcode, FLAG_STATE } from '../columns/codes.ts';
import { PAGE_BITS, PAGE_MASK } from '../columns/layout.ts';
import type { Page } from '../columns/page.ts';
import type { Table } from '../columns/table.ts';
import type { PeerState } from '../log-store.ts';

const CRASH = codeOfOpcode('Crash');

/** The last row of each server within one page, and the crashes of the page, as they stand at its end. */
interface Checkpoint {
  readonly lastRows: ReadonlyMap<number, number>;
  readonly crashes: readonly number[];
}

/**
 * The state of every server at any row. Each line of a server carries its whole state, so the state is that of its last line
 * up to the row: looked for backwards in the row's page, then in the checkpoints of the pages before.
 */
export class StateReader {
  readonly #table: Table;
  readonly #eventAt: (row: number) => Event | null;
  readonly #checkpoints: Checkpoint[] = [];

  constructor(table: Table, eventAt: (row: number) => Event | null) {
    this.#table = table;
    this.#eventAt = eventAt;
  }

  /** Forgets what rows from `row` on looked like. */
  forgetFrom(row: number): void {
    this.#checkpoints.length = Math.min(this.#checkpoints.length, row >>> PAGE_BITS);
  }

  stateAt(row: number): ReadonlyMap<string, PeerState> {
    const found = this.#lastRows(row);
    const crashed = this.#crashedAt(row, found);
    const states = [...found].map(([node, at]) => this.#stateOf(node, at, crashed));
    states.sort((a, b) => compareNames(a.node, b.node));
    return new Map(states.map((state) => [state.node, state]));
  }

  #stateOf(node: number, row: number, crashed: ReadonlySet<string>): PeerState {
    const name = this.#table.names.nameOf(node);
    const event = this.#eventAt(row);
    return {
      node: name,
      alive: !crashed.has(name),
      boot: event?.boot ?? 1,
      term: event?.term ?? null,
      role: event?.role ?? null,
      vote: event?.vote ?? null,
      commit: event?.commit ?? null,
      applied: event?.applied ?? null,
      last: event?.last ?? null,
      lastTerm: event?.lastTerm ?? null,
      row,
    };
  }

  /** The last row with state of each server, up to `row`. */
  #lastRows(row: number): Map<number, number> {
    const found = new Map<number, number>();
    const page = this.#table.pages[row >>> PAGE_BITS];
    if (page === undefined) return found;
    collectBackwards(page, row & PAGE_MASK, found);
    for (let at = (row >>> PAGE_BITS) - 1; at >= 0; at--) {
      for (const [node, last] of this.#checkpoint(at).lastRows) if (!found.has(node)) found.set(node, last);
    }
    return found;
  }

  /** Servers whose last Crash is younger than their last own line. */
  #crashedAt(row: number, found: ReadonlyMap<number, number>): ReadonlySet<string> {
    const crashed = new Set<string>();
    for (const at of this.#crashesUpTo(row)) {
      const target = this.#eventAt(at)?.target;
      if (target === undefined) continue;
      const last = found.get(this.#table.names.find(target)) ?? -1;
      if (last < at) crashed.add(target);
    }
    return crashed;
  }

  *#crashesUpTo(row: number): Generator<number> {
    const lastPage = row >>> PAGE_BITS;
    for (let at = 0; at < lastPage; at++) yield* this.#checkpoint(at).crashes;
    const page = this.#table.pages[lastPage];
    for (let i = 0; page !== undefined && i <= (row & PAGE_MASK); i++) if (page.op[i] === CRASH) yield page.start + i;
  }

  #checkpoint(at: number): Checkpoint {
    const known = this.#checkpoints[at];
    if (known !== undefined) return known;
    const page = this.#table.pages[at];
    const lastRows = new Map<number, number>();
    const crashes: number[] = [];
    if (page !== undefined) {
      collectBackwards(page, page.count - 1, lastRows);
      for (let i = 0; i < page.count; i++) if (page.op[i] === CRASH) crashes.push(page.start + i);
    }
    const checkpoint = { lastRows, crashes };
    this.#checkpoints[at] = checkpoint;
    return checkpoint;
  }
}

function collectBackwards(page: Page, from: number, found: Map<number, number>): void {
  for (let i = from; i >= 0; i--) {
    if (((page.flags[i] ?? 0) & FLAG_STATE) === 0) continue;
    const node = page.node[i] ?? 0;
    if (!found.has(node)) found.set(node, page.start + i);
  }
}

/** Natural order: S2 before S10. */
export function compareNames(a: string, b: string): number {
  const pattern = /^(\D*)(\d*)(.*)$/s;
  const [, textA = '', digitsA = '', restA = ''] = pattern.exec(a) ?? [];
  const [, textB = '', digitsB = '', restB = ''] = pattern.exec(b) ?? [];
  if (textA !== textB) return textA < textB ? -1 : 1;
  const difference = Number(digitsA) - Number(digitsB);
  if (difference !== 0) return difference;
  return restA === restB ? 0 : restA < restB ? -1 : 1;
}
