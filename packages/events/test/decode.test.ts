import { inspect, isDeepStrictEqual } from 'node:util';
import { assert, golden, suite } from '@raftlens/testing';
import fc from 'fast-check';
import { decodeCanonical } from '../src/decode-canonical.ts';
import { decodeCarefully } from '../src/decode-line.ts';
import { decodeParsed } from '../src/decode-parsed.ts';
import { decodeBytes, decodeLine, encodeLine } from '../src/index.ts';
import { LineCursor } from '../src/line-cursor.ts';
import { anyEvent } from './arbitrary-event.ts';
import { EXAMPLES } from './examples.ts';

const it = suite('decodeLine');
const START = '"time":1,"seq":1,"node":"S1","boot":1,"op":"Vote"';

it('reads keys in any order, with white space, as other languages write them', () => {
  const { event } = decodeLine(' { "for" : "S2",\t"op":"Vote", "node":"S1", "time": 1.5e3 , "term":3 } \r');
  assert.equal(event, { for: 'S2', op: 'Vote', node: 'S1', time: 1500, term: 3, seq: 0, boot: 1, src: 'S1', dst: 'S1' });
});

it('keeps what it does not know', () => {
  const { event } = decodeLine(`{${START},"hostname":"a","prev":3,"tags":{"a":[1,{"b":null}]},"big":123456789012345678901234567890}`);
  assert.equal(event?.extra, { hostname: 'a', prev: 3, tags: { a: [1, { b: null }] }, big: 123456789012345678901234567890n });
});

it('writes the unknown back as it was', () => {
  const { event } = decodeLine(`{${START},"big":[123456789012345678901234567890],"__proto__":{"x":1}}`);
  assert.ok(event !== undefined);
  assert.match(encodeLine(event), ',"big":[123456789012345678901234567890],"__proto__":{"x":1},"msg":');
  assert.is(Object.getPrototypeOf(event), Object.prototype);
});

it('does not keep level and msg, which follow from the rest', () => {
  const { event } = decodeLine(`{"level":99,${START},"for":"S2","msg":"something else"}`);
  assert.ok(event !== undefined);
  assert.is(
    encodeLine(event),
    '{"level":30,"time":1,"seq":1,"node":"S1","boot":1,"op":"Vote","src":"S1","dst":"S1","for":"S2","msg":"S1 Vote for=S2"}',
  );
});

const WRONG: readonly string[] = [
  '',
  'hello',
  '[]',
  '{}',
  `{${START}`,
  `{${START}}x`,
  `{${START},}`,
  `{${START},"for":}`,
  `{${START},"for":"S2}`,
  `{${START},"for":"a\tb"}`,
  `{${START},"for":"\\x"}`,
  `{${START},"seq":2}`,
  `{${START},"\\u0073eq":2}`,
  `{${START},"msg":"a","msg":"b"}`,
  `{${START},"x":{"a":1,"a":2}}`,
  `{${START},"term":"3"}`,
  `{${START},"term":1.5}`,
  `{${START},"term":9007199254740993}`,
  `{${START},"for":null}`,
  `{${START},"vote":3}`,
  `{${START},"role":"king"}`,
  `{${START},"x":1e999}`,
  `{${START},"x":01}`,
  `{${START},"x":NaN}`,
  `{${START},"x":${'['.repeat(100)}`,
  '{"time":1,"node":"S1","op":"Vot"}',
  '{"time":1,"node":"S1","op":7}',
  '{"node":"S1","op":"Vote"}',
  '{"time":1,"node":"S1","op":"TimeoutNow"}',
  '{"time":1,"node":"S1","op":"TimeoutNow","dir":"up","src":"S1","dst":"S2"}',
  '{"time":1,"node":"S1","op":"Append","index":1,"n":1,"entries":"1;a"}',
  '{"time":1,"node":"S1","op":"Boot","voters":"S1,,S2"}',
  '{"time":1,"node":"S1","op":"Violation","evidence":"1,two"}',
];

