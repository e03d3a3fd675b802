import { existsSync } from 'node:fs';
import { ruleOf } from '@raftlens/checker';
import { assert, suite, throws } from '@raftlens/testing';
import { allBugs, bugById, listBugs, SECTIONS } from '../src/catalogue.ts';
import { BugZooError } from '../src/error.ts';
import { CHECKED_BY_SCENARIOS, showing } from '../src/showing.ts';
import { coreSources, plantBug } from '../src/sources.ts';
import { typeCheckAll } from './type-check.ts';

const it = suite('the catalogue of bugs');

it('lists each bug once, by section and number', () => {
  const ids = listBugs().map((bug) => bug.id);
  assert.equal(ids.length, new Set(ids).size);
  assert.ok(ids.indexOf('E5') < ids.indexOf('E10'), 'E5 before E10');
  assert.ok(ids.indexOf('E15') < ids.indexOf('R1'), 'elections before replication');
});

it('finds a bug by its id in either case', () => {
  assert.is(bugById('c1').header.id, 'C1');
});

it('says which name was meant', () => {
  const error = throws(() => bugById('C11'), BugZooError);
  assert.match(String(error), /there is no bug "C11" in the zoo\. Did you mean C1/);
});

it('names the rule of each bug in the words of the checker, of the race detector, or of what a scenario checks as a whole', () => {
  const races = ['lost-update', 'stale-decision', 'changed-while-iterated', 'no-lock', 'lock-held-outside', 'deadlock'];
  const known = (rule: string) => ruleOf(rule) !== undefined || Object.hasOwn(CHECKED_BY_SCENARIOS, rule) || races.includes(rule);
  assert.equal(
    listBugs()
      .filter((bug) => !known(bug.rule))
      .map((bug) => `${bug.id}: ${bug.rule}`),
    [],
  );
});

it('keeps the schedules that it names beside the patches', () => {
  for (const bug of listBugs()) if (bug.schedule !== null) assert.ok(existsSync(showing(bug.id).scenario), showing(bug.id).scenario);
});

it('holds only patches that apply, and that change something', () => {
  const core = coreSources();
  for (const bug of allBugs()) {
    const planted = plantBug(bug, core);
    assert.ok(
      [...planted].some(([path, text]) => core.get(path) !== text),
      `${bug.file} changes nothing`,
    );
  }
});

it('says which file a patch does not fit any more', () => {
  const core = new Map(coreSources());
  core.set('rules/commit.ts', 'export {};\n');
  const error = throws(() => plantBug(bugById('C1'), core), { code: 'PATCH_DOES_NOT_APPLY' });
  assert.match(String(error), /C1-.*\.patch: packages\/raft\/src\/rules\/commit\.ts is not as the patch knows it/);
});

it('holds only patches that type-check', { timeoutMs: 60_000 }, () => {
  assert.is(typeCheckAll(), '');
});

it('has bugs in every section that docs/BUG-ZOO.md names', () => {
  const sections = new Set(listBugs().map((bug) => bug.id.slice(0, 1)));
  assert.equal(
    Object.keys(SECTIONS).filter((section) => !sections.has(section)),
    [],
  );
});
