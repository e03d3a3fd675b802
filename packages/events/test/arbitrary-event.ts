import fc from 'fast-check';
import { type Event, FIELD_TYPES, type FieldName, OPCODE_NAMES, type Opcode, specOf } from '../src/index.ts';

const integer = fc.oneof(fc.nat(1000), fc.integer({ min: -1, max: Number.MAX_SAFE_INTEGER }));
// `binary` gives any sequence of UTF-16 units, lone surrogates and control characters among them.
const text = fc.oneof(
  fc.constantFrom('S1', 'S2', 'C1', ''),
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
);
const name = fc.oneof(fc.constantFrom('S1', 'S2', 'S3'), text).filter((item) => item !== '' && !item.includes(','));
const digest = fc.record({ term: integer, hash: fc.stringMatching(/^[0-9a-f]{8}$/) }, { noNullPrototype: true });
const timeMs = fc.oneof(integer, fc.double({ noNaN: true, noDefaultInfinity: true })).map((value) => value + 0);

const VALUES = {
  number: integer,
  text,
  textOrNull: fc.oneof(fc.constant(null), text),
  flag: fc.boolean(),
  digests: fc.array(digest, { maxLength: 4 }),
  names: fc.array(name, { maxLength: 4 }),
  numbers: fc.array(integer, { maxLength: 4 }),
} as const;

const json = fc.oneof(
  integer,
  text,
  fc.boolean(),
  fc.constant(null),
  fc.bigInt({ min: 2n ** 53n, max: 2n ** 80n }),
  fc.array(text, { maxLength: 2 }),
  fc.dictionary(text, integer, { maxKeys: 2, noNullPrototype: true }),
);
const extra = fc.dictionary(
  fc.oneof(
    fc.constantFrom('hostname', 'pid', '__proto__', 'constructor'),
    fc.string().map((key) => `x${key}`),
  ),
  json,
  { minKeys: 1, maxKeys: 3, noNullPrototype: true },
);

function fieldsOf(op: Opcode): fc.Arbitrary<object> {
  const required: string[] = [];
  const model: Record<string, fc.Arbitrary<unknown>> = {};
  for (const field of specOf(op).fields) {
    const own = field.replace('?', '') as FieldName;
    model[own] = VALUES[FIELD_TYPES[own]];
    if (!field.endsWith('?')) required.push(own);
  }
  return fc.record(model, { requiredKeys: required, noNullPrototype: true });
}

const state = fc.record({
  term: integer,
  role: fc.constantFrom('follower', 'precandidate', 'candidate', 'leader'),
  vote: fc.oneof(fc.constant(null), text),
  commit: integer,
  applied: integer,
  last: integer,
  lastTerm: integer,
});

const message = fc.record({ dir: fc.constantFrom('send', 'recv', 'drop'), id: integer, re: integer }, { requiredKeys: ['dir'] });

/** Any event of that opcode that the table allows, with hostile texts and keys that the format does not know. */
export function eventOf(op: Opcode): fc.Arbitrary<Event> {
  return fc
    .record({
      header: fc.record({ time: timeMs, seq: integer, node: text, boot: integer, src: text, dst: text }),
      message: specOf(op).kind === 'message' ? message : fc.constant({}),
      state: fc.option(state, { nil: {} }),
      own: fieldsOf(op),
      extra: fc.option(extra, { nil: undefined, freq: 4 }),
    })
    .map(
      (parts) =>
        ({
          op,
          ...parts.header,
          ...parts.message,
          ...parts.state,
          ...parts.own,
          ...(parts.extra === undefined ? {} : { extra: parts.extra }),
        }) as Event,
    );
}

export const anyEvent: fc.Arbitrary<Event> = fc.constantFrom(...OPCODE_NAMES).chain(eventOf);
