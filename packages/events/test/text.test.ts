import { assert, golden, suite } from '@raftlens/testing';
import { type Event, encodeLine, FIELD_TYPES, OPCODE_NAMES, specOf, textOf } from '../src/index.ts';
import { EXAMPLES, exampleOf } from './examples.ts';

const it = suite('text and lines');

it('has a text for each opcode that a person can read and grep can find', () => {
  golden(import.meta.url, 'texts.txt', `${EXAMPLES.map(textOf).join('\n')}\n`);
});

it('has a line for each opcode', () => {
  golden(import.meta.url, 'lines.ndjson', `${EXAMPLES.map(encodeLine).join('\n')}\n`);
});

it('tells sent, received and lost messages apart', () => {
  const message = exampleOf('AppendEntries');
  assert.is(textOf(message), 'S1->S2 AppendEntries T3 prev=6/3 n=1 commit=4');
  assert.is(textOf({ ...message, node: 'S2', dir: 'recv' }), 'S2<-S1 AppendEntries T3 prev=6/3 n=1 commit=4');
  assert.is(textOf({ ...message, dir: 'drop' }), 'S1-xS2 AppendEntries T3 prev=6/3 n=1 commit=4');
});

it('shows the term of the message and not of its writer', () => {
  assert.match(textOf({ ...exampleOf('RequestVote'), node: 'S2', dir: 'recv', term: 9 }), 'RequestVote T3 ');
  assert.match(textOf({ ...exampleOf('Vote'), term: 9 }), 'Vote T9 ');
});

it('leaves out what a foreign log does not say', () => {
  const bare = { time: 1, seq: 1, node: 'S1', boot: 1, src: 'S1', dst: 'S2' };
  assert.is(textOf({ ...bare, op: 'AppendEntries', dir: 'send' }), 'S1->S2 AppendEntries');
  for (const op of OPCODE_NAMES) assert.not.match(textOf({ ...bare, op } as Event), 'undefined');
});

it('keeps the table closed: each field has a type, each type is used, each opcode a meaning', () => {
  const used = new Set<string>();
  for (const op of OPCODE_NAMES) {
    const { fields, meaning, kind, section } = specOf(op);
    assert.ok(meaning !== '', op);
    assert.ok(section !== '' || ['lock', 'harness'].includes(kind), op);
    for (const field of fields) used.add(field.replace('?', ''));
  }
  assert.equal([...used].sort(), Object.keys(FIELD_TYPES).sort());
});
