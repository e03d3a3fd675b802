import assert from 'node:assert';
import type { KnownType } from './field-value.ts';
import { COMMON_ROWS, type FieldRow, fieldRow, HEADER_FIELDS } from './fields.ts';
import { OPCODE_NAMES, type Opcode, type OpcodeKind, specOf } from './opcode.ts';

/** What all lines of one opcode have in common. */
export interface LineLayout {
  /** `{"level":30,"time":` */
  readonly opening: string;
  /** `,"op":"Vote"` */
  readonly op: string;
  readonly opcode: Opcode;
  readonly kind: OpcodeKind;
  /** The fields that a line may have after its envelope, in the order of the line: those of every line, then the opcode's own. */
  readonly rows: readonly FieldRow[];
  /** The names of the fields that a line of the opcode may have, and `extra`. */
  readonly known: ReadonlySet<string>;
  /** The type of each key that has a meaning in the line, except `level` and `msg`. */
  readonly types: ReadonlyMap<string, KnownType>;
}

function layoutOf(op: Opcode): LineLayout {
  const spec = specOf(op);
  const own = spec.fields.map((field) => ownRow(field.replace(/\?$/, '')));
  const names = [...Object.keys(HEADER_FIELDS), ...own.map(({ name }) => name)];
  assert(new Set(names).size === names.length, `the opcode ${op} lists a field twice, or one that every line may have`);
  const types = new Map<string, KnownType>([...Object.entries(HEADER_FIELDS), ...own.map(({ name, type }) => [name, type] as const)]);
  return {
    opening: `{"level":${spec.level ?? 30},"time":`,
    op: `,"op":"${op}"`,
    opcode: op,
    kind: spec.kind,
    rows: [...COMMON_ROWS, ...own],
    known: new Set([...types.keys(), 'extra']),
    types,
  };
}

function ownRow(name: string): FieldRow {
  const row = fieldRow(name);
  assert(row !== undefined, `the table of opcodes names the field "${name}", which the table of fields does not have`);
  return row;
}

const layouts: ReadonlyMap<string, LineLayout> = new Map(OPCODE_NAMES.map((op) => [op, layoutOf(op)]));

export function layoutFor(op: Opcode): LineLayout {
  const layout = layouts.get(op);
  if (layout === undefined) assert.fail(`there is no opcode "${op}"`);
  return layout;
}

/** The layout of the opcode of that name, if there is one. */
export function layoutNamed(name: string): LineLayout | undefined {
  return layouts.get(name);
}

/** Whether the key has a meaning in a line of that opcode. Then it cannot be an extra key. */
export function isReserved(layout: LineLayout, key: string): boolean {
  return key === 'level' || key === 'msg' || layout.types.has(key);
}
