import { EventError } from './error.ts';
import type { Event } from './event.ts';
import { fieldRow, isFieldName } from './fields.ts';
import { isReserved, type LineLayout, layoutFor } from './layout.ts';
import { memberOf, numeral, quote } from './member.ts';
import { textOf } from './text.ts';

/**
 * The event as its line, without the newline: the keys always in the same order, `msg` last. A field that the opcode does not own is
 * written after those that it owns. It has no meaning there, and is read back as an extra key.
 *
 * @throws EventError for what would not read back as it was: EVENT_NUMBER (not finite), EVENT_NAME (a name in a list is empty or has a
 *   comma), EVENT_RESERVED (an extra key that the format gives a meaning), EVENT_FIELD (a property that is no field)
 */
export function encodeLine(event: Event): string {
  const layout = layoutFor(event.op);
  let line = `${layout.opening}${numeral(event.time, '"time"')},"seq":${numeral(event.seq, '"seq"')},"node":${quote(event.node)}`;
  line += `,"boot":${numeral(event.boot, '"boot"')}${layout.op}`;
  if (event.dir !== undefined) line += `,"dir":"${event.dir}"`;
  line += `,"src":${quote(event.src)},"dst":${quote(event.dst)}`;
  for (const row of layout.rows) line += memberOf(row, event);
  line += strayOf(event, layout);
  if (event.extra !== undefined) line += extraOf(event, event.extra, layout);
  return `${line},"msg":${quote(textOf(event))}}`;
}

/** The fields that the event has and its opcode does not own. */
function strayOf(event: Event, layout: LineLayout): string {
  let members = '';
  for (const name of Object.keys(event)) {
    if (layout.known.has(name)) continue;
    const row = fieldRow(name);
    if (row === undefined)
      throw new EventError('EVENT_FIELD', `the event has the property "${name}", which is no field: put it in "extra"`);
    members += memberOf(row, event);
  }
  return members;
}

function extraOf(event: Event, extra: Readonly<Record<string, unknown>>, layout: LineLayout): string {
  let members = '';
  for (const [key, value] of Object.entries(extra)) {
    if (isReserved(layout, key) || (isFieldName(key) && event[key] !== undefined))
      throw new EventError('EVENT_RESERVED', `the extra key "${key}" has a meaning of its own in this line`);
    const json = extraValue(value, key);
    if (json !== undefined) members += `,${quote(key)}:${json}`;
  }
  return members;
}

/** Integers too great for a number are bigint, at any depth, and are written with the digits that were read. */
function extraValue(value: unknown, key: string): string | undefined {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return numeral(value, JSON.stringify(key));
  if (typeof value === 'string') return quote(value);
  if (Array.isArray(value)) return `[${value.map((item) => extraValue(item, key) ?? 'null').join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = Object.entries(value).flatMap(([name, member]) => {
    const json = extraValue(member, key);
    return json === undefined ? [] : [`${quote(name)}:${json}`];
  });
  return `{${inner.join(',')}}`;
}
