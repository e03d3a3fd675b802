import { FACTORS, levelText, type ShakeSetting } from '../shake.ts';

/** How often runs failed that had one value of one factor. */
export interface LevelCount {
  readonly factor: string;
  /** Such as "cpus=1", or "cpus=all" where it was as usual. */
  readonly level: string;
  readonly runs: number;
  readonly failed: number;
}

/** Counts a judged run under each of its values. */
export function countSetting(counts: readonly LevelCount[], setting: ShakeSetting, failed: boolean): readonly LevelCount[] {
  return mergeLevels(
    counts,
    FACTORS.map((factor) => ({ factor, level: levelText(factor, setting[factor]), runs: 1, failed: failed ? 1 : 0 })),
  );
}

export function mergeLevels(a: readonly LevelCount[], b: readonly LevelCount[]): readonly LevelCount[] {
  const merged = new Map(a.map((count) => [count.level, count]));
  for (const count of b) {
    const known = merged.get(count.level);
    merged.set(count.level, known === undefined ? count : { ...count, runs: known.runs + count.runs, failed: known.failed + count.failed });
  }
  return [...merged.values()];
}

/** The value under which runs fail most, beside all other runs. */
export interface Standout {
  readonly level: LevelCount;
  readonly others: Pick<LevelCount, 'runs' | 'failed'>;
  /** How probable it is that chance alone makes some value look so bad, over all that were compared. */
  readonly chance: number;
  readonly compared: number;
}

/**
 * The value of a factor that fails most clearly more often than the runs without it: by Fisher's exact test, one-sided, with Bonferroni's correction for
 * as many comparisons as were made. Settings are drawn by chance for each run, so that the test holds whenever the session stops. Null where there is
 * nothing to compare.
 */
export function standoutOf(counts: readonly LevelCount[]): Standout | null {
  const comparisons = counts.flatMap((level) => {
    const rest = counts.filter(({ factor, level: name }) => factor === level.factor && name !== level.level);
    const others = { runs: sum(rest, 'runs'), failed: sum(rest, 'failed') };
    return others.runs === 0 ? [] : [{ level, others, p: fisherMore(level, others) }];
  });
  const [first, ...more] = comparisons.toSorted((a, b) => a.p - b.p || b.level.failed - a.level.failed);
  if (first === undefined || first.level.failed === 0) return null;
  const compared = more.length + 1;
  return { level: first.level, others: first.others, chance: Math.min(1, first.p * compared), compared };
}

function sum(counts: readonly LevelCount[], of: 'runs' | 'failed'): number {
  return counts.reduce((total, count) => total + count[of], 0);
}

/** The probability that of all failures so many or more fall on `one` by chance (hypergeometric tail). */
export function fisherMore(one: Pick<LevelCount, 'runs' | 'failed'>, others: Pick<LevelCount, 'runs' | 'failed'>): number {
  const runs = one.runs + others.runs;
  const failed = one.failed + others.failed;
  const all = logChoose(runs, failed);
  let p = 0;
  for (let k = one.failed; k <= Math.min(one.runs, failed); k++) {
    if (failed - k > others.runs) continue;
    p += Math.exp(logChoose(one.runs, k) + logChoose(others.runs, failed - k) - all);
  }
  return Math.min(1, p);
}

function logChoose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

const factorials: number[] = [0];

function logFactorial(n: number): number {
  for (let at = factorials.length; at <= n; at++) factorials.push((factorials[at - 1] ?? 0) + Math.log(at));
  return factorials[n] ?? 0;
}
