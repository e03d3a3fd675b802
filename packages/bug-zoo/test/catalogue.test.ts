import { assert, suite, throws } from '@raftlens/testing';
import { allBugs, bugById, listBugs, SECTIONS } from '../src/catalogue.ts';
import { BugZooError } from '../src/error.ts';
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
