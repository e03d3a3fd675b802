import { decodeCanonical } from './decode-canonical.ts';
import { decodeParsed } from './decode-parsed.ts';
import type { Event } from './event.ts';
import { decodedValue, type KnownType, WANTED } from './field-value.ts';
import { JsonCursor, JsonProblem, type JsonValue } from './json-cursor.ts';
import { type Layout, layoutFor } from './layout.ts';
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
 * `time`, `node` and `op` must be there, and `dir`, `src`, `dst` for a message. Absent, `seq` is 0, `boot` is 1, and `src` and `dst` are
 * the node. `level` and `msg` are derived from the rest and not kept. Keys that a line of this opcode does not have go to `extra` as they
 * are. It is an error when a key comes twice, a known field has a wrong type, or a known number is no integer up to 2^53 - 1 (`time`
 * may have a fraction).
 */
export function decodeLine(line: string): DecodedLine {
  const event = cursor.startText(line) ? decodeCanonical(cursor) : undefined;
  return event === undefined ? decodePatiently(line) : { event };
}

/** The same for a line that is still bytes, of UTF-8: for whoever reads many of them, and need not make a text of each. */
export function decodeBytes(line: Uint8Array): DecodedLine {
  const event = cursor.startBytes(line) ? decodeCanonical(cursor) : undefined;
  return event === undefined ? decodePatiently(utf8.decode(line)) : { event };
}

/** One line is read at a time, so that one cursor does for all. */
const cursor = new LineCursor();
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

function decodePatiently(line: string): DecodedLine {
  const event = decodeParsed(line);
  return event === undefined ? decodeCarefully(line) : { event };
}

/** Reads any line, slowly, and knows at every moment where it is. `decodeLine` gives the same, but sooner. */
export function decodeCarefully(line: string): DecodedLine {
  try {
    return { event: read(line) };
  } catch (error) {
    if (error instanceof JsonProblem) return { error: { reason: error.message, column: error.at + 1 } };
    throw error;
  }
}

/** The fields of an event while they are being gathered, each checked by itself. */
type Draft = Record<string, unknown>;

/** The keys and values of a line in their order, and where each starts: lists side by side, for this runs once a line. */
class Members {
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
  const members = new Members(line);
  const layout = layoutFor(opcodeOf(members, line));
  const draft: Draft = {};
  const extra = new Map<string, JsonValue>();
  members.keys.forEach((key, i) => {
    if (members.keys.indexOf(key) !== i) throw new JsonProblem(`the key "${key}" comes twice`, members.keysAt[i] ?? 0);
    if (key === 'level' || key === 'msg') return;
    const value = members.values[i] ?? null;
    const type = layout.types.get(key);
    if (type === undefined) extra.set(key, value);
    else draft[key] = checked(key, type, value, members.valuesAt[i] ?? 0);
  });
  // fromEntries defines properties, so that a key named __proto__ is only a key.
  if (extra.size > 0) draft['extra'] = Object.fromEntries(extra);
  return completed(draft, layout, line);
}

function opcodeOf(members: Members, line: string): Opcode {
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

/** Fills in what may be absent, and looks for what may not. */
function completed(draft: Draft, layout: Layout, line: string): Event {
  const needed = layout.kind === 'message' ? ['time', 'node', 'dir', 'src', 'dst'] : ['time', 'node'];
  for (const key of needed) {
    if (draft[key] === undefined) throw new JsonProblem(`the key "${key}" is missing`, line.length);
  }
  draft['seq'] ??= 0;
  draft['boot'] ??= 1;
  draft['src'] ??= draft['node'];
  draft['dst'] ??= draft['node'];
  // Each field has been checked against its type in the table, which is what Event's types are written from.
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
