import { assert, suite } from '@raftlens/testing';
import fc from 'fast-check';
import { displayWidth, fitWidth, printable, printableJson, printableLines, table, truncate } from '../src/index.ts';

const it = suite('text');
const units = fc.array(fc.integer({ min: 0, max: 0xffff })).map((codes) => String.fromCharCode(...codes));
const anyText = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  units,
  fc.constantFrom('日本語', '👩‍👩‍👧', '🇩🇪🇩', 'e\u0301', '\u001b]0;x\u0007'),
);

const HOSTILE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

it('leaves plain text and characters with a shape alone', () => {
  for (const text of ['', 'S1->S2 AppendEntries T3', 'größe', '日本語', '🦀', 'e\u0301', 'a\\nb']) assert.is(printable(text), text);
});

it('shows what a terminal would act on', () => {
  assert.is(printable('\u001b[2J\u001b]0;owned\u0007'), '\\x1b[2J\\x1b]0;owned\\x07');
  assert.is(printable('a\nb\tc\r'), 'a\\nb\\tc\\r');
  assert.is(printable('\u009b31m\u007f\u0000'), '\\x9b31m\\x7f\\x00');
  assert.is(printable('user\u202eexe.txt\u2066\u200f'), 'user\\u202eexe.txt\\u2066\\u200f');
  assert.is(printable('a\u200bb\ufeff\u00ad\u2028'), 'a\\u200bb\\ufeff\\xad\\u2028');
  assert.is(printable('\ud800x\udfff'), '\\ud800x\\udfff');
  assert.is(printable('\u{e0041}\uffff'), '\\u{e0041}\\uffff');
});

it('shows what is drawn as nothing, and leaves the look of a picture to the terminal', () => {
  assert.is(printable('S1\u034f\u115f\u3164\u{e0100}\ufe0f'), 'S1\\u034f\\u115f\\u3164\\u{e0100}\\ufe0f');
  assert.is(printable('\u2764\ufe0f'), '\u2764');
});

it('leaves the breaks between lines, and nothing else that moves the cursor', () => {
  assert.is(printableLines('a\u001b[2J\r\nb\rc\n'), 'a\\x1b[2J\r\nb\\rc\n');
});

it('keeps marks from piling up over other lines', () => {
  assert.is(printable('a\u0301\u0302\u0303\u0304'), 'a\u0301\u0302\\u0303\\u0304');
});

it('leaves nothing in any text that a terminal acts on', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      assert.not.match(printable(text), HOSTILE);
      assert.not.match(printableLines(text).replaceAll(/\r?\n/g, ''), HOSTILE);
      assert.not.match(printableJson(JSON.stringify(text)), HOSTILE);
      assert.is(JSON.parse(printableJson(JSON.stringify(text))), text);
    }),
    { seed: 1, numRuns: 200 },
  );
});

it('counts the cells of wide characters', () => {
  assert.is(displayWidth('abc'), 3);
  assert.is(displayWidth('日本'), 4);
  assert.is(displayWidth('🦀'), 2);
  assert.is(displayWidth('e\u0301'), 1);
});

it('fits any text into exactly the width asked for', () => {
  fc.assert(
    fc.property(anyText, fc.integer({ min: 0, max: 20 }), fc.constantFrom('left', 'right'), (text, width, align) => {
      assert.is(displayWidth(fitWidth(printable(text), width, align)), width);
    }),
    { seed: 1, numRuns: 200 },
  );
});

it('cuts no wide character in two', () => {
  assert.is(fitWidth('日本語', 4), '日… ');
  assert.is(fitWidth('日本語', 6), '日本語');
  assert.is(fitWidth('ab', 4, 'right'), '  ab');
  assert.is(truncate('abcdef', 4), 'abc…');
  assert.is(truncate('abc', 0), '');
});

it('prints a table', () => {
  const columns = [{ title: 'test' }, { title: 'failed', align: 'right' }, { title: 'why' }] as const;
  const rows = [
    ['figure-8', '1', 'State Machine Safety'],
    ['日本', '12', ''],
  ];
  assert.is(table(columns, rows), ['test      failed  why', 'figure-8       1  State Machine Safety', '日本          12  '].join('\n'));
});

it('cuts the widest column of a table to the width of the terminal', () => {
  const text = table([{ title: 'name' }, { title: 'why' }], [['a', 'x'.repeat(50)]], { width: 20 });
  assert.equal(text.split('\n').map(displayWidth), [9, 20]);
});
