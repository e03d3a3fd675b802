import { Configurations } from './configurations.ts';
import type { Operation } from './history.ts';
import { type Horizon, horizonOf, LOST } from './horizon.ts';
import type { SequentialModel } from './sequential-models.ts';

export type SearchVerdict = 'legal' | 'illegal' | 'unknown';

/** One operation that was placed, what the state was before, and whether it stands where nothing is lost by it. */
interface Placed {
  readonly operation: number;
  readonly stateBefore: string;
  readonly settled: boolean;
}

const NONE = -1;

/**
 * Looks for an order of the operations that respects time and that the model allows: Wing and Gong's search with Lowe's memory of
 * configurations that have led nowhere. It can be left at any step and taken up again (`advance`).
 *
 * Five things make it short, and none changes the verdict:
 * - An operation that changes nothing and fits the state is placed at once: in every order that explains the rest it can be moved forward to here.
 * - An operation of unknown outcome is placed only where it changes the state, and where what is placed next would not come out the same without it.
 * - Of operations of unknown outcome that are alike, the one that was called first is placed first.
 * - Operations of unknown outcome are tried after those that have ended.
 * - States that no answer of the history can tell apart count as one (`Horizon`).
 */
export class Search {
  readonly #model: SequentialModel;
  readonly #operations: readonly Operation[];
  readonly #entered: Configurations;
  readonly #horizon: Horizon;
  /** The number of each operation among those that ended, or among those of unknown outcome. */
  readonly #number: Int32Array;
  /** The operations of unknown outcome, by their calls. */
  readonly #unknown: readonly number[];
  /** For each operation of unknown outcome one that is alike and was called before it, or NONE. */
  readonly #twin: Int32Array;
  /** Calls and ends of unplaced operations in the order of time: calls are 0 to n - 1, ends n to 2n - 1, the head is 2n. */
  readonly #after: Int32Array;
  readonly #before: Int32Array;
  readonly #head: number;
  readonly #placed: Placed[] = [];
  #left: number;
  /** How many of those change nothing. */
  #readsLeft = 0;
  #hasForeseen = false;
  #state: string;
  /** The candidate to try next: a node of the list, or NONE when those that ended are through. */
  #node: number;
  /** The operation of unknown outcome to try next, as an index in #unknown. */
  #nextUnknown = 0;
  /** True in a configuration that was just entered. */
  #isNew = true;
  #steps = 0;
  #verdict: SearchVerdict = 'unknown';
  /** The latest end that some order reached without being able to pass it. */
  #wall = NONE;

