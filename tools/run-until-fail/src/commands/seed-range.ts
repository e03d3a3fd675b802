import { UserError } from '@raftlens/command-line';

/** Seeds in a row; `count` null has no end. */
export interface SeedRange {
  readonly first: number;
  readonly count: number | null;
}

/** "7", "1..1000" or "1..": seeds from the first to the last, both included. */
export function parseSeeds(text: string): SeedRange {
  const match = /^(\d{1,15})(\.\.(\d{1,15})?)?$/.exec(text);
  if (match?.[1] === undefined) throw new UserError('BAD_SEEDS', `--seeds must be A..B, A.. or one number, not "${text}"`);
  const first = Number(match[1]);
  if (match[2] === undefined) return { first, count: 1 };
  if (match[3] === undefined) return { first, count: null };
  const last = Number(match[3]);
  if (last < first) throw new UserError('BAD_SEEDS', `--seeds ${text} holds no seed: the first must not be above the last`);
  return { first, count: last - first + 1 };
}

/** Whether `--seeds` ends by itself. */
export function seedsAreBounded(text: string | undefined): boolean {
  return text !== undefined && parseSeeds(text).count !== null;
}
