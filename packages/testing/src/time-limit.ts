// Kept from the start, so that a test which replaces the clock does not stop ours.
const { setTimeout, clearTimeout } = globalThis;

export const DEFAULT_TIMEOUT_MS = 20_000;

/** Awaits `work()` for at most `limitMs`. A loop that never yields is beyond it: the runner's limit for each file stops that. */
export async function withTimeLimit(work: () => unknown, limitMs: number, what: string): Promise<void> {
  const result = work();
  if (!isThenable(result)) return;
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took longer than its limit of ${limitMs} ms`)), limitMs);
  });
  try {
    await Promise.race([result, limit]);
  } finally {
    clearTimeout(timer);
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
