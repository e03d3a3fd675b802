/** The 97.5 % quantile of the normal distribution: two-sided 95 %. */
const Z = 1.959963984540054;

/**
 * Wilson's score interval of a failure rate at 95 % (Wilson 1927). Unlike the textbook interval it is right for few runs and for rates near 0
 * and 1, which is where flaky tests live.
 */
export function wilsonInterval(failed: number, total: number): { readonly low: number; readonly high: number } {
  if (total === 0) return { low: 0, high: 1 };
  const rate = failed / total;
  const z2 = (Z * Z) / total;
  const centre = (rate + z2 / 2) / (1 + z2);
  const half = (Z / (1 + z2)) * Math.sqrt((rate * (1 - rate)) / total + z2 / (4 * total));
  return { low: failed === 0 ? 0 : Math.max(0, centre - half), high: failed === total ? 1 : Math.min(1, centre + half) };
}

/**
 * The bound that `total` runs without any failure put on the failure rate at 95 %: the rate at which so lucky a series has a chance of 5 %.
 * For more than about 30 runs it is the well-known 3/n.
 */
export function boundWithoutFailures(total: number): number {
  return total === 0 ? 1 : 1 - 0.05 ** (1 / total);
}

/**
 * How many runs in a row must pass before one may be 95 % sure that a test is mended which had failed `failed` times in `total` runs.
 *
 * The rate itself is not known: an unmended test with the rate that these few failures suggest would pass about that often all the same, by luck of
 * the first series or of the second. For rare failures the chance that an unmended one passes m runs, over both series, is (n / (n + m))^k: the k-th
 * failure comes after n runs (the wait is Gamma-distributed), and none in the m that follow. At most 5 %: m = (20^(1/k) - 1) n; for one failure 19 n.
 */
export function passesToBeSure(failed: number, total: number): number {
  return failed === 0 ? Number.POSITIVE_INFINITY : Math.ceil((20 ** (1 / failed) - 1) * total);
}
