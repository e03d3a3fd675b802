import { type Event, FIELD_TYPES } from '@raftlens/events';
import { COLUMN_NAMES, COLUMNS, type ColumnSpec } from '../columns/schema.ts';

/** `name`: equal or not. `number`: ordered too. `text`: equal, or matched by a regular expression. */
export type FieldKind = 'number' | 'name' | 'flag' | 'text';

export interface FieldSpec {
  readonly kind: FieldKind;
  /** The values that there are, where that is a closed set. */
  readonly values?: readonly string[];
}

const LEVELS = { trace: 10, debug: 20, info: 30, warn: 40, error: 50, fatal: 60 } as const;

/** Fields that stand in columns: they are compared without reading the line. */
const COLUMN_FIELDS: Readonly<Record<string, FieldSpec>> = {
  ...Object.fromEntries(COLUMN_NAMES.flatMap((name) => fieldOfColumn(name, COLUMNS[name]))),
  row: { kind: 'number' },
  peer: { kind: 'name' },
};

function fieldOfColumn(name: string, spec: ColumnSpec): readonly (readonly [string, FieldSpec])[] {
  switch (spec.kind) {
    case 'time':
    case 'number':
      return [[name, { kind: 'number' }]];
    case 'name':
      return [[name, { kind: 'name' }]];
    case 'code':
      return [[name, { kind: 'name', values: spec.values.filter((value) => value !== null) }]];
    case 'flags':
    case 'link':
    case 'place':
      return [];
  }
}

/** Fields for which the line has to be read. */
const LINE_FIELDS: Readonly<Record<string, FieldSpec>> = {
  msg: { kind: 'text' },
  line: { kind: 'text' },
  seq: { kind: 'number' },
  boot: { kind: 'number' },
  re: { kind: 'number' },
  vote: { kind: 'name' },
  applied: { kind: 'number' },
  last: { kind: 'number' },
  lastTerm: { kind: 'number' },
};

const OWN_FIELDS: Readonly<Record<string, FieldSpec>> = Object.fromEntries(
  Object.entries(FIELD_TYPES).map(([name, type]) => [name, { kind: kindOf(type) }]),
);

const FIELDS: Readonly<Record<string, FieldSpec>> = { ...OWN_FIELDS, ...LINE_FIELDS, ...COLUMN_FIELDS };

export const FIELD_NAMES: readonly string[] = Object.keys(FIELDS);

export function fieldSpec(name: string): FieldSpec | undefined {
  return Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
}

function kindOf(type: (typeof FIELD_TYPES)[keyof typeof FIELD_TYPES]): FieldKind {
  switch (type) {
    case 'number':
      return 'number';
    case 'flag':
      return 'flag';
    case 'text':
    case 'textOrNull':
    case 'names':
    case 'numbers':
    case 'digests':
      return 'text';
  }
}

/** A number of the language: `12`, `1.5s`, `200ms`, and the names of the levels. NaN for anything else. */
export function numberOf(field: string, text: string): number {
  if (field === 'level' && Object.hasOwn(LEVELS, text)) return LEVELS[text as keyof typeof LEVELS];
  const match = /^(-?\d+(?:\.\d+)?(?:e\d+)?)(ms|s|m|h)?$/.exec(text);
  if (match === null || (match[2] !== undefined && field !== 'time')) return Number.NaN;
  const unitMs = match[2] === 's' ? 1000 : match[2] === 'm' ? 60_000 : match[2] === 'h' ? 3_600_000 : 1;
  return Number(match[1]) * unitMs;
}

/** The value of a field of an event as text, or undefined where the event has none. null stands as "none". */
export function valueOf(event: Event, field: string): string | undefined {
  const value: unknown = Object.hasOwn(event, field) ? event[field as keyof Event] : undefined;
  if (value === undefined) return undefined;
  if (value === null) return 'none';
  if (Array.isArray(value)) return value.map(itemText).join(',');
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

function itemText(item: unknown): string {
  if (typeof item === 'object' && item !== null && 'term' in item && 'hash' in item) return `${String(item.term)}:${String(item.hash)}`;
  return String(item);
}
