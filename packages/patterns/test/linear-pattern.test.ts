import { assert, suite, throws } from '@raftlens/testing';
import fc from 'fast-check';
import { RE2JS } from 're2js';
import { isBounded } from '../src/bounded.ts';
import { linearPattern, literalPattern, PatternError } from '../src/index.ts';

const it = suite('patterns of strangers');

/** A backtracking engine would need longer than the universe for the first kind, and hours for the others. */
const SLOW: readonly (readonly [source: string, text: string])[] = [
  ['(a+)+$', `${'a'.repeat(200_000)}b`],
  ['^(a|a)*$', `${'a'.repeat(200_000)}b`],
  ['(x+x+)+y', 'x'.repeat(200_000)],
  ['[0-9]+x', '1'.repeat(1_000_000)],
  ['.*foo', 'fo'.repeat(500_000)],
  ['^(.*?,){11}P', '1,'.repeat(300_000)],
  ['(->)+.*(->)+.*x$', '->'.repeat(300_000)],
  ['^\\s+|\\s+$', `a${' '.repeat(500_000)}b`],
  ['a{2,}b', 'a'.repeat(500_000)],
  ['^a*a*b', 'a'.repeat(500_000)],
];

it('answers at once where backtracking would not come to an end', { timeoutMs: 60_000 }, () => {
  for (const [source, text] of SLOW) {
    assert.not(isBounded(source, ''), source);
    const pattern = linearPattern(source);
    assert.not(pattern.test(text), source);
    assert.is(pattern.exec(text), null, source);
  }
});

it('leaves to the native engine what costs it a bounded number of steps a character', { timeoutMs: 60_000 }, () => {
  const bounded = [
    'panic',
    'conflict=[0-9]+',
    'S1|S2|S3',
    'term (?:is|was) (?<term>\\d{1,9}) at S\\d',
    '^\\S+ no leader',
    'DATA RACE|panic:|fatal error|--- FAIL',
    '\\bFAIL\\b',
    'x{3}y?z{0,4}',
    '^FAIL:.*',
  ];
  const texts = ['a', '1', ' ', 'S', 'conflict=', 'x', 'xxxy', '-', 'term is 1', '\t', '(', '->', 'FAIL:'].map((part) =>
    part.repeat(300_000),
  );
  for (const source of bounded) {
    assert.ok(isBounded(source, ''), source);
    for (const text of texts) linearPattern(source).exec(text);
  }
});

/** Patterns of the kind that may stay native, put together at random, and texts that they may match. */
const piece = fc.oneof(
  fc.constantFrom('a', 'b', 'ab', '.', '\\d', '\\w', '[ab]', '[^a1]', '\\.', '\\b', '(?:a|b1)', '(a|ab)', '(b)', '[\\d-]', ' '),
  fc.constantFrom('a?', 'b{2}', '(?:ab|1){1,2}', '\\d{0,2}', '(?<n>a)'),
);
const source = fc
  .tuple(fc.constantFrom('', '^'), fc.array(piece, { maxLength: 5 }), fc.constantFrom('', '$', '[ab]+', '\\d*', '.*', '|1|b'))
  .map(([start, pieces, end]) => start + pieces.join('') + end);

it('says the same with either engine', () => {
  fc.assert(
    fc.property(
      source,
      fc.string({ unit: fc.constantFrom('a', 'b', '1', '.', ' ', '-', 'A'), maxLength: 12 }),
      fc.constantFrom('', 'i'),
      (pattern, text, flags) => {
        fc.pre(!/\?<n>.*\?<n>/.test(pattern));
        const ours = linearPattern(pattern, flags);
        const theirs = RE2JS.compile(RE2JS.translateRegExp(pattern), flags === 'i' ? RE2JS.CASE_INSENSITIVE : 0).matcher(text);
        const match = ours.exec(text);
        assert.is(ours.test(text), match !== null);
        assert.is(theirs.find(), match !== null, pattern);
        if (match === null) return;
        assert.is(match.index, theirs.start(), pattern);
        const groups = Array.from({ length: theirs.groupCount() }, (_, i) => theirs.group(i + 1) ?? undefined);
        assert.equal(match.groups, [theirs.group() ?? '', ...groups], pattern);
      },
    ),
    { numRuns: 20_000, seed: 20261128 },
  );
});

