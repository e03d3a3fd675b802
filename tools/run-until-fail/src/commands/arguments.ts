import { parseDuration, UserError } from '@raftlens/command-line';
import { linearPattern, PatternError } from '@raftlens/patterns';

/** A whole number of at least `least`. @throws UserError BAD_NUMBER */
export function parseCount(text: string, option: string, least = 1): number {
  const value = Number(text);
  if (/^\d[\d_,]*$/.test(text) && Number.isSafeInteger(Number(text.replace(/[_,]/g, '')))) {
    const count = Number(text.replace(/[_,]/g, ''));
    if (count >= least) return count;
  }
  const hint = option === '--runs' && value === 0 ? ' Zero runs would test nothing.' : '';
  throw new UserError('BAD_NUMBER', `${option} must be a whole number of at least ${least}, not "${text}".${hint}`);
}

/** A duration above zero in ms. */
export function parsePositiveDuration(text: string, option: string): number {
  const durationMs = parseDuration(text, option);
  if (durationMs > 0) return durationMs;
  throw new UserError('BAD_DURATION', `${option} must be longer than zero, not "${text}"`);
}

const BYTE_UNITS: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

/** 500M, 2G, 1024: bytes. */
export function parseBytes(text: string, option: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?$/i.exec(text.trim());
  const unit = BYTE_UNITS[match?.[2]?.toUpperCase() ?? ''];
  if (match?.[1] !== undefined && unit !== undefined) return Math.round(Number(match[1]) * unit);
  throw new UserError('BAD_SIZE', `${option} must be a size such as 500M or 2G, not "${text}"`);
}

/** A source of a regular expression that can be matched in linear time. @throws UserError BAD_PATTERN, UNSUPPORTED_PATTERN */
export function parsePattern(text: string, option: string): string {
  // Of a variable that is not set, most likely: it would match whatever a run prints.
  if (text === '') throw new UserError('BAD_PATTERN', `${option}: an empty pattern matches every line: say what to look for`);
  try {
    return linearPattern(text).source;
  } catch (error) {
    throw error instanceof PatternError ? new UserError(error.code, `${option}: ${error.message}`) : error;
  }
}

/** "2/8": the second of eight parts. */
export function parseShard(text: string): { readonly position: number; readonly count: number } {
  const match = /^(\d+)\/(\d+)$/.exec(text);
  const part = Number(match?.[1]);
  const count = Number(match?.[2]);
  if (part >= 1 && part <= count) return { position: part - 1, count };
  throw new UserError('BAD_SHARD', `--shard must be PART/COUNT with PART from 1 to COUNT, such as 2/8, not "${text}"`);
}

/** "NAME=VALUE", or "NAME" for the value that it has in the environment. @throws UserError BAD_ENV */
export function parseAssignment(text: string, environment: NodeJS.ProcessEnv): readonly [string, string] {
  const at = text.indexOf('=');
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  const value = environment[text];
  if (at === -1 && value !== undefined) return [text, value];
  throw new UserError(
    'BAD_ENV',
    at === -1 && text !== '' ? `--env ${text}: it is not set here; write ${text}=VALUE` : `--env must be NAME=VALUE, not "${text}"`,
  );
}