  /** The operations stand in the order of their calls. */
  constructor(model: SequentialModel, operations: readonly Operation[]) {
    this.#model = model;
    this.#operations = operations;
    const count = operations.length;
    this.#head = 2 * count;
    this.#after = new Int32Array(2 * count + 1).fill(NONE);
    this.#before = new Int32Array(2 * count + 1).fill(NONE);
    this.#number = new Int32Array(count);
    this.#twin = new Int32Array(count).fill(NONE);
    const unknown: number[] = [];
    let ended = 0;
    for (const [index, operation] of operations.entries()) {
      if (isUnknown(operation)) {
        this.#number[index] = unknown.length;
        unknown.push(index);
      } else {
        this.#number[index] = ended;
        ended += 1;
        if (changesNothing(model, operation)) this.#readsLeft += 1;
      }
    }
    this.#unknown = unknown;
    this.#left = ended;
    this.#entered = new Configurations(ended, unknown.length);
    this.#horizon = horizonOf(model, operations);
    this.#state = this.#horizon.reduce(model.initial);
    this.#linkTwins();
    this.#linkTimes();
    this.#node = this.#after[this.#head] ?? NONE;
    if (this.#left === 0) this.#verdict = 'legal';
  }

  get verdict(): SearchVerdict {
    return this.#verdict;
  }

  /** How often the model was asked. */
  get steps(): number {
    return this.#steps;
  }

  get bytes(): number {
    return this.#entered.bytes;
  }

  /**
   * The operation at whose end the history became impossible: what ended before it can be explained. Only once the verdict is illegal;
   * undefined where an answer that came later was what ended the search.
   */
  get wall(): Operation | undefined {
    return this.#hasForeseen ? undefined : this.#operations[this.#wall];
  }

  /** Goes on for so many steps; gives the verdict, 'unknown' as long as there is none. */
  advance(steps: number): SearchVerdict {
    const until = this.#steps + steps;
    while (this.#verdict === 'unknown' && this.#steps < until) {
      if (this.#isNew) {
        this.#isNew = false;
        if (this.#settle()) continue;
      }
      this.#tryNext();
    }
    return this.#verdict;
  }

  /** Places an operation that changes nothing, if one fits. */
  #settle(): boolean {
    const ends = this.#head / 2;
    for (let node = this.#after[this.#head] ?? NONE; node !== NONE && node < ends; node = this.#after[node] ?? NONE) {
      const operation = this.#operations[node];
      if (operation === undefined || !changesNothing(this.#model, operation)) continue;
      this.#steps += 1;
      if (this.#model.step(this.#state, operation) !== this.#state) continue;
      // This configuration differs from the one before by nothing that matters: only a change of state has to be remembered.
      this.#place(node, this.#state, true);
      return true;
    }
    return false;
  }

  #tryNext(): void {
    const candidate = this.#candidate();
    if (candidate === NONE) {
      this.#takeBack();
      return;
    }
    const operation = this.#operations[candidate];
    if (operation === undefined) throw new RangeError('a candidate is one of the operations');
    this.#steps += 1;
    const next = this.#step(this.#state, operation);
    if (next === null || this.#isVain(operation, next)) return;
    if (next === LOST && !this.#horizon.canRecover && this.#readsLeft > 0) {
      this.#hasForeseen = true;
      return;
    }
    this.#mark(candidate, operation);
    if (this.#entered.enter(next)) {
      this.#unmark(candidate, operation);
      this.#place(candidate, next, false);
    } else this.#unmark(candidate, operation);
  }

  /** The next operation that may be placed here, and moves on; NONE when all were tried. */
  #candidate(): number {
    const ends = this.#head / 2;
    if (this.#node !== NONE) {
      const node = this.#node;
      if (node < ends) {
        this.#node = this.#after[node] ?? NONE;
        return node;
      }
      // An operation has ended here that is not placed: no later call can come before it.
      if (this.#wall === NONE || this.#endOf(node - ends) > this.#endOf(this.#wall)) this.#wall = node - ends;
      this.#node = NONE;
    }
    const deadline = this.#firstEnd();
    while (this.#nextUnknown < this.#unknown.length) {
      const index = this.#unknown[this.#nextUnknown] ?? NONE;
      const operation = this.#operations[index];
      if (operation === undefined || operation.call > deadline) break;
      this.#nextUnknown += 1;
      if (this.#entered.hasUnknown(this.#number[index] ?? 0)) continue;
      const twin = this.#twin[index] ?? NONE;
      if (twin === NONE || this.#entered.hasUnknown(this.#number[twin] ?? 0)) return index;
    }
    return NONE;
  }

  /** An operation of unknown outcome that changes nothing, or one before this that changed nothing for it. */
  #isVain(operation: Operation, next: string): boolean {
    if (isUnknown(operation) && next === this.#state) return true;
    const last = this.#placed.at(-1);
    const lastOperation = last === undefined ? undefined : this.#operations[last.operation];
    if (last === undefined || lastOperation === undefined || !isUnknown(lastOperation)) return false;
    this.#steps += 1;
    return this.#step(last.stateBefore, operation) === next;
  }

  #step(state: string, operation: Operation): string | null {
    const next = this.#model.step(state, operation);
    return next === null || next === state ? next : this.#horizon.reduce(next);
  }

  #place(index: number, next: string, settled: boolean): void {
    const operation = this.#operations[index];
    if (operation === undefined) throw new RangeError('only an operation can be placed');
    this.#placed.push({ operation: index, stateBefore: this.#state, settled });
    this.#mark(index, operation);
    this.#state = next;
    if (!isUnknown(operation)) {
      this.#unlink(index);
      this.#unlink(index + this.#head / 2);
      this.#left -= 1;
      if (changesNothing(this.#model, operation)) this.#readsLeft -= 1;
      if (this.#left === 0) this.#verdict = 'legal';
    }
    this.#node = this.#after[this.#head] ?? NONE;
    this.#nextUnknown = 0;
    this.#isNew = true;
  }

  /** Every candidate failed: the operation that was placed last stands wrong. */
  #takeBack(): void {
    for (;;) {
      const last = this.#placed.pop();
      if (last === undefined) {
        this.#verdict = 'illegal';
        return;
      }
      const operation = this.#operations[last.operation];
      if (operation === undefined) throw new RangeError('only an operation can be placed');
      this.#unmark(last.operation, operation);
      this.#state = last.stateBefore;
      const wasUnknown = isUnknown(operation);
      if (!wasUnknown) {
        this.#relink(last.operation + this.#head / 2);
        this.#relink(last.operation);
        this.#left += 1;
        if (changesNothing(this.#model, operation)) this.#readsLeft += 1;
      }
      if (last.settled) continue;
      this.#node = wasUnknown ? NONE : (this.#after[last.operation] ?? NONE);
      this.#nextUnknown = wasUnknown ? (this.#number[last.operation] ?? 0) + 1 : 0;
      return;
    }
  }

  #mark(index: number, operation: Operation): void {
    const number = this.#number[index] ?? 0;
    if (isUnknown(operation)) this.#entered.placeUnknown(number);
    else this.#entered.placeEnded(number);
  }

  #unmark(index: number, operation: Operation): void {
    const number = this.#number[index] ?? 0;
    if (isUnknown(operation)) this.#entered.removeUnknown(number);
    else this.#entered.removeEnded(number);
  }

  #firstEnd(): number {
    const ends = this.#head / 2;
    for (let node = this.#after[this.#head] ?? NONE; node !== NONE; node = this.#after[node] ?? NONE) {
      if (node >= ends) return this.#endOf(node - ends);
    }
    return Number.POSITIVE_INFINITY;
  }

  #endOf(index: number): number {
    return this.#operations[index]?.end ?? Number.POSITIVE_INFINITY;
  }

  #linkTwins(): void {
    const last = new Map<string, number>();
    for (const index of this.#unknown) {
      const operation = this.#operations[index];
      if (operation === undefined) continue;
      const name = JSON.stringify([operation.f, operation.key, operation.input]);
      this.#twin[index] = last.get(name) ?? NONE;
      last.set(name, index);
    }
  }

  #linkTimes(): void {
    const count = this.#operations.length;
    const moments: { readonly at: number; readonly node: number }[] = [];
    for (const [index, operation] of this.#operations.entries()) {
      if (isUnknown(operation)) continue;
      moments.push({ at: operation.call, node: index }, { at: operation.end, node: index + count });
    }
    // What is called at the moment at which something else ends overlaps with it.
    moments.sort((a, b) => a.at - b.at || a.node - b.node);
    let last = this.#head;
    for (const { node } of moments) {
      this.#after[last] = node;
      this.#before[node] = last;
      last = node;
    }
  }

  #unlink(node: number): void {
    const before = this.#before[node] ?? NONE;
    const after = this.#after[node] ?? NONE;
    if (before !== NONE) this.#after[before] = after;
    if (after !== NONE) this.#before[after] = before;
  }

  #relink(node: number): void {
    const before = this.#before[node] ?? NONE;
    const after = this.#after[node] ?? NONE;
    if (before !== NONE) this.#after[before] = node;
    if (after !== NONE) this.#before[after] = node;
  }
}

/** An operation that may have taken place at any time after its call, or never. */
export function isUnknown(operation: Operation): boolean {
  return operation.end === Number.POSITIVE_INFINITY;
}

/** An operation that leaves every state as it is: a read, or one that was refused. */
function changesNothing(model: SequentialModel, operation: Operation): boolean {
  return operation.failed || model.readsOnly(operation);
}