it('gives the place, the groups and the names of a match, from a character on', () => {
  for (const text of ['(?<who>\\w+)->(?<to>\\w+)( T\\d+)?', '(?<who>[A-Z]\\d)->(?<to>[A-Z]\\d)( T\\d{1,3})?']) {
    const match = linearPattern(text).exec('12 S1->S2 AppendEntries, S3->S1');
    assert.equal(match?.index, 3);
    assert.equal(match?.groups, ['S1->S2', 'S1', 'S2', undefined]);
    assert.equal({ ...match?.named }, { who: 'S1', to: 'S2' });
    assert.is(linearPattern(text).exec('12 S1->S2 AppendEntries, S3->S1', 5)?.index, 25);
    assert.is(linearPattern(text).exec('S1->S2', 7), null);
  }
});

it('knows the flags i, m and s', () => {
  for (const repeat of ['', '(?:x+x+)*']) {
    assert.ok(linearPattern(`^${repeat}b$`, 'im').test('a\nB\n'));
    assert.not(linearPattern(`^${repeat}b$`, 'i').test('a\nB\n'));
    assert.ok(linearPattern(`a${repeat}.b`, 's').test('a\nb'));
    assert.not(linearPattern(`a${repeat}.b`).test('a\nb'));
  }
});

it('matches a text itself', () => {
  fc.assert(fc.property(fc.string(), fc.string(), fc.string(), (before, text, after) => literalPattern(text).test(before + text + after)));
  assert.not(literalPattern('a.c').test('abc'));
});

it('says what is wrong with a pattern', () => {
  const bad: readonly (readonly [source: string, flags: string, code: string, message: RegExp])[] = [
    ['(?=a)b', '', 'UNSUPPORTED_PATTERN', /lookahead/],
    ['(?!a)b', '', 'UNSUPPORTED_PATTERN', /lookahead/],
    ['(?<=a)b', '', 'UNSUPPORTED_PATTERN', /lookbehind/],
    ['(?<!a)b', '', 'UNSUPPORTED_PATTERN', /lookbehind/],
    ['(a)\\1', '', 'UNSUPPORTED_PATTERN', /backreference/],
    ['(?<n>a)\\k<n>', '', 'UNSUPPORTED_PATTERN', /backreference/],
    ['a{1001}', '', 'UNSUPPORTED_PATTERN', /1000/],
    ['((a{100}){100}){100}', '', 'UNSUPPORTED_PATTERN', /1000/],
    ['(?:.?a+){999}', '', 'UNSUPPORTED_PATTERN', /too large/],
    ['x'.repeat(5000), '', 'UNSUPPORTED_PATTERN', /too large/],
    ['(', '', 'BAD_PATTERN', /Unterminated group/],
    ['[a', '', 'BAD_PATTERN', /Unterminated character class/],
    ['a**', '', 'BAD_PATTERN', /Nothing to repeat/],
    ['*a', '', 'BAD_PATTERN', /Nothing to repeat/],
    ['a', 'g', 'BAD_PATTERN', /flags/],
    ['a', 'ii', 'BAD_PATTERN', /flags/],
  ];
  for (const [text, flags, code, message] of bad) {
    const error = throws(() => linearPattern(text, flags), { code });
    assert.ok(error instanceof PatternError && message.test(error.message) && !error.message.includes('\n'), String(error));
  }
});

it('takes any text for a pattern or refuses it with an error of its own', () => {
  const characters = fc.constantFrom(...Array.from('ab1()[]{}*+?|^$\\.,-:<>=!dwskpuxQE\u{1f600}\ud800\n'));
  fc.assert(
    fc.property(fc.string({ unit: characters, maxLength: 14 }), fc.string({ unit: characters, maxLength: 20 }), (text, line) => {
      try {
        linearPattern(text).exec(line);
      } catch (error) {
        assert.instance(error, PatternError);
      }
    }),
    { numRuns: 20_000, seed: 20261128 },
  );
});
