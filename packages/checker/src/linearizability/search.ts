import type { Operation } from './history.ts';
import type { Model } from './model.ts';

export type Verdict = 'legal' | 'illegal' | 'unknown';

/** How much may be spent. Without a limit a hard history may take for ever: deciding it is NP-complete. */
export interface Budget {
  /** Steps of the model at most; 5,000,000 unless given. */
  readonly stepsMax?: number;
  /** Asked now and then; true ends the search as unknown. For a limit in time, which only the caller can measure. */
  readonly expired?: () => boolean;
}

export interface SearchResult {
  readonly verdict: Verdict;
  readonly steps: number;
}

/** A call or an end in the order of time; a doubly linked list, from which a linearized operation is lifted in constant time. */
interface Node {
  readonly operation: number;
  /** The node of the operation's end; null in an end, and in the call of an operation that has none. */
  readonly end: Node | null;
  readonly isCall: boolean;
  before: Node | null;
  after: Node | null;
}

interface Taken {
  readonly node: Node;
  readonly state: string;
  /** A read that fits: whatever comes later, nothing is lost by placing it now, so that no other place is tried. */
  readonly settled: boolean;
}

const STEPS_MAX = 5_000_000;
const STEPS_PER_QUESTION = 4096;

/**
 * Looks for an order of the operations that respects time and that the model allows: Wing and Gong's search with Lowe's memory of
 * configurations (which operations are placed, and in what state) that have led nowhere. Operations of unknown outcome may be placed or not.
 */
export function search(model: Model, operations: readonly Operation[], budget: Budget = {}): SearchResult {
  const head = listOf(operations);
  const stepsMax = budget.stepsMax ?? STEPS_MAX;
  const tried = new Tried(operations.length);
  const taken: Taken[] = [];
  let left = operations.reduce((count, operation) => count + (operation.output === null ? 0 : 1), 0);
  let state = model.initial;
  let steps = 0;
  let node = head.after;
  while (left > 0) {
    if (node !== null && node.isCall) {
      const operation = operations[node.operation];
      steps += 1;
      if (steps > stepsMax || (steps % STEPS_PER_QUESTION === 0 && budget.expired?.() === true)) return { verdict: 'unknown', steps };
      const next = operation === undefined ? null : model.step(state, operation);
      if (operation !== undefined && next !== null && tried.add(node.operation, next)) {
        taken.push({ node, state, settled: next === state && model.readsOnly(operation) });
        state = next;
        lift(node);
        if (operation.output !== null) left -= 1;
        node = head.after;
      } else node = node.after;
      continue;
    }
    // An operation has ended that is not placed, or there is nothing left to place: the last one placed stands wrong.
    const last = taken.pop();
    if (last === undefined) return { verdict: 'illegal', steps };
    tried.remove(last.node.operation);
    state = last.state;
    unlift(last.node);
    if (last.node.end !== null) left += 1;
    // Null sends the search further back, as does an end.
    node = last.settled ? null : last.node.after;
  }
  return { verdict: 'legal', steps };
}

function listOf(operations: readonly Operation[]): Node {
  const moments: { readonly at: number; readonly node: Node }[] = [];
  for (const [operation, { call, end, output }] of operations.entries()) {
    const ending: Node | null = output === null ? null : { operation, end: null, isCall: false, before: null, after: null };
    moments.push({ at: call, node: { operation, end: ending, isCall: true, before: null, after: null } });
    if (ending !== null) moments.push({ at: end, node: ending });
  }
  moments.sort((a, b) => a.at - b.at);
  const head: Node = { operation: -1, end: null, isCall: false, before: null, after: null };
  let last = head;
  for (const { node } of moments) {
    last.after = node;
    node.before = last;
    last = node;
  }
  return head;
}

function lift(node: Node): void {
  unlink(node);
  if (node.end !== null) unlink(node.end);
}

function unlift(node: Node): void {
  if (node.end !== null) relink(node.end);
  relink(node);
}

function unlink(node: Node): void {
  if (node.before !== null) node.before.after = node.after;
  if (node.after !== null) node.after.before = node.before;
}

function relink(node: Node): void {
  if (node.before !== null) node.before.after = node;
  if (node.after !== null) node.after.before = node;
}

/** The configurations that were entered: a set of placed operations and a state. */
class Tried {
  readonly #placed: Uint32Array;
  #hash = 0;
  readonly #seen = new Map<number, { readonly placed: Uint32Array; readonly state: string }[]>();

  constructor(operations: number) {
    this.#placed = new Uint32Array(Math.ceil(operations / 32));
  }

  /** Places the operation; false, and nothing placed, when that gives a configuration that was entered before. */
  add(operation: number, state: string): boolean {
    this.#flip(operation);
    const found = this.#seen.get(this.#hash);
    if (found === undefined) this.#seen.set(this.#hash, [{ placed: this.#placed.slice(), state }]);
    else if (found.some((other) => other.state === state && this.#same(other.placed))) {
      this.#flip(operation);
      return false;
    } else found.push({ placed: this.#placed.slice(), state });
    return true;
  }

  remove(operation: number): void {
    this.#flip(operation);
  }

  #flip(operation: number): void {
    const word = operation >>> 5;
    this.#placed[word] = (this.#placed[word] ?? 0) ^ (1 << (operation & 31));
    this.#hash ^= mix(operation);
  }

  #same(other: Uint32Array): boolean {
    for (let word = 0; word < other.length; word += 1) if (other[word] !== this.#placed[word]) return false;
    return true;
  }
}

function mix(operation: number): number {
  let hash = Math.imul(operation + 1, 0x9e3779b1);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x85ebca77);
  return hash ^ (hash >>> 13);
}
