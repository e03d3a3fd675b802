import { EventError } from './error.ts';
import type { Event } from './event.ts';
import { FIELD_TEXT, number, numeral, quote, text } from './field-text.ts';
import { isFieldName, isReserved, type Layout, layoutFor } from './layout.ts';
import { textOf } from './text.ts';

/**
 * The event as its line, without the newline: the keys always in the same order, `msg` last. A field that the opcode does not own is
 * written all the same, after those that it owns, and read back among the `extra` ones, for it means nothing there.
 *
 * @throws EventError for what would not read back as it was: a number that is not finite, a name with a comma, an extra key that the
 *   line already has or that the format gives a meaning, a property that is no field
 */
export function encodeLine(event: Event): string {
  const layout = layoutFor(event.op);
  let line = `${layout.opening}${numeral(event.time, '"time"')},"seq":${numeral(event.seq, '"seq"')},"node":${quote(event.node)}`;
  line += `,"boot":${numeral(event.boot, '"boot"')}${layout.op}`;
  if (event.dir !== undefined) line += `,"dir":"${event.dir}"`;
  line += `,"src":${quote(event.src)},"dst":${quote(event.dst)}${number(',"id":', event.id)}${number(',"re":', event.re)}${stateOf(event)}`;
  for (const fieldText of layout.own) line += fieldText(event);
  line += strayOf(event, layout);
  if (event.extra !== undefined) line += extraOf(event, event.extra, layout);
  return `${line},"msg":${quote(textOf(event))}}`;
}

/** The keys of the server's state; each by itself, for a foreign log may know only some of them. */
function stateOf(event: Event): string {
  const { term, role } = event;
  let state = number(',"term":', term);
  if (role !== undefined) state += `,"role":"${role}"`;
  state += text(',"vote":', event.vote) + number(',"commit":', event.commit) + number(',"applied":', event.applied);
  return state + number(',"last":', event.last) + number(',"lastTerm":', event.lastTerm);
}

/** Fields that the event has although its opcode does not own them. */
function strayOf(event: Event, layout: Layout): string {
  let members = '';
  for (const name of Object.keys(event)) {
    if (layout.known.has(name)) continue;
    if (!isFieldName(name))
      throw new EventError('EVENT_FIELD', `the event has the property "${name}", which is no field: put it in "extra"`);
    members += FIELD_TEXT[name](event);
  }
  return members;
}

function extraOf(event: Event, extra: Readonly<Record<string, unknown>>, layout: Layout): string {
  let members = '';
  for (const [key, value] of Object.entries(extra)) {
    if (isReserved(layout, key) || (isFieldName(key) && event[key] !== undefined))
      throw new EventError('EVENT_RESERVED', `the extra key "${key}" has a meaning of its own in this line`);
    const json = extraValue(value, key);
    if (json !== undefined) members += `,${quote(key)}:${json}`;
  }
  return members;
}

/** Integers too great for a number come as bigint, at any depth, and are written as the digits that they were read from. */
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
