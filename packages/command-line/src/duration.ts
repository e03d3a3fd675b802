import { UserError } from './errors.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: SECOND_MS, m: MINUTE_MS, h: HOUR_MS, d: DAY_MS };
const WHOLE = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/;
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/g;

/**
 * Milliseconds of a text such as `10m`, `1h30m`, `90s`, `1.5h`, `250ms`. A number alone is seconds.
 *
 * @param option the name of the option, for the message
 * @throws UserError BAD_DURATION
 */
export function parseDuration(text: string, option: string): number {
  const trimmed = text.trim();
  if (/^\d+(?:\.\d+)?$/.test(trimmed)) return Number(trimmed) * SECOND_MS;
  if (!WHOLE.test(trimmed)) throw new UserError('BAD_DURATION', `${option} must be a duration such as 90s, 10m or 1h30m, not "${text}"`);
  let sum = 0;
  for (const [, amount, unit] of trimmed.matchAll(PART)) sum += Number(amount) * (UNITS[unit ?? ''] ?? 0);
  return sum;
}

/** A duration for people, in at most two units: `3.2ms`, `850ms`, `12.3s`, `4m05s`, `1h30m`, `2d03h`. */
export function formatDuration(durationMs: number): string {
  if (durationMs < 0) return `-${formatDuration(-durationMs)}`;
  if (durationMs < 10) return `${round(durationMs, 1)}ms`;
  if (Math.round(durationMs) < SECOND_MS) return `${Math.round(durationMs)}ms`;
  if (round(durationMs / SECOND_MS, 1) < 60) return `${round(durationMs / SECOND_MS, 1)}s`;
  const seconds = Math.round(durationMs / SECOND_MS);
  if (seconds < 3600) return two(Math.floor(seconds / 60), 'm', seconds % 60, 's');
  const minutes = Math.round(durationMs / MINUTE_MS);
  if (minutes < 24 * 60) return two(Math.floor(minutes / 60), 'h', minutes % 60, 'm');
  const hours = Math.round(durationMs / HOUR_MS);
  return two(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

function two(great: number, greatUnit: string, small: number, smallUnit: string): string {
  return `${great}${greatUnit}${String(small).padStart(2, '0')}${smallUnit}`;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
