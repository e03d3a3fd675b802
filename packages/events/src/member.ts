import { EventError } from './error.ts';
import type { EventFields } from './event.ts';
import type { FieldRow } from './fields.ts';
import type { EntryDigest } from './value.ts';

/** The field as it stands in the line, with the comma and the key before it. Empty where the event does not have it. */
export function memberOf(row: FieldRow, event: EventFields): string {
  switch (row.type) {
    case 'number':
      return number(row.opening, row.get(event));
    case 'text':
    case 'textOrNull':
      return text(row.opening, row.get(event));
    case 'flag':
      return flag(row.opening, row.get(event));
    case 'role':
      return word(row.opening, row.get(event));
    case 'digests':
      return digests(row.opening, row.get(event));
    case 'names':
      return names(row.opening, row.get(event));
    case 'numbers':
      return numbers(row.opening, row.get(event));
  }
}

function number(opening: string, value: number | undefined): string {
  return value === undefined ? '' : opening + numeral(value, opening);
}

function text(opening: string, value: string | null | undefined): string {
  if (value === undefined) return '';
  return opening + (value === null ? 'null' : quote(value));
}

function flag(opening: string, value: boolean | undefined): string {
  if (value === undefined) return '';
  return value ? `${opening}true` : `${opening}false`;
}

/** One of a few fixed words: none of them needs an escape. */
function word(opening: string, value: string | undefined): string {
  return value === undefined ? '' : `${opening}"${value}"`;
}

/** A list becomes a text: the line stays flat. */
function digests(opening: string, list: readonly EntryDigest[] | undefined): string {
  if (list === undefined) return '';
  let joined = '';
  for (const { term, hash } of list) joined += joined === '' ? `${term}:${hash}` : `,${term}:${hash}`;
  return opening + quote(joined);
}

function names(opening: string, list: readonly string[] | undefined): string {
  if (list === undefined) return '';
  const bad = list.find((name) => name === '' || name.includes(','));
  if (bad === undefined) return opening + quote(list.join(','));
  throw new EventError('EVENT_NAME', `${keyIn(opening)} lists ${JSON.stringify(bad)}: a name in a list may not be empty or have a comma`);
}

function numbers(opening: string, list: readonly number[] | undefined): string {
  return list === undefined ? '' : `${opening}"${list.map((value) => numeral(value, opening)).join(',')}"`;
}

/** @param opening the key as it stands in the line, for the message */
export function numeral(value: number, opening: string): string {
  // Infinity and NaN have no form in JSON, and pino would write null.
  if (value - value !== 0) throw new EventError('EVENT_NUMBER', `${keyIn(opening)} is ${value}, which a line cannot hold`);
  return String(value);
}

function keyIn(opening: string): string {
  return opening.replace(/^,|:$/g, '');
}

const PLAIN = /^[ !#-[\]-~]*$/;

/** JSON.stringify is well-formed for any string, lone surrogates included. Most strings here need only their quotes. */
export function quote(value: string): string {
  return PLAIN.test(value) ? `"${value}"` : JSON.stringify(value);
}
