/**
 * The self-test of the guard: each way in which uvu, or a test file, reports success although something failed must turn red here. Each
 * trap is a test file of its own, run as the runner runs it.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, suite, temporaryFolder } from '../src/index.ts';

interface Verdict {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
  readonly output: string;
}
interface Runner {
  runScript(script: string, options: { grep: string; limitMs: number }): Promise<Verdict>;
}

const GUARD = new URL('../src/index.js', import.meta.url).href;
// Plain JavaScript without types, because it runs before anything is built.
const { runScript } = (await import(new URL('../../../../scripts/lib/run-test-file.mjs', import.meta.url).href)) as Runner;
const folder = temporaryFolder();

let files = 0;
function run(body: string, { grep = '', limitMs = 30_000 } = {}): Promise<Verdict> {
  files += 1;
  const path = join(folder, `trap-${files}.mjs`);
  writeFileSync(path, `import { assert, suite, test } from ${JSON.stringify(GUARD)};\n${body}\n`);
  return runScript(path, { grep, limitMs });
}

interface Trap {
  readonly name: string;
  readonly body: string;
  /** What the output must say, so that the failure can be found. */
  readonly says: string;
  readonly limitMs?: number;
}

const TRAPS: readonly Trap[] = [
  { name: 'a test that fails', body: "test('a', () => assert.is(1, 2));", says: 'Expected values to be strictly equal' },
  { name: 'a throw in before', body: "test.before(() => { throw new Error('no database'); }); test('a', () => {});", says: 'no database' },
  {
    name: 'a throw in before.each',
    body: "test.before.each(() => { throw new Error('no table'); }); test('a', () => {});",
    says: 'no table',
  },
  {
    name: 'a throw in after.each, which does not hide what failed before',
    body: "test.after.each(() => { throw new Error('cannot clean'); }); test('a', () => { throw new Error('the real failure'); });",
    says: 'the real failure',
  },
  {
    name: 'a throw in after.each alone',
    body: "test.after.each(() => { throw new Error('cannot clean'); }); test('a', () => {});",
    says: 'cannot clean',
  },
  { name: 'a throw in after', body: "test.after(() => { throw new Error('cannot close'); }); test('a', () => {});", says: 'cannot close' },
  { name: 'throw null', body: "test('a', () => { throw null; });", says: 'threw null, which is not an Error' },
  { name: 'throw undefined', body: "test('a', () => { throw undefined; });", says: 'threw undefined, which is not an Error' },
  { name: 'throw a string', body: "test('a', () => { throw 'oops'; });", says: "threw 'oops', which is not an Error" },
  { name: 'a rejection with null', body: "test('a', async () => { await null; throw null; });", says: 'threw null' },
  {
    name: 'an error with details that cannot be printed',
    body: "test('a', () => { throw Object.assign(new Error('odd'), { details: {}, operator: 5 }); });",
    says: 'odd',
  },
  {
    name: 'an error without a name',
    body: "test('a', () => { throw Object.assign(new Error('nameless'), { name: null, stack: null }); });",
    says: 'nameless',
  },
  {
    name: 'a suite that nobody runs',
    body: "const it = suite('forgotten'); it('a', () => { throw new Error('ran anyway'); });",
    says: 'ran anyway',
  },
  {
    name: 'a test that never ends',
    body: "test('a', { timeoutMs: 50 }, () => new Promise(() => {}));",
    says: 'longer than its limit of 50 ms',
  },
  {
    name: 'a test that waits for a timer too long',
    body: "test('a', { timeoutMs: 50 }, () => new Promise((done) => setTimeout(done, 400)));",
    says: 'longer than its limit of 50 ms',
  },
  {
    name: 'a handle that keeps the process alive',
    body: "setInterval(() => {}, 1000); test('a', () => {});",
    says: 'the process is kept alive by',
  },
  {
    name: 'process.exit in a test',
    body: "test('a', () => process.exit(0)); test('b', () => {});",
    says: 'ended before all tests had run',
  },
  {
    name: 'an await that nothing will ever settle',
    body: "test('a', () => {}); await new Promise(() => {});",
    says: 'ended before all tests had run',
  },
  {
    name: 'a throw while the file is evaluated',
    body: "test('a', () => {}); throw new Error('evaluated badly');",
    says: 'evaluated badly',
  },
  {
    name: 'a test declared inside of a test',
    body: "test('a', () => { test('b', () => {}); });",
    says: 'declared after the tests had begun',
  },
  {
    name: 'a test declared too late, with the error ignored',
    body: "test('a', () => { setTimeout(() => test('b', () => {}), 10); });",
    says: 'declared after the tests had begun',
  },
  { name: 'two tests of one name', body: "test('a', () => {}); test('a', () => {});", says: 'two tests named "a"' },
  { name: 'a test without a body', body: "test('a');", says: 'has no body' },
  { name: 'a promise that nobody awaits', body: "test('a', () => { Promise.reject(new Error('floating')); });", says: 'floating' },
  {
    name: 'a throw in a timer after the tests',
    body: "test('a', () => { setTimeout(() => { throw new Error('late'); }, 20); });",
    says: 'late',
  },
  { name: 'a file without tests', body: '', says: 'without a report' },
  { name: 'a suite without tests', body: "suite('empty');", says: 'without a report' },
  {
    name: 'a loop that never ends',
    body: "test('a', () => { for (;;); });",
    says: 'longer than its limit of 1.5 s and was killed',
    limitMs: 1500,
  },
];

const it = suite('the guard turns red');
for (const { name, body, says, limitMs } of TRAPS) {
  it(`for ${name}`, async () => {
    const { failed, output } = await run(body, limitMs === undefined ? {} : { limitMs });
    assert.ok(failed > 0, output);
    assert.match(output, says);
  });
}

const green = suite('the guard stays green');

green('when all that ran passed', async () => {
  const { passed, failed } = await run("test('a', () => {}); const it = suite('s'); it('a', async () => {});");
  assert.equal([passed, failed], [2, 0]);
});

green('for tests declared after a top-level await', async () => {
  const { passed, failed } = await run("test('a', () => {}); await new Promise((done) => setTimeout(done, 50)); test('b', () => {});");
  assert.equal([passed, failed], [2, 0]);
});

green('for a test that is skipped with a reason, which is reported', async () => {
  const { passed, failed, skipped } = await run("test('a', () => {}); test('b', { skip: 'no go here' }, () => { throw null; });");
  assert.equal([passed, failed], [1, 0]);
  assert.equal(skipped, [{ name: 'b', reason: 'no go here' }]);
});

green('for the tests that a filter chose', async () => {
  const { passed, failed } = await run("test('apples', () => {}); test('pears', () => { throw null; });", { grep: 'apple' });
  assert.equal([passed, failed], [1, 0]);
});