it('says what is wrong, and where', () => {
  const shown = WRONG.map((line) => {
    const { error } = decodeLine(line);
    const text = line.replaceAll('\t', ' ');
    return `${text}\n${' '.repeat((error?.column ?? 1) - 1)}^ ${error?.reason ?? 'no error'}\n`;
  });
  golden(import.meta.url, 'decode-errors.txt', shown.join('\n'));
});

/** A line with one change: most are nearly right. */
const damaged = fc
  .tuple(
    anyEvent,
    fc.nat(),
    fc.nat(12),
    fc.oneof(
      fc.constantFrom('', '"', '\\', ':', ',', '{', '}', '9', '-', 'e', ' ', '\t', 'null'),
      fc.string({ unit: 'binary', maxLength: 3 }),
    ),
  )
  .map(([event, at, length, insert]) => {
    const line = encodeLine(event);
    const start = at % line.length;
    return line.slice(0, start) + insert + line.slice(start + length);
  });

const exampleNote = { seq: 1, time: 1, node: 'TEST', boot: 0, op: 'Note', src: 'TEST', dst: 'TEST' } as const;

/** The same, of lines that would be read the fast way without the change. */
const damagedPlain = fc
  .tuple(
    fc.constantFrom(...EXAMPLES),
    fc.nat(),
    fc.nat(6),
    fc.constantFrom('', '"', ',', '0', '00', '9'.repeat(12), '-1', '.5', '1e3', '7', '}', ' ', 'é'),
  )
  .map(([event, at, length, insert]) => {
    const line = encodeLine(event);
    const start = at % line.length;
    return line.slice(0, start) + insert + line.slice(start + length);
  });

const repeated = fc.tuple(anyEvent, fc.nat(), fc.nat()).map(([event, from, to]) => {
  const members = encodeLine(event).slice(1, -1).split(',"');
  members.splice(to % members.length, 0, members[from % members.length] ?? '');
  return `{${members.join(',"').replace(/^,?"?/, '"')}}`;
});

it('gives the same by the short ways and by the careful one, and never throws', () => {
  fc.assert(
    fc.property(fc.oneof(anyEvent.map(encodeLine), damaged, damagedPlain, repeated, fc.string(), fc.json()), (line) => {
      const bytes = Buffer.from(line);
      same(decodeLine(line), line);
      same(decodeByParsing(line), line);
      // Bytes cannot hold half a surrogate pair.
      same(decodeBytes(bytes), bytes.toString());
    }),
    { seed: 20261124, numRuns: 2500 },
  );
});

function same(short: unknown, line: string): void {
  const careful = decodeCarefully(line);
  assert.ok(isDeepStrictEqual(short, careful), `${line}\n${inspect(short)}\n${inspect(careful)}`);
}

function decodeByParsing(line: string): unknown {
  const event = decodeParsed(line);
  return event === undefined ? decodeCarefully(line) : { event };
}

it('reads every opcode in one step through the line, whatever may be absent is absent', () => {
  const cursor = new LineCursor();
  for (const event of EXAMPLES) {
    assert.ok(cursor.startText(encodeLine(event)));
    const decoded = decodeCanonical(cursor);
    assert.equal(decoded, event);
    assert.equal(Object.keys(decoded ?? {}), Object.keys(decodeParsed(encodeLine(event)) ?? {}));
    const line = encodeLine(event);
    const least = line.replace(/"level":\d+,|,"(seq|boot)":\d+|,"msg":.*(?=\})/g, '');
    assert.ok(cursor.startText(least));
    assert.equal(decodeCanonical(cursor), decodeCarefully(least).event, least);
  }
});

it('reads a line that is cut short without what the line before has left behind', () => {
  const line = encodeLine({ ...exampleNote, detail: 'all of it' });
  for (let length = 0; length < line.length; length += 1) {
    decodeLine(line);
    assert.ok(decodeLine(line.slice(0, length)).error !== undefined, line.slice(0, length));
  }
});

it('reads lines that are too long for the short way', () => {
  const line = encodeLine({ ...exampleNote, detail: 'x'.repeat(100_000) });
  assert.is(decodeLine(line).event?.detail?.length, 100_000);
  assert.is(decodeBytes(Buffer.from(line)).event?.detail?.length, 100_000);
});
