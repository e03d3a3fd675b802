import { assert, suite } from '@raftlens/testing';
import fc from 'fast-check';
import { type EditKey, EMPTY_LINE, edited, lineWith } from '../src/model/line-edit.ts';

const editing = suite('line editing');

const key: fc.Arbitrary<EditKey> = fc.oneof(
  fc.record({ kind: fc.constant('insert' as const), text: fc.constantFrom('a', ' ', 'ü', '字', '😀') }),
  fc.record({
    kind: fc.constantFrom('left' as const, 'right' as const, 'wordLeft' as const, 'wordRight' as const, 'home' as const, 'end' as const),
  }),
  fc.record({
    kind: fc.constantFrom('backspace' as const, 'delete' as const, 'deleteWord' as const, 'deleteToStart' as const, 'deleteToEnd' as const),
  }),
);

editing('never splits a character and keeps its cursor within the text', () => {
  fc.assert(
    fc.property(fc.array(key, { maxLength: 50 }), (keys) => {
      const line = keys.reduce(edited, EMPTY_LINE);
      assert.not.match(line.text, /\p{Cs}/u);
      assert.ok(line.cursor >= 0 && line.cursor <= Array.from(line.text).length);
    }),
    { seed: 3, numRuns: 300 },
  );
});

editing('what is typed at the end and taken back leaves the line as it was', () => {
  const line = lineWith('term>=3');
  assert.equal(edited(edited(line, { kind: 'insert', text: '字' }), { kind: 'backspace' }), line);
});

editing('goes and deletes by words', () => {
  const line = lineWith('op=Vote  node=S2');
  assert.is(edited(line, { kind: 'wordLeft' }).cursor, 9);
  assert.equal(edited(line, { kind: 'deleteWord' }), { text: 'op=Vote  ', cursor: 9 });
  assert.equal(edited({ ...line, cursor: 7 }, { kind: 'deleteToEnd' }), { text: 'op=Vote', cursor: 7 });
  assert.equal(edited({ ...line, cursor: 9 }, { kind: 'deleteToStart' }), { text: 'node=S2', cursor: 0 });
  assert.is(edited({ ...line, cursor: 0 }, { kind: 'wordRight' }).cursor, 7);
});
