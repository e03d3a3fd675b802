import { EventError } from './error.ts';
import type { EntryDigest, Event } from './event.ts';
import { type Field, isReserved, type Layout, layoutFor } from './layout.ts';
import { textOf } from './text.ts';

/**
 * The event as its line, without the newline: the keys always in the same order, `msg` last.
 *
 * Written by hand because it runs once an event: it is about three times as fast as ordering the keys in an object for JSON.stringify.
 *
 * @throws EventError for what would not read back as it was: a number that is not finite, a name with a comma, an extra key that the
 *   format already gives a meaning
 */
export function encodeLine(event: Event): string {
  const layout = layoutFor(event.op);
  let line = `${layout.opening}${numeral(event.time, 'time')},"seq":${numeral(event.seq, 'seq')},"node":${quote(event.node)}`;
  line += `,"boot":${numeral(event.boot, 'boot')}${layout.op}`;
  if (event.dir !== undefined) line += `,"dir":"${event.dir}"`;
  line += `,"src":${quote(event.src)},"dst":${quote(event.dst)}`;
  if (event.id !== undefined) line += `,"id":${numeral(event.id, 'id')}`;
  if (event.re !== undefined) line += `,"re":${numeral(event.re, 're')}`;
  line += stateOf(event);
  for (const field of layout.own) line += ownField(event, field);
  if (event.extra !== undefined) line += extraOf(event.extra, layout);
  return `${line},"msg":${quote(textOf(event))}}`;
}

/** The keys of the server's state; each by itself, for a foreign log may know only some of them. */
function stateOf(event: Event): string {
  let text = '';
  if (event.term !== undefined) text += `,"term":${numeral(event.term, 'term')}`;
  if (event.role !== undefined) text += `,"role":"${event.role}"`;
  if (event.vote !== undefined) text += event.vote === null ? ',"vote":null' : `,"vote":${quote(event.vote)}`;
  if (event.commit !== undefined) text += `,"commit":${numeral(event.commit, 'commit')}`;
  if (event.applied !== undefined) text += `,"applied":${numeral(event.applied, 'applied')}`;
  if (event.last !== undefined) text += `,"last":${numeral(event.last, 'last')}`;
  if (event.lastTerm !== undefined) text += `,"lastTerm":${numeral(event.lastTerm, 'lastTerm')}`;
  return text;
}

function ownField(event: Event, field: Field): string {
  const value = event[field.name];
  if (value === undefined) return '';
  return field.opening + valueText(value, field.name);
}

/** The value as JSON: a list becomes a text, so that the line stays flat. */
function valueText(value: NonNullable<Event[Field['name']]> | null, name: string): string {
  switch (typeof value) {
    case 'number':
      return numeral(value, name);
    case 'string':
      return quote(value);
    case 'boolean':
      return value ? 'true' : 'false';
    default:
      return value === null ? 'null' : quote(joined(value, name));
  }
}

function joined(list: readonly (EntryDigest | string | number)[], name: string): string {
  let text = '';
  for (const item of list) {
    if (text !== '') text += ',';
    if (typeof item === 'object') text += `${item.term}:${item.hash}`;
    else text += typeof item === 'number' ? numeral(item, name) : listable(item, name);
  }
  return text;
}

function listable(item: string, name: string): string {
  if (item !== '' && !item.includes(',')) return item;
  throw new EventError('EVENT_NAME', `"${name}" lists ${JSON.stringify(item)}: a name in a list may not be empty or have a comma`);
}

function extraOf(extra: Readonly<Record<string, unknown>>, layout: Layout): string {
  let text = '';
  for (const [key, value] of Object.entries(extra)) {
    if (isReserved(layout, key)) throw new EventError('EVENT_RESERVED', `the extra key "${key}" has a meaning of its own in this line`);
    const json = extraValue(value, key);
    if (json !== undefined) text += `,${quote(key)}:${json}`;
  }
  return text;
}

/** Integers too great for a number come as bigint, at any depth, and are written as the digits that they were read from. */
function extraValue(value: unknown, key: string): string | undefined {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return numeral(value, key);
  if (typeof value === 'string') return quote(value);
  if (Array.isArray(value)) return `[${value.map((item) => extraValue(item, key) ?? 'null').join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).flatMap(([name, member]) => {
    const json = extraValue(member, key);
    return json === undefined ? [] : [`${quote(name)}:${json}`];
  });
  return `{${members.join(',')}}`;
}

function numeral(value: number, name: string): string {
  // Infinity and NaN have no form in JSON, and pino would write null.
  if (value - value !== 0) throw new EventError('EVENT_NUMBER', `"${name}" is ${value}, which a line cannot hold`);
  return String(value);
}

const PLAIN = /^[ !#-[\]-~]*$/;

/** JSON.stringify is well-formed for any string, lone surrogates included; most strings here need nothing but their quotes. */
function quote(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}
