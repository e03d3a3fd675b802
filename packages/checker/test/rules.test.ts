import { readFileSync } from 'node:fs';
import { assert, suite, throws } from '@raftlens/testing';
import { Checker, RULES, ruleOf } from '../src/index.ts';
import { FACTS_OF_PART } from '../src/model/known.ts';
import { noFacts } from '../src/model/log-facts.ts';
import { ServerModel } from '../src/model/server-model.ts';
import type { Step } from '../src/model/step.ts';
import { MOMENTS } from '../src/model/step.ts';
import { REPORT_ORDER } from '../src/rules/report-order.ts';
import { IDS, ROWS } from '../src/rules/rows.ts';
import type { RuleRow } from '../src/rules/rule.ts';
import { TOPIC_NAMES } from '../src/rules/topics.ts';
import { strict } from './strict.ts';

const it = suite('The table of rules');

it('has each rule once, and a report lists them all', () => {
  assert.equal([...REPORT_ORDER].sort(), [...IDS].sort());
  assert.is(new Set(Object.values(RULES).map(({ title }) => title)).size, IDS.length);
});

it('has rules about each topic, and a log of nothing lets none of them be judged', () => {
  const about = new Set(Object.values(ROWS).map((row) => row.about));
  assert.equal([...about].sort(), [...TOPIC_NAMES].sort());
  const { coverage, violations } = new Checker().finish();
  assert.equal(violations, []);
  assert.equal(coverage.judged, []);
  assert.equal(
    coverage.unjudged.map((topic) => topic.about),
    TOPIC_NAMES,
  );
});

it('says of each rule where it stands and what it demands', () => {
  for (const { title, section, text, checks, observed = [] } of Object.values<RuleRow>(ROWS)) {
    assert.is(ruleOf(title)?.text, text);
    assert.match(section, /\d/);
    assert.match(text, /^\w.*\.$/);
    assert.ok(checks.length + observed.length > 0, title);
  }
});

it('has each rule that is held against observed servers in the page on the labs', () => {
  const page = readFileSync(new URL('../../../../docs/LABS.md', import.meta.url), 'utf8');
  const named = page.split('\n## ').find((section) => section.startsWith('What is judged')) ?? '';
  const told = [...named.matchAll(/^\| ([^|]*) \|/gm)].map(([, title = '']) => title).slice(2);
  const observed = Object.values<RuleRow>(ROWS).filter((row) => row.observed !== undefined);
  assert.equal(told.sort(), observed.map(({ title }) => title).sort());
});

it('asks at every moment that the model tells', () => {
  const asked = new Set(Object.values(ROWS).flatMap(({ checks }) => checks.map(({ at }) => at as string)));
  assert.equal(
    MOMENTS.filter((moment) => !asked.has(moment)),
    [],
  );
});

it('knows of each part of the model which fact it is', () => {
  const server = new ServerModel('S1', noFacts());
  for (const part of FACTS_OF_PART.keys()) assert.ok(part in server, part);
});

it('a predicate that reads a fact which its row does not name throws, as one does that changes the model', () => {
  // Only what the watch looks at.
  const step = { server: new ServerModel('S1', noFacts()) } as unknown as Step;
  const watched = strict(step, new Set(['term'] as const));
  assert.is(watched.server.term, -1);
  throws(() => watched.server.role, 'a predicate reads role, which its row does not name');
  throws(() => watched.config, 'a predicate reads members');
  throws(() => Reflect.set(watched.server, 'term', 3), 'a predicate sets term');
});
