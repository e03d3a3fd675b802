import { assert, suite, throws } from '@raftlens/testing';
import { draftFormat, previewOf } from '../../src/formats/drafting.ts';
import { formatOfJson } from '../../src/formats/user.ts';

const drafts = suite('A drafted format');

function told(...sample: readonly string[]): readonly (string | null)[] {
  const definition = draftFormat(sample, 'own');
  assert.ok(definition !== null);
  // What is printed is what is read again.
  formatOfJson(JSON.stringify(definition), 'own.json');
  return previewOf(definition, sample, 'own.log').map(({ text }) => text);
}

drafts('has the head that most lines have, and the phrases that its sample has', () => {
  const lines = [
    '10:00:01.5 [n1] hello',
    'a stack trace',
    '10:00:02 [n2] becoming leader for term 7',
    '10:00:03 [n1] granting vote to n2 in term 7',
  ];
  assert.equal(told(...lines), ['n1 Note detail=hello', null, 'n2 BecomeLeader T7', 'n1 Vote T7 for=n2']);
});

drafts('reads levels, dates and JSON, and what stands behind a prefix', () => {
  assert.equal(told('2026-03-01 10:00:00,123 INFO node3 converting to candidate, term=4'), ['node3 BecomeCandidate T4']);
  assert.equal(told('{"timestamp":"2026-03-01T10:00:00Z","message":"became follower at term 3","server":"s1"}'), ['s1 BecomeFollower T3']);
  assert.equal(told('store-1 | [2026-03-01T10:00:00Z] DEBUG committed index 9'), ['store-1 Commit index=9']);
});

drafts('is none where no line has a time', () => {
  assert.is(draftFormat(['hello', 'world'], 'own'), null);
});

const own = suite("A format of the user's own may");

own('extend any built-in one, with as many heads as that has', () => {
  for (const name of ['lab', 'etcd', 'kraft', 'hclog-embedded', 'shiviz']) {
    assert.is(formatOfJson(JSON.stringify({ extends: name, name: 'mine' }), 'own.json').name, 'mine');
  }
});

const BASE = { name: 'x', time: { from: 't', unit: 's' }, node: ['{who}'] };
const MISTAKES: readonly (readonly [json: object, message: string])[] = [
  [{ ...BASE, line: [{ pattern: 'a' }, { pattern: '(' }] }, '"line[1].pattern" is no regular expression'],
  [{ ...BASE, line: { json: true, has: ['t'], parts: { text: 7 } } }, '"line.parts" must be a list of texts'],
  [{ ...BASE, line: { pattern: 'a' }, evnets: [] }, '"evnets" is no part of a format'],
  [{ ...BASE, line: { pattern: 'a' }, identity: [{ when: { text: '(' } }] }, '"identity[0].when.text" is no regular expression'],
  [{ ...BASE, line: { pattern: 'a' }, detail: 7 }, '"detail" must be a text'],
];

for (const [json, message] of MISTAKES) {
  own(`not be wrong in silence: ${message}`, () => {
    const error = throws(() => formatOfJson(JSON.stringify(json), 'own.json'), { code: 'BAD_FORMAT' });
    assert.ok(error.message.includes(message), error.message);
  });
}
