import type { LinearPattern } from '@raftlens/patterns';
import { DROP, FLAG_HEARTBEAT, FLAG_UNMATCHED, OPCODE_CODES, SEND } from '../columns/codes.ts';
import type { Dictionary } from '../columns/dictionary.ts';
import { PAGE_ROWS } from '../columns/layout.ts';
import type { Page } from '../columns/page.ts';
import { COLUMNS, type ColumnCells, type ColumnOf, columnsOfKind, specOfColumn } from '../columns/schema.ts';
import type { Comparison, FilterNode, FilterWord, Operator } from './ast.ts';
import { numberOf } from './fields.ts';
import type { RowTest } from './row-test.ts';

const NUMBERS = columnsOfKind('number');
const NAMES = columnsOfKind('name');
const CODES = columnsOfKind('code');

/** The rows of a page that are looked at, and which of them are still candidates: 1 is one, 0 is none. */
export interface Candidates {
  readonly page: Page;
  readonly from: number;
  readonly to: number;
  readonly mask: Uint8Array;
}

/**
 * A filter made ready. The only operation is to narrow: candidates that the filter does not select become 0. Columns are
 * compared in tight loops over a page; lines are read only for rows that are still candidates.
 */
export interface Narrowing {
  /** True where only columns are read. */
  readonly isCheap: boolean;
  narrow(candidates: Candidates): void;
}

export function narrowingOf(node: FilterNode, names: Dictionary, rows: RowTest): Narrowing {
  switch (node.kind) {
    case 'and':
      return and(narrowingOf(node.left, names, rows), narrowingOf(node.right, names, rows));
    case 'or':
      return or(narrowingOf(node.left, names, rows), narrowingOf(node.right, names, rows));
    case 'not':
      return not(narrowingOf(node.operand, names, rows));
    case 'compare':
      return comparison(node, names) ?? byRow((row) => rows.compares(row, node));
    case 'pattern':
      return namePattern(node.field, node.pattern, names) ?? byRow((row) => rows.matches(row, node.field, node.pattern));
    case 'contains':
      return byRow((row) => rows.contains(row, node.text));
    case 'word':
      return word(node.word);
  }
}

function and(left: Narrowing, right: Narrowing): Narrowing {
  // What costs little goes first, so that fewer lines are read.
  const [first, second] = left.isCheap || !right.isCheap ? [left, right] : [right, left];
  return {
    isCheap: left.isCheap && right.isCheap,
    narrow(candidates): void {
      first.narrow(candidates);
      second.narrow(candidates);
    },
  };
}

function or(left: Narrowing, right: Narrowing): Narrowing {
  const [first, second] = left.isCheap || !right.isCheap ? [left, right] : [right, left];
  return {
    isCheap: left.isCheap && right.isCheap,
    narrow(candidates): void {
      const { from, to, mask } = candidates;
      const chosen = mask.slice();
      first.narrow({ ...candidates, mask: chosen });
      for (let i = from; i < to; i++) mask[i] = (mask[i] ?? 0) & ~(chosen[i] ?? 0);
      second.narrow(candidates);
      for (let i = from; i < to; i++) mask[i] = (mask[i] ?? 0) | (chosen[i] ?? 0);
    },
  };
}

function not(operand: Narrowing): Narrowing {
  return {
    isCheap: operand.isCheap,
    narrow(candidates): void {
      const { from, to, mask } = candidates;
      const chosen = mask.slice();
      operand.narrow({ ...candidates, mask: chosen });
      for (let i = from; i < to; i++) mask[i] = (mask[i] ?? 0) & ~(chosen[i] ?? 0);
    },
  };
}

function byRow(test: (row: number) => boolean): Narrowing {
  return {
    isCheap: false,
    narrow({ page, from, to, mask }): void {
      for (let i = from; i < to; i++) if (mask[i] !== 0 && !test(page.start + i)) mask[i] = 0;
    },
  };
}

function cheap(narrow: (candidates: Candidates) => void): Narrowing {
  return { isCheap: true, narrow };
}

/** A comparison of a column, or null for a field that stands in none. */
function comparison(node: Comparison, names: Dictionary): Narrowing | null {
  const { field, operator, values } = node;
  const isNegated = operator === '!=';
  const isOneOf = (name: string) => values.includes(name) !== isNegated;
  const numbers = values.map((value) => numberOf(field, value));
  if (field === 'row') return byPosition(operator, numbers);
  const spec = specOfColumn(field);
  if (spec?.kind === 'time') return numeric(timesOf, operator, numbers, spec.empty);
  const number = NUMBERS.find((name) => name === field);
  if (number !== undefined) return numeric((page) => page[number], operator, numbers, COLUMNS[number].empty);
  return named(field, isOneOf, names, isNegated);
}

function namePattern(field: string, pattern: LinearPattern, names: Dictionary): Narrowing | null {
  return named(field, (name) => name !== '' && pattern.test(name), names, false);
}

/** A test of a column of names or codes, by a table of the names that pass; null where the field stands in none. */
function named(field: string, passes: (name: string) => boolean, names: Dictionary, isNegated: boolean): Narrowing | null {
  const table = new NameTest(names, passes);
  if (field === 'peer') return cheap((candidates) => keepPeers(candidates, table.allowed(), isNegated));
  const name = NAMES.find((column) => column === field);
  if (name !== undefined) return cheap((candidates) => keep(candidates, candidates.page[name], table.allowed()));
  const code = CODES.find((column) => column === field);
  if (code === undefined) return null;
  return keepCodes(
    code,
    Uint8Array.from(COLUMNS[code].values, (value) => Number(passes(value ?? ''))),
  );
}

