import { UserError } from '@raftlens/command-line';

/** Election timeouts are drawn from [minMs, maxMs); where both are equal there is no randomness at all. */
export interface TimeoutRange {
  readonly minMs: number;
  readonly maxMs: number;
}

/** The ranges of the paper's figure 16, upper graph: the same shortest timeout, more and more randomness. */
export const RANDOMNESS_SWEEP: readonly TimeoutRange[] = [150, 151, 155, 175, 200, 300].map((maxMs) => ({ minMs: 150, maxMs }));

/** The ranges of figure 16, lower graph: from timeouts near the broadcast time to the ones that the paper recommends. */
export const SCALE_SWEEP: readonly TimeoutRange[] = [12, 25, 50, 100, 150].map((minMs) => ({ minMs, maxMs: 2 * minMs }));

export function labelOf(range: TimeoutRange): string {
  return `${range.minMs}-${range.maxMs} ms`;
}

/** Reads "150-300", or "150" for a fixed timeout. */
export function parseRange(text: string): TimeoutRange {
  const match = /^(\d+(?:\.\d+)?)(?:-(\d+(?:\.\d+)?))?(?:ms)?$/.exec(text.trim());
  const minMs = Number(match?.[1]);
  const maxMs = Number(match?.[2] ?? match?.[1]);
  if (match === null || minMs <= 0 || maxMs < minMs) {
    throw new UserError('BAD_RANGE', `"${text}" is no range of timeouts. Write the shortest and the longest in milliseconds, as 150-300.`);
  }
  return { minMs, maxMs };
}
