import type { Operation } from './history.ts';
import type { SequentialModel } from './sequential-models.ts';

/** Stands for every state that no answer of the history fits any more. No service holds it: values from logs have no NUL alone. */
export const LOST = '\0';

/**
 * What the answers of a history can still tell apart. States that no answer fits are alike in all that follows, so that the search
 * needs one name for them: without that, every order of appends that nobody read would be a state of its own.
 */
export interface Horizon {
  /** The state itself, or LOST. */
  readonly reduce: (state: string) => string;
  /** Whether a state that is lost can become another one: by an operation that overwrites it. */
  readonly canRecover: boolean;
}

const EVERYTHING: Horizon = { reduce: (state) => state, canRecover: true };

/** The horizon of one part's operations. */
export function horizonOf(model: SequentialModel, operations: readonly Operation[]): Horizon {
  if (model.observed === undefined) return EVERYTHING;
  const observed = new Set<string>();
  let grows = false;
  let canRecover = false;
  for (const operation of operations) {
    for (const state of model.observed(operation)) observed.add(state);
    if (model.readsOnly(operation) || operation.failed) continue;
    if (operation.f === 'append') grows = true;
    else canRecover = true;
  }
  if (!grows) return { reduce: (state) => (observed.has(state) ? state : LOST), canRecover };
  const sorted = [...observed].sort();
  return { reduce: (state) => (isPrefixOfOne(state, sorted) ? state : LOST), canRecover };
}

/** The texts are sorted: those that begin with the state stand together, the first of them where the state itself would stand. */
function isPrefixOfOne(state: string, sorted: readonly string[]): boolean {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? '') < state) low = middle + 1;
    else high = middle;
  }
  return sorted[low]?.startsWith(state) === true;
}
