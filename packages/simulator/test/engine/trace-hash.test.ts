import { assembleEvent, type EventFields, FIELD_TYPES, type FieldType, OPCODE_NAMES, specOf } from '@raftlens/events';
import { assert, suite } from '@raftlens/testing';
import { TraceHash } from '../../src/engine/trace-hash.ts';

const it = suite('trace hash');

/** Values of each type that are told apart, the absent one among them. */
const VALUES: Readonly<Record<FieldType, readonly unknown[]>> = {
  number: [undefined, 0, 1, 7, -1, 2 ** 31, 2 ** 32 - 2],
  text: [undefined, '', 'a', 'ab', 'ba', 'abc'],
  textOrNull: [undefined, null, '', 'S1', 'S2'],
  flag: [undefined, false, true],
  digests: [undefined, [], [{ term: 1, hash: 'aaaaaaaa' }], [{ term: 2, hash: 'aaaaaaaa' }], [{ term: 1, hash: 'aaaaaaab' }]],
  names: [undefined, [], ['S1'], ['S2'], ['S1', 'S2'], ['S1S2']],
  numbers: [undefined, [], [1], [2], [1, 2]],
};

const HEADER: Readonly<Record<string, readonly unknown[]>> = {
  time: [0, 0.001, 1, 3e9],
  node: ['S1', 'S2', 'TEST'],
  boot: [1, 2],
  dir: [undefined, 'send', 'recv', 'drop'],
  extra: [undefined, { colour: 'red' }, { colour: 'blue' }],
};
const MESSAGE: Readonly<Record<string, readonly unknown[]>> = {
  src: ['S1', 'S2'],
  dst: ['S1', 'S2'],
  id: VALUES.number,
  re: VALUES.number,
};
const STATE: Readonly<Record<string, readonly unknown[]>> = {
  term: [undefined, 1, 2],
  role: ['follower', 'precandidate', 'candidate', 'leader'],
  vote: VALUES.textOrNull,
  commit: VALUES.number,
  applied: VALUES.number,
  last: VALUES.number,
  lastTerm: VALUES.number,
};

const BARE = { seq: 1, time: 1, node: 'S1', boot: 1, src: 'S1', dst: 'S2', term: 1, role: 'follower', vote: null } as const;

function hashOf(fields: Readonly<Record<string, unknown>> & Pick<EventFields, 'op'>): string {
  const hash = new TraceHash();
  hash.add(assembleEvent({ ...BARE, ...fields }));
  return hash.digest();
}

for (const op of OPCODE_NAMES) {
  it(`tells apart what any field of ${op} may hold`, () => {
    const isMessage = specOf(op).kind === 'message';
    const base = { op, ...(isMessage ? { dir: 'send' as const, id: 1 } : {}) };
    const own = specOf(op).fields.map((field) => field.replace(/\?$/, ''));
    const tables = [
      ...Object.entries({ ...HEADER, ...STATE, ...(isMessage ? MESSAGE : {}) }),
      ...own.map((name) => [name, valuesOf(name)] as const),
    ];
    for (const [name, values] of tables) {
      const hashes = values.map((value) => hashOf({ ...base, [name]: value }));
      assert.is(new Set(hashes).size, values.length, `${op}.${name}`);
    }
  });
}

function valuesOf(name: string): readonly unknown[] {
  const type = Object.entries(FIELD_TYPES).find(([known]) => known === name)?.[1];
  if (type === undefined) throw new Error(`no field ${name}`);
  return VALUES[type];
}

it('tells apart opcodes, and the order of events', () => {
  assert.is(new Set(OPCODE_NAMES.map((op) => hashOf({ op }))).size, OPCODE_NAMES.length);
  const [first, second] = [1, 2].map((index) => assembleEvent({ ...BARE, op: 'Commit', index, from: 0 }));
  if (first === undefined || second === undefined) throw new Error('two events');
  const orders = [[first, second], [second, first], [first], [first, first]].map((events) => {
    const hash = new TraceHash();
    for (const event of events) hash.add(event);
    return hash.digest();
  });
  assert.is(new Set(orders).size, orders.length);
});
