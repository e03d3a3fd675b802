/** How far a session is. */
export interface SessionProgress {
  readonly ended: number;
  readonly asked: number | null;
  readonly failed: number;
  readonly running: number;
  readonly perSecond: number;
  /** An estimate of what is left, by the runs or by the time asked for, whichever ends first; null when neither was. */
  readonly remainingMs: number | null;
}

export interface ProgressInput {
  readonly ended: number;
  /** Of `ended`, those that an earlier part of a resumed session counted: they say nothing about today's speed. */
  readonly endedBefore: number;
  readonly asked: number | null;
  readonly failed: number;
  readonly running: number;
  readonly elapsedMs: number;
  readonly timeMs: number | null;
}

export function progressOf(input: ProgressInput): SessionProgress {
  const { ended, endedBefore, asked, failed, running, elapsedMs, timeMs } = input;
  const perSecond = elapsedMs === 0 ? 0 : ((ended - endedBefore) * 1000) / elapsedMs;
  const byRuns = asked === null || perSecond === 0 ? null : (Math.max(0, asked - ended) / perSecond) * 1000;
  const byTime = timeMs === null ? null : Math.max(0, timeMs - elapsedMs);
  const remainingMs = byRuns === null ? byTime : Math.min(byRuns, byTime ?? Number.POSITIVE_INFINITY);
  return { ended, asked, failed, running, perSecond, remainingMs };
}
