import type { Operation } from './history.ts';
import { Search, type SearchVerdict } from './search.ts';
import type { SequentialModel } from './sequential-models.ts';
import { failingWindow, firstImpossible } from './window.ts';

/** How much may be spent. Without a limit a hard history may take for ever: deciding it is NP-complete. */
export interface Budget {
  /** Steps of the model at most, for each part; 5,000,000 unless given. */
  readonly stepsMax?: number;
  /** Memory of all searches together at most, in bytes; 1 GiB unless given. */
  readonly bytesMax?: number;
  /** Asked now and then, with what was done up to now; true ends the search as unknown. For a limit in time, which only the caller can measure. */
  readonly expired?: (progress: SearchProgress) => boolean;
}

/** How far the search has come. */
export interface SearchProgress {
  readonly steps: number;
  readonly partsDecided: number;
  readonly parts: number;
}

/** A part of a history that no order of its operations explains. */
export interface Contradiction {
  /** The part, such as the key. */
  readonly part: string;
  /** The operation at whose end the history became impossible. */
  readonly at: Operation;
  /** As few operations as show it: all that change the state up to there, and of those that read only the ones that matter. */
  readonly window: readonly Operation[];
}

export interface HistoryReport {
  /** 'unknown' when the budget ran out before the answer: it must never be taken for 'legal'. */
  readonly verdict: SearchVerdict;
  readonly operations: number;
  readonly parts: number;
  readonly steps: number;
  /** The first that was found; the other parts are not looked at any further. */
  readonly contradiction: Contradiction | null;
  /** The parts for which the budget was not enough, where there is no contradiction. */
  readonly undecided: readonly string[];
}

const STEPS_MAX = 5_000_000;
const BYTES_MAX = 2 ** 30;
/** The steps of a part's first turn: enough for nearly all of them. */
const FIRST_TURN = 16_384;
/** Steps between two looks at the clock. */
const STEPS_PER_QUESTION = 4096;

interface HistoryPart {
  readonly name: string;
  readonly operations: readonly Operation[];
  search: Search | null;
}

/**
 * Is the history linearizable (Herlihy and Wing, 1990): is there an order of its operations, each between its call and its end, that the
 * model allows? Each part is checked alone, which is enough, because linearizability is local. The parts take turns that grow, so that
 * an easy contradiction is not kept waiting by a part that is hard.
 */
export function checkHistory(model: SequentialModel, operations: readonly Operation[], budget: Budget = {}): HistoryReport {
  return new HistoryCheck(model, operations, budget).run();
}

class HistoryCheck {
  readonly #model: SequentialModel;
  readonly #operations: number;
  readonly #budget: Budget;
  readonly #parts: number;
  #open: HistoryPart[];
  readonly #undecided: string[] = [];
  #steps = 0;
  #decided = 0;
  #isExpired = false;

  constructor(model: SequentialModel, operations: readonly Operation[], budget: Budget) {
    this.#model = model;
    this.#operations = operations.length;
    this.#budget = budget;
    this.#open = partsOf(model, operations);
    this.#parts = this.#open.length;
  }

  run(): HistoryReport {
    for (let turn = FIRST_TURN; this.#open.length > 0; turn *= 4) {
      const illegal = this.#round(turn);
      if (illegal !== null) return this.#report('illegal', illegal);
    }
    return this.#report(this.#undecided.length > 0 ? 'unknown' : 'legal', null);
  }

  /** Gives each open part a turn; the part that is illegal, if one is. */
  #round(turn: number): HistoryPart | null {
    const { stepsMax = STEPS_MAX } = this.#budget;
    const parts = this.#open;
    this.#open = [];
    for (const part of parts) {
      part.search ??= new Search(this.#model, part.operations);
      const verdict = this.#advance(part.search, Math.min(turn, stepsMax - part.search.steps));
      if (verdict === 'illegal') return part;
      if (verdict === 'legal') {
        this.#decided += 1;
        part.search = null;
      } else if (this.#isExpired || part.search.steps >= stepsMax || this.#isTooLarge(part.search)) {
        this.#undecided.push(part.name);
        part.search = null;
      } else this.#open.push(part);
    }
    return null;
  }

  #advance(search: Search, steps: number): SearchVerdict {
    const until = search.steps + steps;
    while (search.verdict === 'unknown' && search.steps < until && !this.#isExpired && !this.#isTooLarge(search)) {
      const before = search.steps;
      search.advance(Math.min(STEPS_PER_QUESTION, until - before));
      this.#steps += search.steps - before;
      if (search.verdict !== 'unknown' || search.steps - before < STEPS_PER_QUESTION) continue;
      this.#isExpired = this.#budget.expired?.({ steps: this.#steps, partsDecided: this.#decided, parts: this.#parts }) === true;
    }
    return search.verdict;
  }

  #isTooLarge(search: Search): boolean {
    let bytes = search.bytes;
    for (const other of this.#open) bytes += other.search?.bytes ?? 0;
    return bytes > (this.#budget.bytesMax ?? BYTES_MAX);
  }

  #report(verdict: SearchVerdict, illegal: HistoryPart | null): HistoryReport {
    const contradiction = illegal === null ? null : contradictionOf(this.#model, illegal);
    const undecided = illegal === null ? this.#undecided : [];
    return { verdict, operations: this.#operations, parts: this.#parts, steps: this.#steps, contradiction, undecided };
  }
}

function partsOf(model: SequentialModel, operations: readonly Operation[]): HistoryPart[] {
  const parts = new Map<string, { name: string; operations: Operation[]; search: null }>();
  for (const operation of operations) {
    // A read of which nobody knows the result says nothing, and neither does what was refused for a reason of its own.
    if (operation.output === null && model.readsOnly(operation)) continue;
    if (operation.failed && !model.observesFailure(operation)) continue;
    const name = model.partOf(operation);
    const known = parts.get(name);
    if (known === undefined) parts.set(name, { name, operations: [operation], search: null });
    else known.operations.push(operation);
  }
  for (const part of parts.values()) part.operations.sort((a, b) => a.call - b.call);
  return [...parts.values()];
}

function contradictionOf(model: SequentialModel, { name, operations, search }: HistoryPart): Contradiction {
  const at = search?.wall ?? firstImpossible(model, operations);
  return { part: name, at, window: failingWindow(model, operations, at) };
}
