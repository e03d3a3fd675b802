import type { Event } from '@raftlens/events';
import { codeOfOpcode, FLAG_STATE } from '../columns/codes.ts';
import { PAGE_BITS, PAGE_MASK } from '../columns/layout.ts';
import type { Table } from '../columns/table.ts';
import type { PeerState } from '../log-store.ts';

const CRASH = codeOfOpcode('Crash');

/** Rows between two checkpoints: so few are looked at one by one. */
const BLOCK_BITS = 12;
const BLOCK_ROWS = 1 << BLOCK_BITS;

interface Crash {
  readonly row: number;
  /** Who was crashed. */
  readonly node: number;
}

/** What a stretch of rows tells: the last row of each server that says its state, and the crashes. */
interface Block {
  readonly lastRows: ReadonlyMap<number, number>;
  readonly crashes: readonly Crash[];
}

/**
 * The state of every server at any row. Each line of a server carries its whole state, so the state is that of its last line
 * up to the row: looked for in the row's block, then backwards in the blocks before, which are kept.
 */
export class StateReader {
  readonly #table: Table;
  readonly #eventAt: (row: number) => Event | null;
  readonly #blocks: Block[] = [];
  #cut: { readonly row: number; readonly block: Block } | null = null;
  /** The last row of each node in the block that is scanned; -1 everywhere between two scans. */
  #lastRows = new Int32Array(0);

  constructor(table: Table, eventAt: (row: number) => Event | null) {
    this.#table = table;
    this.#eventAt = eventAt;
  }

  /** Forgets what rows from `row` on looked like. */
  forgetFrom(row: number): void {
    this.#blocks.length = Math.min(this.#blocks.length, row >>> BLOCK_BITS);
    this.#cut = null;
  }

  stateAt(row: number): ReadonlyMap<string, PeerState> {
    const found = new Map<number, number>();
    for (let block = row >>> BLOCK_BITS; block >= 0; block--) {
      for (const [node, last] of this.#block(block, row).lastRows) if (!found.has(node)) found.set(node, last);
    }
    const crashes = this.#crashesSince(found.values(), row);
    const states = Array.from(found, ([node, last]) => this.#stateOf(node, last, crashes));
    states.sort((a, b) => compareNames(a.node, b.node));
    return new Map(states.map((state) => [state.node, state]));
  }

  /** The state of one server, or null where it has told none yet. */
  stateOf(row: number, name: string): PeerState | null {
    const node = this.#table.names.find(name);
    for (let block = row >>> BLOCK_BITS; block >= 0; block--) {
      const last = this.#block(block, row).lastRows.get(node);
      if (last !== undefined) return this.#stateOf(node, last, this.#crashesSince([last], row));
    }
    return null;
  }

  /** The state of a server, which it told at row `last`. */
  #stateOf(node: number, last: number, crashes: ReadonlyMap<number, number>): PeerState {
    const event = this.#eventAt(last);
    return {
      node: this.#table.names.nameOf(node),
      alive: (crashes.get(node) ?? -1) < last,
      boot: event?.boot ?? 1,
      term: event?.term ?? null,
      role: event?.role ?? null,
      vote: event?.vote ?? null,
      commit: event?.commit ?? null,
      applied: event?.applied ?? null,
      last: event?.last ?? null,
      lastTerm: event?.lastTerm ?? null,
      row: last,
    };
  }

  /** The last crash of each server up to a row, of those crashes that may be younger than one of the given rows. */
  #crashesSince(rows: Iterable<number>, row: number): ReadonlyMap<number, number> {
    let first = row;
    for (const told of rows) first = Math.min(first, told);
    const crashes = new Map<number, number>();
    for (let block = first >>> BLOCK_BITS; block <= row >>> BLOCK_BITS; block++) {
      for (const crash of this.#block(block, row).crashes) crashes.set(crash.node, crash.row);
    }
    return crashes;
  }

  /** A block as far as the row. The one that a row cuts is kept until another row is asked for. */
  #block(block: number, row: number): Block {
    const first = block * BLOCK_ROWS;
    if (row >= first + BLOCK_ROWS - 1) return (this.#blocks[block] ??= this.#scan(first, first + BLOCK_ROWS - 1));
    if (this.#cut?.row !== row) this.#cut = { row, block: this.#scan(first, row) };
    return this.#cut.block;
  }

  /** The rows from `first` to `last`, which stand in one page. */
  #scan(first: number, last: number): Block {
    const page = this.#table.pages[first >>> PAGE_BITS];
    const crashes: Crash[] = [];
    const lastRows = new Map<number, number>();
    if (page === undefined) return { lastRows, crashes };
    const { flags, node, op } = page;
    const rows = this.#rowOfEachName();
    const nodes: number[] = [];
    for (let i = first & PAGE_MASK, end = last & PAGE_MASK; i <= end; i++) {
      if (op[i] === CRASH) crashes.push(...this.#crashAt(page.start + i));
      if (((flags[i] ?? 0) & FLAG_STATE) === 0) continue;
      const speaker = node[i] ?? 0;
      if (rows[speaker] === -1) nodes.push(speaker);
      rows[speaker] = page.start + i;
    }
    for (const speaker of nodes) {
      lastRows.set(speaker, rows[speaker] ?? first);
      rows[speaker] = -1;
    }
    return { lastRows, crashes };
  }

  #rowOfEachName(): Int32Array {
    const { size } = this.#table.names;
    if (this.#lastRows.length < size) this.#lastRows = new Int32Array(size * 2).fill(-1);
    return this.#lastRows;
  }

  #crashAt(row: number): Crash[] {
    const target = this.#eventAt(row)?.target;
    const node = target === undefined ? -1 : this.#table.names.find(target);
    return node < 0 ? [] : [{ row, node }];
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
