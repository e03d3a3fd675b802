/** What is known of a set of election times: sorted times of the trials that elected a leader, and the number of those that did not. */
export interface Distribution {
  /** Ascending, in milliseconds. */
  readonly timesMs: readonly number[];
  /** Trials without a leader within the limit: they count as longer than every other. */
  readonly unfinished: number;
}

export function distributionOf(timesMs: Iterable<number>, unfinished: number): Distribution {
  return { timesMs: [...timesMs].sort((a, b) => a - b), unfinished };
}

export function trialsOf(distribution: Distribution): number {
  return distribution.timesMs.length + distribution.unfinished;
}

/** The time within which the fraction `p` of all trials had a leader (nearest rank), or Infinity where too many had none. */
export function percentileMs(distribution: Distribution, p: number): number {
  const rank = Math.max(1, Math.ceil(p * trialsOf(distribution)));
  return distribution.timesMs[rank - 1] ?? Number.POSITIVE_INFINITY;
}

/** The mean over all trials; Infinity where one had no leader, since nobody knows how long it would have taken. */
export function meanMs(distribution: Distribution): number {
  if (distribution.unfinished > 0 || distribution.timesMs.length === 0) return Number.POSITIVE_INFINITY;
  return distribution.timesMs.reduce((sum, time) => sum + time, 0) / distribution.timesMs.length;
}

export interface Point {
  readonly timeMs: number;
  /** The fraction of the trials that had a leader by then, in (0, 1]. */
  readonly fraction: number;
}

/** The cumulative distribution as the corners of its steps, at most one point for each distinct time. */
export function cumulative(distribution: Distribution): Point[] {
  const trials = trialsOf(distribution);
  const points: Point[] = [];
  distribution.timesMs.forEach((timeMs, index) => {
    if (distribution.timesMs[index + 1] !== timeMs) points.push({ timeMs, fraction: (index + 1) / trials });
  });
  return points;
}
