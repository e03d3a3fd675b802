import type { Operation } from './history.ts';
import type { Model } from './model.ts';
import { type Budget, search, type Verdict } from './search.ts';
import { failingWindow } from './window.ts';

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
  readonly verdict: Verdict;
  readonly operations: number;
  readonly parts: number;
  readonly steps: number;
  readonly contradiction: Contradiction | null;
  /** The parts for which the budget was not enough. */
  readonly undecided: readonly string[];
}

/**
 * Is the history linearizable (Herlihy and Wing, 1990): is there an order of its operations, each between its call and its end, that the
 * model allows? Each part is checked alone, which is enough, because linearizability is local. The budget is for each part.
 */
export function checkHistory(model: Model, operations: readonly Operation[], budget: Budget = {}): HistoryReport {
  const parts = new Map<string, Operation[]>();
  for (const operation of operations) {
    // A read of which nobody knows the result says nothing.
    if (operation.output === null && model.readsOnly(operation)) continue;
    const part = model.partOf(operation);
    const known = parts.get(part);
    if (known === undefined) parts.set(part, [operation]);
    else known.push(operation);
  }
  const undecided: string[] = [];
  let contradiction: Contradiction | null = null;
  let steps = 0;
  for (const [part, list] of parts) {
    const result = search(model, list, budget);
    steps += result.steps;
    if (result.verdict === 'unknown') undecided.push(part);
    if (result.verdict === 'illegal') contradiction ??= { part, ...failingWindow(model, list, budget) };
  }
  const verdict = contradiction !== null ? 'illegal' : undecided.length > 0 ? 'unknown' : 'legal';
  return { verdict, operations: operations.length, parts: parts.size, steps, contradiction, undecided };
}
