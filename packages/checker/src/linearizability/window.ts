import type { Operation } from './history.ts';
import type { Model } from './model.ts';
import { type Budget, search } from './search.ts';

/** For all searches together. */
const STEPS_MAX = 5_000_000;

/** Finds the end at which the history became impossible, and leaves out the reads that do not matter for that. */
export function failingWindow(model: Model, operations: readonly Operation[], budget: Budget): { at: Operation; window: Operation[] } {
  let left = budget.stepsMax ?? STEPS_MAX;
  // What is not decided within the budget counts as legal, so that the window only grows by it.
  const illegal = (list: readonly Operation[]): boolean => {
    if (left <= 0) return false;
    const result = search(model, list, { ...budget, stepsMax: left });
    left -= result.steps;
    return result.verdict === 'illegal';
  };
  const ends = operations
    .map(({ end }) => end)
    .filter((end) => end !== Number.POSITIVE_INFINITY)
    .sort((a, b) => a - b);
  // A prefix of a legal history is legal, so that the first illegal one can be found by halving.
  let low = 0;
  let high = ends.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (illegal(upTo(operations, ends[middle] ?? 0))) high = middle;
    else low = middle + 1;
  }
  const lastEnd = ends[low] ?? 0;
  let window = upTo(operations, lastEnd);
  // Whatever is legal stays so without some of its reads; where the rest is still illegal, they did not matter. Mostly nearly none does, so
  // that many are tried at once, and each half of those that matter by itself.
  const leaveOut = (reads: readonly Operation[]): void => {
    const gone = new Set(reads);
    const rest = window.filter((operation) => !gone.has(operation));
    if (reads.length > 0 && illegal(rest)) window = rest;
    else if (reads.length > 1) {
      const middle = reads.length >> 1;
      leaveOut(reads.slice(middle));
      leaveOut(reads.slice(0, middle));
    }
  };
  leaveOut(window.filter((operation) => model.readsOnly(operation)));
  const at = window.find(({ end }) => end === lastEnd) ?? window.at(-1) ?? operations[0];
  if (at === undefined) throw new RangeError('a history without operations is legal');
  return { at, window };
}

/** The history as it was known at a moment: what had not ended by then was of unknown outcome. */
function upTo(operations: readonly Operation[], moment: number): Operation[] {
  return operations
    .filter(({ call }) => call <= moment)
    .map((operation) => (operation.end <= moment ? operation : { ...operation, output: null, end: Number.POSITIVE_INFINITY }));
}
