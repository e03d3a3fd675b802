import { hangingPlace, tellingLine } from './telling-line.ts';

/** What a run printed, in a few lines. */
export interface Excerpt {
  /** They tell why it failed; otherwise they are the last that there are. */
  readonly telling: boolean;
  readonly lines: readonly string[];
}

const LINES_BEFORE = 2;

/**
 * Lines around the one that tells why a run failed: behind it many a runner prints a long stack or its totals. Not safe to print.
 *
 * @param how it ended; of one that did not fail the last lines are meant
 */
export function excerptOf(lines: readonly string[], how: 'failed' | 'timedOut' | 'other', most: number): Excerpt {
  const at = how === 'other' ? undefined : (how === 'timedOut' ? hangingPlace(lines) : tellingLine(lines))?.at;
  const from = at === undefined ? Number.POSITIVE_INFINITY : Math.max(0, at - Math.min(LINES_BEFORE, most - 1));
  const first = Math.max(0, Math.min(from, lines.length - most));
  return { telling: at !== undefined, lines: lines.slice(first, first + most) };
}
