import type { Operation } from './history.ts';
import { keyValueModel, logModel, mutexModel, registerModel, type SequentialModel } from './sequential-models.ts';
import { isTransaction, transactionModel } from './transactions.ts';
import { hasVersions, versionedModel } from './versioned.ts';

/** By the kinds of operations (`f`) that each model knows. The first that knows all of a history's is its model. */
const MODELS: readonly (readonly [kinds: readonly string[], model: SequentialModel])[] = [
  [['get', 'put', 'append', 'delete'], keyValueModel],
  [['read', 'write', 'cas'], registerModel],
  [['append', 'read'], logModel],
  [['acquire', 'release'], mutexModel],
  [['txn'], transactionModel],
];

/** The model of the service that gave these answers; null when none knows all their kinds. */
export function chooseModel(operations: readonly Operation[]): SequentialModel | null {
  const kinds = new Set(operations.map(({ f }) => f));
  const model = MODELS.find(([known]) => [...kinds].every((kind) => known.includes(kind)))?.[1] ?? null;
  if (model === keyValueModel && hasVersions(operations)) return versionedModel;
  return model === transactionModel && !operations.every(isWholeTransaction) ? null : model;
}

/** Values that a register commonly holds before it is written. */
const BLANK = new Set(['0', '-1', 'nil', 'null', 'None', 'undefined', 'false']);

/**
 * The value that keys hold before they are written, where the history shows that it is another than none: something that nobody
 * wrote is read, the same from every key, and is a value that stands for nothing. Null where nothing shows it.
 */
export function initialValueOf(model: SequentialModel, operations: readonly Operation[]): string | null {
  if (model !== registerModel && model !== keyValueModel) return null;
  const written = new Set<string>();
  for (const { f, input } of operations) {
    if (f === 'write' || f === 'put') written.add(input);
    if (f === 'cas') written.add(input.slice(input.indexOf(' ') + 1));
    if (f === 'append') return null;
  }
  const unwritten = new Set<string>();
  for (const operation of operations) {
    const { output, failed } = operation;
    if (output !== null && !failed && model.readsOnly(operation) && !written.has(output)) unwritten.add(output);
  }
  const [value] = unwritten;
  return unwritten.size === 1 && value !== undefined && BLANK.has(value) ? value : null;
}

/** The model with another initial value of every key. */
export function startingWith(model: SequentialModel, initial: string): SequentialModel {
  return { ...model, initial };
}

function isWholeTransaction({ input, output, failed }: Operation): boolean {
  return isTransaction(input) && (output === null || failed || isTransaction(output));
}
