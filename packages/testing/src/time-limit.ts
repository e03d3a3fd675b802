// Kept from the start: a test that replaces the clock must not stop this one.
const { setTimeout, clearTimeout } = globalThis;

export const DEFAULT_TIMEOUT_MS = 20_000;

/** Awaits `work()` for at most `limitMs`. It cannot stop a loop that never yields; the runner's limit for each file does. */
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
