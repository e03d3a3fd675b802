import { assert, suite, throws } from '@raftlens/testing';
import { BugZooError } from '../src/error.ts';
import { parseHeader } from '../src/header.ts';

const it = suite('the head of a bug’s patch');

const LINES = [
  'id: X1',
  'what: It does the wrong thing: twice',
  'source: own',
  'violates: ES, LIV',
  'rule: Candidates rule 2',
  'section: 5.2',
  'scenario: swarm',
];
const textOf = (lines: readonly string[]) => `${lines.join('\n')}\n--- a/packages/raft/src/log.ts\n+++ b/packages/raft/src/log.ts\n`;

it('is read key by key, with defaults for structure and schedule', () => {
  assert.equal(parseHeader(textOf(LINES), 'X1-x.patch'), {
    id: 'X1',
    what: 'It does the wrong thing: twice',
    source: 'own',
    violates: ['ES', 'LIV'],
    rule: 'Candidates rule 2',
    section: '5.2',
    scenario: 'swarm',
    structure: 'state-machine',
    schedule: null,
  });
});

it('may say the structure and name a schedule, and hold comments', () => {
  const header = parseHeader(textOf([...LINES, '# why', 'structure: locked', 'schedule: X1-x.plan.json']), 'X1-x.patch');
  assert.equal([header.structure, header.schedule], ['locked', 'X1-x.plan.json']);
});

for (const [what, lines, message] of [
  ['a key is missing', LINES.slice(1), /X1-x\.patch:1: the header has no "id"/],
  ['a key is unknown', [...LINES, 'colour: red'], /X1-x\.patch:8: "colour: red" is not one of/],
  ['a key stands there twice', [...LINES, 'id: X2'], /X1-x\.patch:8: "id" stands there twice/],
  ['a property is unknown', [...LINES.slice(0, 3), 'violates: BAD', ...LINES.slice(4)], /"BAD" is not a property/],
  ['the structure is unknown', [...LINES, 'structure: C'], /must be "state-machine" or "locked"/],
] as const) {
  it(`is refused, with file and line, when ${what}`, () => {
    const error = throws(() => parseHeader(textOf(lines), 'X1-x.patch'), BugZooError);
    assert.match(String(error), message);
  });
}

it('is refused when no diff follows', () => {
  throws(() => parseHeader(LINES.join('\n'), 'X1-x.patch'), { code: 'BAD_BUG_HEADER' });
});
