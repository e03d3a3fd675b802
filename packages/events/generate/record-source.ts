import type { ValueType } from '../src/field.ts';
import { COMMON_ROWS } from '../src/fields.ts';
import { OPCODE_NAMES, type OpcodeKind, specOf } from '../src/index.ts';
import { OWN_FIELDS } from '../src/schema.ts';

/** The TypeScript of what a field of each type holds. */
const SOURCE_TYPES: Readonly<Record<ValueType, string>> = {
  number: 'number',
  text: 'string',
  textOrNull: 'string | null',
  flag: 'boolean',
  role: 'Role',
  digests: 'readonly EntryDigest[]',
  names: 'readonly string[]',
  numbers: 'readonly number[]',
};

/** The declarations of the fields that an event need not have. */
function declarations(): string[] {
  const rows = [...COMMON_ROWS, ...OWN_FIELDS].map(({ name, type }) => `${name}: ${SOURCE_TYPES[type]} | undefined = undefined;`);
  return ['dir: Direction | undefined = undefined;', ...rows];
}

/** The fields that the opcodes of a kind own, in the order of the table. */
function ownedBy(...kinds: readonly OpcodeKind[]): readonly string[] {
  const specs = OPCODE_NAMES.map(specOf).filter(({ kind }) => kinds.includes(kind));
  const owned = new Set(specs.flatMap(({ fields }) => fields.map((field) => field.replace('?', ''))));
  return OWN_FIELDS.map(({ name }) => name).filter((name) => owned.has(name));
}

const messageFields = () => ['dir', 'id', 're', ...ownedBy('message')];
const cleared = (names: readonly string[]) => names.map((name) => `this.${name} = undefined;`);

/** The parts of packages/raft/src/event-record.ts, by the names of the comments around them. The core's servers write no other kinds. */
export const RECORD_PARTS: ReadonlyMap<string, () => readonly string[]> = new Map([
  ['fields', declarations],
  ['message fields', () => cleared(messageFields())],
  ['step fields', () => cleared(ownedBy('step', 'lock').filter((name) => !messageFields().includes(name)))],
]);
