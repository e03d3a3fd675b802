/**
 * The adapter to the host's clock and event loop: the only place of this package that touches timers. What the store answers
 * does not depend on them, only when it answers.
 */

/** Lets input, screens and other tasks run before the next slice of work. */
export function yieldToOthers(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Calls `poll` again and again until the returned function is called. Does not keep the process alive. */
export function pollEvery(intervalMs: number, poll: () => void): () => void {
  const timer = setInterval(poll, intervalMs);
  timer.unref();
  return () => clearInterval(timer);
}
