import type { Operation } from './history.ts';
import { Search } from './search.ts';
import type { SequentialModel } from './sequential-models.ts';

/** Steps and operations of all searches together: what a person reads gets better by it, not the verdict. */
const STEPS_MAX = 1_000_000;

/** The operation at whose end the history became impossible, by halving: a part of a legal history that begins with it is legal. */
export function firstImpossible(model: SequentialModel, operations: readonly Operation[]): Operation {
  const ended = operations.filter(({ end }) => end !== Number.POSITIVE_INFINITY).sort((a, b) => a.end - b.end);
  let left = STEPS_MAX;
  let low = 0;
  let high = ended.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    const search = new Search(model, upTo(operations, ended[middle]?.end ?? 0));
    // What is not decided within the budget counts as possible, so that the end that is named may come late, never early.
    const isIllegal = search.advance(left) === 'illegal';
    left = Math.max(0, left - search.steps);
    if (isIllegal) high = middle;
    else low = middle + 1;
  }
  const at = ended[low];
  if (at === undefined) throw new RangeError('a history in which nothing ended is legal');
  return at;
}

/** The operations up to the end at which the history became impossible, without the reads that do not matter for that. */
export function failingWindow(model: SequentialModel, operations: readonly Operation[], at: Operation): Operation[] {
  let left = STEPS_MAX;
  // What is not decided within the budget counts as legal, so that the window only grows by it.
  const illegal = (list: readonly Operation[]): boolean => {
    if (left <= 0) return false;
    const search = new Search(model, list);
    const verdict = search.advance(left);
    // Setting a search up takes as long as its operations are many.
    left -= search.steps + list.length;
    return verdict === 'illegal';
  };
  let window = upTo(operations, at.end);
  // Whatever is legal stays so without some of its reads; where the rest is still illegal, they did not matter. Mostly nearly none does, so
  // that many are tried at once, and each half of those that matter by itself.
  const leaveOut = (reads: readonly Operation[]): void => {
    if (left <= 0) return;
    const gone = new Set(reads);
    const rest = window.filter((operation) => !gone.has(operation));
    if (reads.length > 0 && illegal(rest)) window = rest;
    else if (reads.length > 1) {
      const middle = reads.length >> 1;
      leaveOut(reads.slice(middle));
      leaveOut(reads.slice(0, middle));
    }
  };
  leaveOut(window.filter((operation) => (operation.failed || model.readsOnly(operation)) && operation !== at));
  return window;
}

/** The history as it was known at a moment: what had not ended by then was of unknown outcome. */
function upTo(operations: readonly Operation[], moment: number): Operation[] {
  return operations
    .filter(({ call, end, failed }) => call <= moment && !(failed && end > moment))
    .map((operation) => (operation.end <= moment ? operation : { ...operation, output: null, end: Number.POSITIVE_INFINITY }));
}
