import type { SequentialModel } from './sequential-models.ts';

/** One read or write of a transaction; `value` is null in a read whose result is not known. */
type Micro = readonly [f: 'r' | 'w', key: string, value: string | null];

/**
 * Transactions over registers: `f` is txn, the value a JSON list of `["r", key, value]` and `["w", key, value]`, which take place at once.
 * What is read before anything was written to the key is taken for what it held at the start.
 */
export const transactionModel: SequentialModel = {
  name: 'transactional',
  initial: '{}',
  // A transaction ties its keys together.
  partOf: () => '',
  step: (state, operation) => apply(state, partsOf(operation.output ?? operation.input)),
  readsOnly: (operation) => partsOf(operation.input).every(([f]) => f === 'r'),
  observesFailure: () => false,
};

function apply(state: string, parts: readonly Micro[]): string | null {
  const values = new Map(Object.entries(JSON.parse(state) as Record<string, string>));
  for (const [f, key, value] of parts) {
    if (value === null) continue;
    const known = values.get(key);
    if (f === 'r' && known !== undefined && known !== value) return null;
    values.set(key, value);
  }
  return JSON.stringify(Object.fromEntries([...values].sort(([a], [b]) => (a < b ? -1 : 1))));
}

/** Whether the text is a list of reads and writes and of nothing else: other parts would have effects that nobody judges. */
export function isTransaction(text: string): boolean {
  const list = listOf(text);
  return list?.every(isMicro) === true;
}

function partsOf(text: string): readonly Micro[] {
  return listOf(text)?.filter(isMicro) ?? [];
}

function listOf(text: string): readonly unknown[] | null {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? (list as readonly unknown[]) : null;
  } catch {
    return null;
  }
}

function isMicro(part: unknown): part is Micro {
  if (!Array.isArray(part) || part.length !== 3) return false;
  const [f, key, value] = part as readonly unknown[];
  return (f === 'r' || f === 'w') && typeof key === 'string' && (value === null || typeof value === 'string');
}
