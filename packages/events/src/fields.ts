import assert from 'node:assert';
import type { EventFields, MutableFields } from './event.ts';
import type { Field, ValuesByType, ValueType } from './field.ts';
import { COMMON_FIELDS, type CommonFieldTypes, ENVELOPE, type FieldName, type FieldTypes, FRAME, OWN_FIELDS } from './schema.ts';

/** A row of the table whose field has that type. */
interface RowOf<Type extends ValueType> extends Omit<Field<string, Type>, 'get' | 'set'> {
  readonly get: (event: EventFields) => ValuesByType[Type] | undefined;
  readonly set: (draft: MutableFields, value: ValuesByType[Type]) => void;
}

/** A row of the table of fields. */
export type FieldRow = { readonly [Type in ValueType]: RowOf<Type> }[ValueType];

/** The fields that every line may have after the envelope, in the order of the line. */
export const COMMON_ROWS: readonly FieldRow[] = COMMON_FIELDS;

const OWN_ROWS: readonly FieldRow[] = OWN_FIELDS;
const rows: ReadonlyMap<string, FieldRow> = new Map(OWN_ROWS.map((row) => [row.name, row]));
assert(rows.size === OWN_ROWS.length, 'the table of fields has a name twice');

/** The row of a field that opcodes own. */
export function fieldRow(name: string): FieldRow | undefined {
  return rows.get(name);
}

export function isFieldName(name: string): name is FieldName {
  return rows.has(name);
}

/** The type of each field that an opcode may own, in the order of the table. */
export const FIELD_TYPES = Object.fromEntries(OWN_ROWS.map(({ name, type }) => [name, type])) as FieldTypes;

type EnvelopeTypes = { readonly [Name in keyof typeof ENVELOPE]: (typeof ENVELOPE)[Name]['type'] };
type HeaderTypes = EnvelopeTypes & CommonFieldTypes;

/** The keys that every line may have, before the opcode's own, and their types. `level` and `msg` frame the line and are not among them. */
export const HEADER_FIELDS = Object.fromEntries([
  ...Object.entries(ENVELOPE).map(([name, { type }]) => [name, type]),
  ...COMMON_ROWS.map(({ name, type }) => [name, type]),
]) as HeaderTypes;

/** What each key of a line means, in a few words: for the details of an event and for docs/EVENTS.md. */
export const FIELD_MEANINGS = Object.fromEntries([
  ...Object.entries({ ...FRAME, ...ENVELOPE }).map(([name, { meaning }]) => [name, meaning]),
  ...[...COMMON_ROWS, ...OWN_ROWS].map(({ name, meaning }) => [name, meaning]),
]) as Readonly<Record<keyof HeaderTypes | keyof typeof FRAME | FieldName, string>>;