/** Which numbers of the dictionary pass a test. Names that come later are tested when they are first needed. */
class NameTest {
  readonly #names: Dictionary;
  readonly #passes: (name: string) => boolean;
  #allowed = new Uint8Array(0);

  constructor(names: Dictionary, passes: (name: string) => boolean) {
    this.#names = names;
    this.#passes = passes;
  }

  allowed(): Uint8Array {
    const size = this.#names.size;
    if (this.#allowed.length === size) return this.#allowed;
    const allowed = new Uint8Array(size);
    allowed.set(this.#allowed);
    for (let number = this.#allowed.length; number < size; number++) allowed[number] = Number(this.#passes(this.#names.nameOf(number)));
    this.#allowed = allowed;
    return allowed;
  }
}

function keep({ from, to, mask }: Candidates, column: ColumnCells, allowed: Uint8Array): void {
  for (let i = from; i < to; i++) mask[i] = (mask[i] ?? 0) & (allowed[column[i] ?? 0] ?? 0);
}

function keepCodes(column: ColumnOf<'code'>, allowed: Uint8Array): Narrowing {
  return cheap((candidates) => keep(candidates, candidates.page[column], allowed));
}

/** `peer=S1`: it speaks, sends or receives; `peer!=S1`: it does none of these. */
function keepPeers({ page, from, to, mask }: Candidates, allowed: Uint8Array, isNegated: boolean): void {
  const { node, src, dst } = page;
  for (let i = from; i < to; i++) {
    const [a, b, c] = [allowed[node[i] ?? 0] ?? 0, allowed[src[i] ?? 0] ?? 0, allowed[dst[i] ?? 0] ?? 0];
    mask[i] = (mask[i] ?? 0) & (isNegated ? a & b & c : a | b | c);
  }
}

/** The times of the page that is looked at: one array serves all pages. */
const timesMs = new Float64Array(PAGE_ROWS);

function timesOf(page: Page): Float64Array {
  for (let i = 0; i < page.count; i++) timesMs[i] = page.time.at(i);
  return timesMs;
}

/** Compares a column of numbers; rows that have none are selected by `!=` alone. */
function numeric(column: (page: Page) => ColumnCells, operator: Operator, values: readonly number[], absent: number): Narrowing {
  return cheap(({ page, from, to, mask }) => compareNumbers(column(page), from, to, mask, operator, values, absent));
}

function compareNumbers(
  column: ColumnCells,
  from: number,
  to: number,
  mask: Uint8Array,
  operator: Operator,
  values: readonly number[],
  absent: number,
): void {
  const value = values[0] ?? 0;
  const isEqual = operator === '=';
  if (isEqual || operator === '!=') {
    const wanted = values.filter((one) => one !== absent);
    for (let i = from; i < to; i++) if (wanted.includes(column[i] ?? 0) !== isEqual) mask[i] = 0;
    return;
  }
  // An interval serves all four; "absent" lies outside of each number column but 0, which the lower bound excludes.
  const low = operator === '>' || operator === '>=' ? value : Number.NEGATIVE_INFINITY;
  const high = operator === '<' || operator === '<=' ? value : Number.POSITIVE_INFINITY;
  const isOpen = operator === '>' || operator === '<';
  for (let i = from; i < to; i++) {
    const number = column[i] ?? 0;
    const isInside = isOpen ? number > low && number < high : number >= low && number <= high;
    if (!isInside || number === absent) mask[i] = 0;
  }
}

function byPosition(operator: Operator, values: readonly number[]): Narrowing {
  return cheap(({ page, from, to, mask }) => {
    const rows = Float64Array.from({ length: to }, (_, i) => page.start + i);
    compareNumbers(rows, from, to, mask, operator, values, Number.NaN);
  });
}

const ELECTION = Uint8Array.from(OPCODE_CODES, (op) =>
  Number(/^(Timeout|RequestVote|RequestVoteReply|PreVote|PreVoteReply|Vote|Become\w+|TimeoutNow)$/.test(op ?? '')),
);
function word(name: FilterWord): Narrowing {
  switch (name) {
    case 'heartbeat':
      return keepFlag(FLAG_HEARTBEAT);
    case 'unmatched':
      return keepFlag(FLAG_UNMATCHED);
    case 'message':
      return cheap(({ page, from, to, mask }) => {
        for (let i = from; i < to; i++) if (page.dir[i] === 0) mask[i] = 0;
      });
    case 'step':
      return cheap(({ page, from, to, mask }) => {
        for (let i = from; i < to; i++) if (page.dir[i] !== 0 || page.op[i] === 0) mask[i] = 0;
      });
    case 'lost':
      return cheap(({ page, from, to, mask }) => {
        for (let i = from; i < to; i++) if (page.dir[i] !== DROP && !(page.dir[i] === SEND && page.partner[i] === -1)) mask[i] = 0;
      });
    case 'election':
      return keepCodes('op', ELECTION);
  }
}

function keepFlag(flag: number): Narrowing {
  return cheap(({ page, from, to, mask }) => {
    for (let i = from; i < to; i++) if (((page.flags[i] ?? 0) & flag) === 0) mask[i] = 0;
  });
}
