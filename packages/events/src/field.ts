import { type LineKey, lineKey } from './line-key.ts';
import type { EntryDigest, Role } from './value.ts';

/** What a field of each type holds in an event. A list stands in the line as a text: see `WANTED`. */
export interface ValuesByType {
  readonly number: number;
  readonly text: string;
  readonly textOrNull: string | null;
  readonly flag: boolean;
  readonly role: Role;
  readonly digests: readonly EntryDigest[];
  readonly names: readonly string[];
  readonly numbers: readonly number[];
}

export type ValueType = keyof ValuesByType;

/** Something that may have the field. */
type FieldHolder<Name extends string, Value> = { [Key in Name]?: Value | undefined };

/** A row of the table of fields, and what of the line follows from it. */
export interface Field<Name extends string, Type extends ValueType> {
  readonly name: Name;
  readonly type: Type;
  readonly meaning: string;
  /** A value that a run of three servers might have. */
  readonly example: ValuesByType[Type];
  readonly get: (event: Readonly<FieldHolder<Name, ValuesByType[Type]>>) => ValuesByType[Type] | undefined;
  readonly set: (draft: FieldHolder<Name, ValuesByType[Type]>, value: ValuesByType[Type]) => void;
  /** `,"term":` */
  readonly opening: string;
  readonly key: LineKey;
}

/** Makes a row. The name stands in it three times; the compiler refuses a row in which they differ. */
export function field<const Name extends string, Type extends ValueType>(
  name: Name,
  type: Type,
  meaning: string,
  example: ValuesByType[Type],
  get: Field<Name, Type>['get'],
  set: Field<Name, Type>['set'],
): Field<Name, Type> {
  return { name, type, meaning, example, get, set, opening: `,"${name}":`, key: lineKey(name) };
}
