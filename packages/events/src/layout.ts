import type { Event } from './event.ts';
import { FIELD_READERS, type FieldReader } from './field-reader.ts';
import { FIELD_TEXT } from './field-text.ts';
import { HEADER_FIELDS } from './header-fields.ts';
import { FIELD_TYPES, type FieldName, type FieldType, OPCODE_NAMES, type Opcode, type OpcodeKind, specOf } from './opcode.ts';

/** Everything about the lines of one opcode that does not change from line to line. */
export interface Layout {
  /** `{"level":30,"time":` */
  readonly opening: string;
  /** `,"op":"Vote"` */
  readonly op: string;
  readonly opcode: Opcode;
  readonly kind: OpcodeKind;
  /** The texts of the opcode's own fields, in the order of the line. */
  readonly own: readonly ((event: Event) => string)[];
  /** The names of all the fields that `encodeLine` looks for. */
  readonly known: ReadonlySet<string>;
  readonly ownTypes: ReadonlyMap<string, FieldType>;
  /** The readers of the opcode's own fields, in the order of the line. */
  readonly readers: readonly FieldReader[];
}

function layoutOf(op: Opcode): Layout {
  const spec = specOf(op);
  const own = spec.fields.map((field) => fieldName(field.replace(/\?$/, '')));
  return {
    opening: `{"level":${spec.level ?? 30},"time":`,
    op: `,"op":"${op}"`,
    opcode: op,
    kind: spec.kind,
    own: own.map((name) => FIELD_TEXT[name]),
    known: new Set([...Object.keys(HEADER_FIELDS), ...own, 'extra']),
    ownTypes: new Map(own.map((name) => [name, FIELD_TYPES[name]])),
    readers: own.map((name) => FIELD_READERS[name]),
  };
}

function fieldName(name: string): FieldName {
  if (!isFieldName(name)) throw new Error(`the opcode table names the field "${name}", which FIELD_TYPES does not know`);
  return name;
}

export function isFieldName(name: string): name is FieldName {
  return Object.hasOwn(FIELD_TYPES, name);
}

const layouts: ReadonlyMap<string, Layout> = new Map(OPCODE_NAMES.map((op) => [op, layoutOf(op)]));

export function layoutFor(op: Opcode): Layout {
  const layout = layouts.get(op);
  if (layout === undefined) throw new Error(`there is no opcode "${op}"`);
  return layout;
}

/** The layout of the opcode of that name, if there is one. */
export function layoutNamed(name: string): Layout | undefined {
  return layouts.get(name);
}

/** True when a line of that opcode gives the key a meaning, so that it cannot be an extra one. */
export function isReserved(layout: Layout, key: string): boolean {
  return key === 'level' || key === 'msg' || Object.hasOwn(HEADER_FIELDS, key) || layout.ownTypes.has(key);
}
