import type { ValueType } from './field.ts';
import type { ENVELOPE } from './schema.ts';
import type { EntryDigest } from './value.ts';

/** The types of all keys: those of the envelope and those of the fields. */
export type KnownType = ValueType | (typeof ENVELOPE)[keyof typeof ENVELOPE]['type'];

/** What a value of each type must be, in the words of an error message. */
export const WANTED: Readonly<Record<KnownType, string>> = {
  time: 'a number of milliseconds',
  number: 'an integer',
  text: 'a text',
  textOrNull: 'a text or null',
  flag: 'true or false',
  digests: 'a text such as "3:9f86d081,3:60303ae2"',
  names: 'a text such as "S1,S2"',
  numbers: 'a text such as "12,57"',
  direction: '"send", "recv" or "drop"',
  role: '"follower", "precandidate", "candidate" or "leader"',
};

/** The value as the event holds it, or undefined when it is not of that type. */
export function decodedValue(type: KnownType, value: unknown): unknown {
  switch (type) {
    case 'time':
      // A time is not exact anyway: beyond 2^53 it is only rounded.
      return typeof value === 'bigint' ? Number(value) : typeof value === 'number' ? value : undefined;
    case 'number':
      return Number.isSafeInteger(value) ? value : undefined;
    case 'flag':
      return typeof value === 'boolean' ? value : undefined;
    case 'textOrNull':
      return value === null || typeof value === 'string' ? value : undefined;
    case 'text':
    case 'direction':
    case 'role':
    case 'digests':
    case 'names':
    case 'numbers':
      return typeof value === 'string' ? decodedText(type, value) : undefined;
  }
}

function decodedText(type: 'text' | 'direction' | 'role' | 'digests' | 'names' | 'numbers', text: string): unknown {
  switch (type) {
    case 'text':
      return text;
    case 'direction':
      return text === 'send' || text === 'recv' || text === 'drop' ? text : undefined;
    case 'role':
      return ROLES.has(text) ? text : undefined;
    case 'digests':
      return listOf(text, digest);
    case 'names':
      return namesOf(text);
    case 'numbers':
      return integersOf(text);
  }
}

const ROLES: ReadonlySet<string> = new Set(['follower', 'precandidate', 'candidate', 'leader']);

export function namesOf(text: string): readonly string[] | undefined {
  return listOf(text, (item) => (item === '' ? undefined : item));
}

export function integersOf(text: string): readonly number[] | undefined {
  return listOf(text, integer);
}

/** The items of a text, split at commas. Undefined when one of them is invalid. */
function listOf<T>(text: string, itemOf: (part: string) => T | undefined): readonly T[] | undefined {
  if (text === '') return [];
  const items: T[] = [];
  for (const part of text.split(',')) {
    const item = itemOf(part);
    if (item === undefined) return undefined;
    items.push(item);
  }
  return items;
}

function digest(part: string): EntryDigest | undefined {
  const colon = part.indexOf(':');
  const term = integer(part.slice(0, Math.max(colon, 0)));
  return term === undefined ? undefined : { term, hash: part.slice(colon + 1) };
}

function integer(part: string): number | undefined {
  const value = Number(part);
  return /^-?\d+$/.test(part) && Number.isSafeInteger(value) ? value : undefined;
}
