/** When a session is over although the queue still has runs. */
export interface Limits {
  /** Wall time from the start; null when unbounded. */
  readonly timeMs: number | null;
  /** Failures after which no new run starts; null with --keep-going. */
  readonly failures: number | null;
  /** Failures of one test after which it is run no more, and the others are; null where they count together, or not at all. */
  readonly failuresOfTest: number | null;
}

/** `changed`: the sources did, under --watch. `cached`: run after run came out of the cache of the test's runner. */
export type StopReason = 'failures' | 'time' | 'queueEmpty' | 'changed' | 'interrupted' | 'machine' | 'cached';

export function reachedLimit(limits: Limits, elapsedMs: number, failed: number): StopReason | null {
  if (limits.failures !== null && failed >= limits.failures) return 'failures';
  if (limits.timeMs !== null && elapsedMs >= limits.timeMs) return 'time';
  return null;
}
