import { decodeCanonical } from './decode-canonical.ts';
import { decodeParsed } from './decode-parsed.ts';
import type { Event } from './event.ts';
import { decodedValue, type KnownType, WANTED } from './field-value.ts';
import { JsonCursor, JsonProblem, type JsonValue } from './json-cursor.ts';
import { type LineLayout, layoutFor } from './layout.ts';
import { LineCursor } from './line-cursor.ts';
import { isOpcode, type Opcode } from './opcode.ts';

/** Why a line is not an event. `column` counts characters from 1, as editors do. */
export interface LineError {
  readonly reason: string;
  readonly column: number;
}

export type DecodedLine = { readonly event: Event; readonly error?: never } | { readonly error: LineError; readonly event?: never };

/**
 * Reads one line, in any order of keys and with any white space between them. Never throws.
 *
 * `time`, `node` and `op` must be there, and for a message `dir`, `src` and `dst`. Where they are absent, `seq` is 0, `boot` is 1, and
 * `src` and `dst` are the node. `level` and `msg` follow from the rest and are not kept. Keys without a meaning in a line of
 * this opcode go to `extra` unchanged. It is an error when a key comes twice, a known field has a wrong type, or a known number is not an integer up to
 * 2^53 - 1 (`time` may have a fraction).
 */
export function decodeLine(line: string): DecodedLine {
  const event = cursor.startText(line) ? decodeCanonical(cursor) : undefined;
  return event === undefined ? decodePatiently(line) : { event };
}

/** The same for a line in bytes of UTF-8. A reader of many lines saves making a string of each. */
export function decodeBytes(line: Uint8Array): DecodedLine {
  const event = cursor.startBytes(line) ? decodeCanonical(cursor) : undefined;
  return event === undefined ? decodePatiently(utf8.decode(line)) : { event };
}

/** Lines are read one at a time: one cursor is enough. */
const cursor = new LineCursor();
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

function decodePatiently(line: string): DecodedLine {
  const event = decodeParsed(line);
  return event === undefined ? decodeCarefully(line) : { event };
}

/** Reads any line, slowly, and knows the position of every mistake. `decodeLine` returns the same, sooner. */
export function decodeCarefully(line: string): DecodedLine {
  try {
    return { event: read(line) };
  } catch (error) {
    if (error instanceof JsonProblem) return { error: { reason: error.message, column: error.at + 1 } };
    throw error;
  }
}

/** The fields of an event while they are gathered, each checked by itself. */
type UncheckedFields = Record<string, unknown>;

/** The keys and values of a line in their order, and where each starts. Parallel lists, since this runs once for each line. */
class JsonMembers {
  readonly keys: string[] = [];
  readonly keysAt: number[] = [];
  readonly values: JsonValue[] = [];
  readonly valuesAt: number[] = [];

  constructor(line: string) {
    const cursor = new JsonCursor(line);
    cursor.members((key, keyAt) => {
      cursor.skipSpace();
      this.keys.push(key);
      this.keysAt.push(keyAt);
      this.valuesAt.push(cursor.at);
      this.values.push(cursor.value());
    });
    cursor.expectEnd();
  }
}

function read(line: string): Event {
  const members = new JsonMembers(line);
  const layout = layoutFor(opcodeOf(members, line));
  const draft: UncheckedFields = {};
  const extra = new Map<string, JsonValue>();
  members.keys.forEach((key, i) => {
    if (members.keys.indexOf(key) !== i) throw new JsonProblem(`the key "${key}" comes twice`, members.keysAt[i] ?? 0);
    if (key === 'level' || key === 'msg') return;
    const value = members.values[i] ?? null;
    const type = layout.types.get(key);
    if (type === undefined) extra.set(key, value);
    else draft[key] = checked(key, type, value, members.valuesAt[i] ?? 0);
  });
  // fromEntries defines properties: a key named __proto__ is only a key.
  if (extra.size > 0) draft['extra'] = Object.fromEntries(extra);
  return completed(draft, layout, line);
}

function opcodeOf(members: JsonMembers, line: string): Opcode {
  const at = members.keys.indexOf('op');
  if (at < 0) throw new JsonProblem('the key "op" is missing', line.length);
  const op = members.values[at] ?? null;
  if (typeof op === 'string' && isOpcode(op)) return op;
  throw new JsonProblem(`${shown(op)} is no opcode`, members.valuesAt[at] ?? 0);
}

function checked(key: string, type: KnownType, value: JsonValue, at: number): unknown {
  const decoded = decodedValue(type, value);
  if (decoded !== undefined) return decoded;
  if (type === 'number' && typeof value === 'bigint') {
    throw new JsonProblem(`"${key}" is ${value}, and integers beyond 2^53 - 1 (${Number.MAX_SAFE_INTEGER}) would lose digits`, at);
  }
  throw new JsonProblem(`"${key}" must be ${WANTED[type]}, not ${shown(value)}`, at);
}

/** Fills in what may be absent. Refuses the line where something that must be there is absent. */
function completed(draft: UncheckedFields, layout: LineLayout, line: string): Event {
  const needed = layout.kind === 'message' ? ['time', 'node', 'dir', 'src', 'dst'] : ['time', 'node'];
  for (const key of needed) {
    if (draft[key] === undefined) throw new JsonProblem(`the key "${key}" is missing`, line.length);
  }
  draft['seq'] ??= 0;
  draft['boot'] ??= 1;
  draft['src'] ??= draft['node'];
  draft['dst'] ??= draft['node'];
  // Each field was checked against its type in the table, from which Event's types follow.
  return draft as unknown as Event;
}

/** A value short enough for a message. */
function shown(value: JsonValue): string {
  const text =
    typeof value === 'bigint'
      ? value.toString()
      : JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? `${inner}` : inner));
  return text.length <= 40 ? text : `${text.slice(0, 39)}…`;
}
