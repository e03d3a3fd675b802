import { inspect, isDeepStrictEqual } from 'node:util';
import { assert, suite, throws } from '@raftlens/testing';
import fc from 'fast-check';
import {
  assembleEvent,
  decodeLine,
  type Event,
  EventError,
  type EventFields,
  type EventOf,
  encodeLine,
  OPCODE_NAMES,
  textOf,
} from '../src/index.ts';
import { anyEvent, eventOf } from './arbitrary-event.ts';

const SEED = 20261124;
const it = suite('codec');

for (const op of OPCODE_NAMES) {
  it(`reads back what it wrote: ${op}`, () => {
    fc.assert(
      fc.property(eventOf(op), (event) => {
        const { event: decoded, error } = decodeLine(encodeLine(event));
        assert.is(error, undefined);
        // Not assert.equal: it looks at `constructor`, which is only a key here.
        assert.ok(isDeepStrictEqual(decoded, event), inspect(decoded));
      }),
      { seed: SEED, numRuns: 40 },
    );
  });
}

it('writes one line of JSON that JSON.parse reads the same', () => {
  fc.assert(
    fc.property(anyEvent, (event) => {
      const line = encodeLine(event);
      assert.not.match(line, /[\n\r]/);
      const plain = JSON.parse(line) as Record<string, unknown>;
      assert.is(plain['op'], event.op);
      assert.is(plain['node'], event.node);
      assert.is(plain['msg'], textOf(event));
    }),
    { seed: SEED, numRuns: 300 },
  );
});

it('writes the keys in one order, msg last', () => {
  const line = encodeLine({ ...heartbeat, extra: { pid: 7 } });
  const keys =
    'level time seq node boot op dir src dst id term role vote commit applied last lastTerm msgTerm prev prevTerm n leaderCommit entries pid msg';
  assert.is(Object.keys(JSON.parse(line) as object).join(' '), keys);
});

it('refuses numbers that JSON cannot hold', () => {
  throws(() => encodeLine({ ...heartbeat, time: Number.NaN }), {
    code: 'EVENT_NUMBER',
    message: '"time" is NaN, which a line cannot hold',
  });
  throws(() => encodeLine({ ...heartbeat, commit: Number.POSITIVE_INFINITY }), { code: 'EVENT_NUMBER' });
  throws(() => encodeLine({ ...heartbeat, prev: Number.NEGATIVE_INFINITY }), EventError);
});

it('refuses extra keys that the line already has', () => {
  for (const key of ['level', 'msg', 'time', 'op', 'term', 'prev'])
    throws(() => encodeLine({ ...heartbeat, extra: { [key]: 1 } }), { code: 'EVENT_RESERVED' });
});

it('keeps a field that the opcode does not own, among the extra ones', () => {
  const stray = (fields: Partial<EventFields>) => ({ ...heartbeat, ...fields }) as unknown as Event;
  const line = encodeLine(stray({ voters: ['S1', 'S2'], extra: { pid: 7 } }));
  assert.match(line, ',"voters":"S1,S2","pid":7,"msg":');
  assert.equal(decodeLine(line).event?.extra, { voters: 'S1,S2', pid: 7 });
  throws(() => encodeLine(stray({ voters: ['S1'], extra: { voters: 'S2' } })), { code: 'EVENT_RESERVED' });
});

it('refuses a property that is no field, for it would be lost', () => {
  const event = { ...heartbeat, prevLogIndex: 3 };
  throws(() => encodeLine(event), {
    code: 'EVENT_FIELD',
    message: 'the event has the property "prevLogIndex", which is no field: put it in "extra"',
  });
});

it('takes gathered fields for an event only when its opcode owns them all', () => {
  const fields: EventFields = { ...heartbeat };
  assert.is(assembleEvent(fields), fields);
  throws(() => assembleEvent({ ...fields, voters: ['S1'] }), {
    code: 'EVENT_FIELD',
    message: 'the event AppendEntries has no field "voters": put it in "extra"',
  });
});

it('refuses names that a list could not keep apart', () => {
  const { time, seq, node, boot, src } = heartbeat;
  const change: EventOf<'ConfigChange'> = {
    time,
    seq,
    node,
    boot,
    src,
    dst: src,
    op: 'ConfigChange',
    index: 1,
    phase: 'stable',
    voters: ['S1,S2'],
  };
  throws(() => encodeLine(change), { code: 'EVENT_NAME' });
  throws(() => encodeLine({ ...change, voters: [''] }), { code: 'EVENT_NAME' });
});

const heartbeat: EventOf<'AppendEntries'> = {
  time: 1530.217,
  seq: 412,
  node: 'S1',
  boot: 1,
  op: 'AppendEntries',
  dir: 'send',
  src: 'S1',
  dst: 'S2',
  id: 97,
  term: 3,
  role: 'leader',
  vote: 'S1',
  commit: 4,
  applied: 4,
  last: 7,
  lastTerm: 3,
  msgTerm: 3,
  prev: 6,
  prevTerm: 3,
  n: 1,
  leaderCommit: 4,
  entries: [{ term: 3, hash: '9f86d081' }],
};
