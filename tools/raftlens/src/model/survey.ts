import { ABSENT, type Columns, FLAG_STATE, OPCODE_CODES, ROLES } from '@raftlens/log-store';

/** A server's role and term from a row on. Role codes are those of the log store's ROLES; CRASHED stands for a dead server. */
export interface RoleSpan {
  readonly row: number;
  readonly role: number;
  readonly term: number;
}

export const CRASHED = 255;

/** An election won: from `row` on the node leads in the term, as far as it knows. */
export interface Reign {
  readonly row: number;
  readonly node: number;
  readonly term: number;
}

const BECOME_LEADER = OPCODE_CODES.indexOf('BecomeLeader');
const CRASH = OPCODE_CODES.indexOf('Crash');
const TEST_END = OPCODE_CODES.indexOf('TestEnd');
const NO_ROLE = 0;

/** What a step says of the role, by the code of its opcode: for logs whose lines do not carry the state. */
const ROLE_OF_STEP: readonly number[] = OPCODE_CODES.map((op) => {
  switch (op) {
    case 'BecomeFollower':
      return ROLES.indexOf('follower');
    case 'BecomePreCandidate':
      return ROLES.indexOf('precandidate');
    case 'BecomeCandidate':
      return ROLES.indexOf('candidate');
    case 'BecomeLeader':
      return ROLES.indexOf('leader');
    default:
      return NO_ROLE;
  }
});

/** Tells whom a Crash line killed; asked for the few Crash lines only, because it must read the line. */
export type CrashTarget = (row: number) => number;

/**
 * What one pass over all rows teaches about the whole run: who had which role when, and who led in which term. It keeps
 * only the changes, so its size follows the elections, not the rows; and it goes on where it stopped when the log grew.
 */
export class Survey {
  readonly #columns: Columns;
  readonly #crashTarget: CrashTarget;
  readonly #roles = new Map<number, RoleSpan[]>();
  readonly reigns: Reign[] = [];
  /** The row of the last TestEnd, -1 where there is none. */
  testEnd = -1;
  #scanned = 0;

  constructor(columns: Columns, crashTarget: CrashTarget) {
    this.#columns = columns;
    this.#crashTarget = crashTarget;
  }

  get scanned(): number {
    return this.#scanned;
  }

  /** Looks at the rows up to `end`. */
  extend(end: number): void {
    const columns = this.#columns;
    for (let row = this.#scanned; row < end; row += 1) {
      const op = columns.op(row);
      const role = columns.role(row) || (ROLE_OF_STEP[op] ?? NO_ROLE);
      if (role !== NO_ROLE || (columns.flags(row) & FLAG_STATE) !== 0) this.#note(columns.node(row), row, role, columns.term(row));
      if (op === BECOME_LEADER) this.reigns.push({ row, node: columns.node(row), term: columns.term(row) });
      else if (op === CRASH) this.#noteCrash(row);
      else if (op === TEST_END) this.testEnd = row;
    }
    this.#scanned = Math.max(this.#scanned, end);
  }

  /** Whether any line tells a role: without one there is nothing of Raft to be drawn, or checked. */
  get knowsRoles(): boolean {
    return this.#roles.size > 0;
  }

  /** The node's role and term once the event of `row` has happened; undefined before its first line. */
  roleAt(node: number, row: number): RoleSpan | undefined {
    const spans = this.#roles.get(node);
    if (spans === undefined) return undefined;
    let low = 0;
    let high = spans.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((spans[middle]?.row ?? 0) <= row) low = middle + 1;
      else high = middle;
    }
    return spans[low - 1];
  }

  #noteCrash(row: number): void {
    const target = this.#crashTarget(row);
    const last = this.#roles.get(target)?.at(-1);
    if (last !== undefined) this.#note(target, row, CRASHED, last.term);
  }

  #note(node: number, row: number, role: number, term: number): void {
    const spans = this.#roles.get(node);
    const last = spans?.[spans.length - 1];
    const now = { row, role: role === NO_ROLE ? (last?.role ?? NO_ROLE) : role, term: term === ABSENT ? (last?.term ?? 0) : term };
    if (spans === undefined) this.#roles.set(node, [now]);
    else if (last === undefined || last.role !== now.role || last.term !== now.term) spans.push(now);
  }
}
