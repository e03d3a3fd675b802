/** Mean, spread and extremes of a stream of numbers in constant memory. */
export interface SampleMoments {
  readonly count: number;
  readonly mean: number;
  /** Sum of squared distances from the mean. */
  readonly squares: number;
  /** 0 without samples, as the others: infinities do not survive JSON. */
  readonly min: number;
  readonly max: number;
}

export const NO_MOMENTS: SampleMoments = { count: 0, mean: 0, squares: 0, min: 0, max: 0 };

/** Welford's update: numerically stable, unlike a sum of squares. */
export function addSample(moments: SampleMoments, value: number): SampleMoments {
  const count = moments.count + 1;
  const distance = value - moments.mean;
  const mean = moments.mean + distance / count;
  return {
    count,
    mean,
    squares: moments.squares + distance * (value - mean),
    min: moments.count === 0 ? value : Math.min(moments.min, value),
    max: moments.count === 0 ? value : Math.max(moments.max, value),
  };
}

/** The moments of both streams together (Chan, Golub and LeVeque 1979): what `merge` does with the reports of shards. */
export function mergeMoments(a: SampleMoments, b: SampleMoments): SampleMoments {
  if (a.count === 0) return b;
  if (b.count === 0) return a;
  const count = a.count + b.count;
  const distance = b.mean - a.mean;
  return {
    count,
    mean: a.mean + (distance * b.count) / count,
    squares: a.squares + b.squares + (distance * distance * a.count * b.count) / count,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
  };
}

/** The sample standard deviation; 0 with fewer than two samples. */
export function standardDeviation(moments: SampleMoments): number {
  return moments.count < 2 ? 0 : Math.sqrt(moments.squares / (moments.count - 1));
}
