import type { Event, MutableFields } from './event.ts';
import type { FieldRow } from './fields.ts';
import { layoutNamed } from './layout.ts';
import type { LineCursor } from './line-cursor.ts';
import { LineKey, lineKey } from './line-key.ts';

const LEVEL = new LineKey('{"level":');
const TIME = lineKey('time');
const TIME_FIRST = new LineKey('{"time":');
const SEQ = lineKey('seq');
const NODE = lineKey('node');
const BOOT = lineKey('boot');
const OP = lineKey('op');
const DIR = lineKey('dir');
const SRC = lineKey('src');
const DST = lineKey('dst');
const MSG = lineKey('msg');

/**
 * Reads a line whose keys stand in the order of the format, as `encodeLine` and most other writers have them: one pass over its bytes, in
 * which the next key is known before it is read. Optional keys may be absent.
 *
 * Returns undefined for every other line, right or wrong: another order, an unknown key or one that comes twice, white space, text that
 * is not plain ASCII, a value of a wrong type.
 */
export function decodeCanonical(cursor: LineCursor): Event | undefined {
  if (cursor.accept(LEVEL)) {
    cursor.integer();
    if (!cursor.accept(TIME)) return undefined;
  } else if (!cursor.accept(TIME_FIRST)) return undefined;
  const time = cursor.decimal();
  const seq = cursor.accept(SEQ) ? cursor.integer() : 0;
  if (!cursor.accept(NODE)) return undefined;
  const node = cursor.text();
  const boot = cursor.accept(BOOT) ? cursor.integer() : 1;
  if (!cursor.accept(OP)) return undefined;
  const op = cursor.text();
  const layout = layoutNamed(op);
  if (layout === undefined) return undefined;
  const dir = cursor.accept(DIR) ? cursor.direction() : undefined;
  const src = cursor.accept(SRC) ? cursor.text() : undefined;
  const dst = cursor.accept(DST) ? cursor.text() : undefined;
  if (layout.kind === 'message' && (dir === undefined || src === undefined || dst === undefined)) return undefined;
  // The keys of the event have the order of the line: whoever iterates over them expects that.
  const draft: MutableFields =
    dir === undefined
      ? { time, seq, node, boot, op: layout.opcode, src: src ?? node, dst: dst ?? node }
      : { time, seq, node, boot, op: layout.opcode, dir, src: src ?? node, dst: dst ?? node };
  for (const row of layout.rows) if (cursor.accept(row.key)) readInto(draft, row, cursor);
  if (cursor.accept(MSG)) cursor.skipText();
  // Only fields of the layout's opcode were stored: together they are an event.
  return cursor.isAtEnd() ? (draft as unknown as Event) : undefined;
}

/** Reads the value of a field whose key has just been read. */
function readInto(draft: MutableFields, row: FieldRow, cursor: LineCursor): void {
  switch (row.type) {
    case 'number':
      return row.set(draft, cursor.integer());
    case 'text':
      return row.set(draft, cursor.text());
    case 'textOrNull':
      return row.set(draft, cursor.textOrNull());
    case 'flag':
      return row.set(draft, cursor.flag());
    case 'role':
      return row.set(draft, cursor.role());
    case 'digests':
      return row.set(draft, cursor.digests());
    case 'names':
      return row.set(draft, cursor.names());
    case 'numbers':
      return row.set(draft, cursor.integers());
  }
}
