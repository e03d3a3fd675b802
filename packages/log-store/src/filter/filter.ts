import { type Columns } from '../columns/columns.ts';
import { PAGE_BITS, PAGE_ROWS } from '../columns/layout.ts';

import { FilterError, type FilterNode } from './ast.ts';
import { type Narrowing, narrowingOf } from './narrow.ts';
import { parseExpression } from './parser.ts';
import { type RowReader, RowTest } from './row-test.ts';

/** What a filter selects from: columns, and the lines behind them. */
export interface FilterTarget extends RowReader {
  readonly size: number;
  readonly columns: Columns;
}

/** A parsed expression; it can be applied to any log. */
export class Filter {
  readonly expression: string;
  readonly #node: FilterNode | null;

  constructor(expression: string) {
    this.expression = expression;
    this.#node = parseExpression(expression);
  }

  /** Makes the filter ready for one log. */
  on(target: FilterTarget): FilteredRows {
    return new FilteredRows(target, this.#node);
  }

  /** The rows in [fromRow, toRow) that the filter selects, in order. */
  select(target: FilterTarget, fromRow = 0, toRow: number = target.size): Uint32Array {
    return this.on(target).select(fromRow, toRow);
  }
}

/** A filter on a log. */
export class FilteredRows {
  readonly #target: FilterTarget;
  readonly #narrowing: Narrowing | null;
  readonly #mask = new Uint8Array(PAGE_ROWS);

  constructor(target: FilterTarget, node: FilterNode | null) {
    this.#target = target;
    this.#narrowing = node === null ? null : narrowingOf(node, target.columns.names, new RowTest(target));
  }

  /** True where no line has to be read. */
  get isCheap(): boolean {
    return this.#narrowing?.isCheap ?? true;
  }

  select(fromRow: number, toRow: number): Uint32Array {
    const end = Math.min(toRow, this.#target.size);
    const selected = new RowList();
    for (let row = Math.max(0, fromRow); row < end; ) {
      const page = this.#target.columns.pages[row >>> PAGE_BITS];
      if (page === undefined) break;
      const from = row - page.start;
      const to = Math.min(page.count, end - page.start);
      this.#mask.fill(1, from, to);
      this.#narrowing?.narrow({ page, from, to, mask: this.#mask });
      selected.addMask(this.#mask, from, to, page.start);
      row = page.start + to;
    }
    return selected.rows();
  }
}

/** A list of rows that grows. */
export class RowList {
  #rows = new Uint32Array(1024);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  addMask(mask: Uint8Array, from: number, to: number, start: number): void {
    this.#reserve(to - from);
    const rows = this.#rows;
    let count = this.#count;
    for (let i = from; i < to; i++) {
      // Written always, kept only when selected: no branch to mispredict.
      rows[count] = start + i;
      count += mask[i] ?? 0;
    }
    this.#count = count;
  }

  add(rows: Uint32Array): void {
    this.#reserve(rows.length);
    this.#rows.set(rows, this.#count);
    this.#count += rows.length;
  }

  rows(): Uint32Array {
    return this.#rows.slice(0, this.#count);
  }

  #reserve(more: number): void {
    if (this.#count + more < this.#rows.length) return;
    const rows = new Uint32Array(Math.max(this.#count + more + 1, this.#rows.length * 2));
    rows.set(this.#rows);
    this.#rows = rows;
  }
}

export type ParsedFilter = { readonly ok: true; readonly filter: Filter } | { readonly ok: false; readonly error: FilterError };

/** Parses without throwing, for editors that show the mistake while the user types. */
export function parseFilter(expression: string): ParsedFilter {
  try {
    return { ok: true, filter: new Filter(expression) };
  } catch (error) {
    if (error instanceof FilterError) return { ok: false, error };
    throw error;
  }
}
