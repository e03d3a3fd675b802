import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assert, suite, unlessRuns } from '@raftlens/testing';
import { namesOfList } from '../src/commands/test-names.ts';
import { readReport } from '../src/report/report-schema.ts';
import { outputOf, type Tool, tool } from './support/tool.ts';

const it = suite('presets');

const NO_GO = unlessRuns(['go', 'version']);
const GO = { GOFLAGS: '-mod=mod', GO111MODULE: 'on' };

function goModule() {
  const t = tool(GO);
  writeFileSync(join(t.folder, 'go.mod'), 'module example.com/flaky\n\ngo 1.19\n');
  const test = `package flaky
import ("os"; "strconv"; "testing"; "time")
func TestFlaky3B(t *testing.T) { n, _ := strconv.Atoi(os.Getenv("RUN_SEED")); if n%3 == 0 { t.Fatalf("no agreement at %d", n) } }
func TestHang(t *testing.T) { time.Sleep(time.Hour) }
`;
  writeFileSync(join(t.folder, 'flaky_test.go'), test);
  return t;
}

it('go: builds once, runs the named test until it fails, and says so when no test was run', {
  timeoutMs: 120_000,
  skip: NO_GO,
}, async () => {
  const t = goModule();
  const { code, stdout } = await t.run('go', '.', '-t', '3B', '--seed', '1', '--jobs', '1');
  assert.is(code, 1, stdout);
  assert.match(stdout, /FAILED: 1 of 3 runs failed/);
  assert.match(stdout, /exit 1: TestFlaky3B: flaky_test.go:N: no agreement at N/);
  assert.match(stdout, /run it again: run-until-fail go \. -t 3B --runs 1 --seed 3/);
  const none = await t.run('go', '.', '-t', 'NoSuchTest', '--jobs', '1');
  assert.is(none.code, 1);
  assert.match(none.stdout, /no test was executed/);
});

it('go: a hanging test leaves the stacks of its goroutines', { timeoutMs: 120_000, skip: NO_GO }, async () => {
  const t = goModule();
  const { stdout } = await t.run('go', '.', '-t', 'Hang', '--timeout', '1s', '--jobs', '1');
  assert.match(stdout, /1 timed out/);
  const [run] = t.runs();
  assert.match(run === undefined ? '' : outputOf(run), /goroutine \d+ [^\n]*\[sleep\][^]*flaky\.TestHang/);
});

it('go: a plain go test is run again each time, and a result out of its cache is none', { timeoutMs: 120_000, skip: NO_GO }, async () => {
  const t = goModule();
  writeFileSync(join(t.folder, 'flaky_test.go'), 'package flaky\nimport "testing"\nfunc TestFine(t *testing.T) {}\n');
  const fresh = await t.run('--runs', '3', '--jobs', '1', '--', 'go', 'test', '.');
  assert.is(fresh.code, 0, fresh.stdout);
  assert.match(fresh.stdout, /passed 3, failed 0/);
  // Where a script insists on the cache nothing but the first run says something.
  const cached = await t.run('--runs', '20', '--jobs', '1', '--shell', '--', 'GOFLAGS= go test .');
  assert.is(cached.code, 1, cached.stdout);
  assert.match(cached.stdout, /^ONLY CACHED RESULTS: 0 of [01] runs? failed/);
  assert.match(cached.stdout, /passed [01], failed 0, not run, out of a cache 5\n/);
  assert.match(cached.stdout, /could not go on: Go runs nothing and repeats results out of its cache: add -count=1/);
});

it("go: what does not build is said with the compiler's words", { timeoutMs: 120_000, skip: NO_GO }, async () => {
  const t = goModule();
  writeFileSync(join(t.folder, 'broken_test.go'), 'package flaky\nvar x int = "text"\n');
  const { code, stderr } = await t.run('go', '.');
  assert.is(code, 2);
  assert.match(stderr, /the setup "go test -c .* failed[\s\S]*cannot use "text"/);
});

const NO_CARGO = unlessRuns(['cargo', '--version']);

const CRATE = `
#[cfg(test)]
mod tests {
    fn seed() -> u64 { std::env::var("RUN_SEED").unwrap().parse().unwrap() }
    #[test] fn adds() { assert_eq!(1 + 1, 2); }
    #[test] fn flaky() { assert_eq!(if seed() == 3 { "lost" } else { "kept" }, "kept", "no agreement at {}", seed()); }
}
`;

it('cargo: builds once, counts the cases, and groups by the test and what it asserts', { timeoutMs: 120_000, skip: NO_CARGO }, async () => {
  const t = tool({ CARGO_NET_OFFLINE: 'true' });
  mkdirSync(join(t.folder, 'src'));
  writeFileSync(join(t.folder, 'Cargo.toml'), '[package]\nname = "flaky"\nversion = "0.1.0"\nedition = "2021"\n');
  writeFileSync(join(t.folder, 'src/lib.rs'), CRATE);
  const { code, stdout } = await t.run('cargo', '--seed', '1', '--runs', '4', '--keep-going', '--report', 'report.json');
  assert.is(code, 1, stdout);
  assert.match(stdout, /passed 3, failed 1/);
  assert.match(stdout, /1x exit 101: tests::flaky: (?:assertion `left == right` failed: )?no agreement at N/);
  assert.match(stdout, /what it printed about it:[\s\S]*left: `?"lost"/);
  assert.equal(caseCounts(t), { '2': 3 });
  const listed = await t.run('cargo', '--tests-command', 'cargo test -q -- --list', '--runs', '1', '--seed', '1');
  assert.match(listed.stdout, /tests::adds +0\/1 [\s\S]*tests::flaky +0\/1 /);
  const none = await t.run('cargo', '-t', 'no_such_test', '--runs', '1');
  assert.is(none.code, 1);
  assert.match(none.stdout, /no test was executed/);
});

const NO_PYTEST = unlessRuns(['pytest', '--version']) && unlessRuns(['pytest-3', '--version'], 'pytest');

const PYTHON = `
import os, time
def test_adds(): assert 1 + 1 == 2
def test_flaky(): assert os.environ["RUN_SEED"] != "3", "no agreement at 3"
def test_hangs(): time.sleep(1000 if os.environ["RUN_SEED"] == "3" else 0)
`;

it('pytest: counts, groups, tells where a test hangs, and that none was executed', { timeoutMs: 120_000, skip: NO_PYTEST }, async () => {
  const t = tool({ PYTEST_DISABLE_PLUGIN_AUTOLOAD: '1' });
  writeFileSync(join(t.folder, 'test_raft.py'), PYTHON);
  const { code, stdout } = await t.run(
    'pytest',
    '-t',
    'adds or flaky',
    '--seed',
    '2',
    '--runs',
    '2',
    '--keep-going',
    '--report',
    'report.json',
  );
  assert.is(code, 1, stdout);
  assert.match(stdout, /1x exit 1: test_raft.py::test_flaky: AssertionError: no agreement at N/);
  assert.equal(caseCounts(t), { '2': 1 });
  const hanging = await t.run('pytest', '-t', 'test_raft.py::test_hangs', '--seed', '3', '--timeout', '8s');
  assert.match(hanging.stdout, /1x timeout: in test_hangs/);
  const none = await t.run('pytest', '-t', 'no_such_test', '--runs', '1');
  assert.match(none.stdout, /no test was executed/);
});

it('uvu: is found without npx, fails when it finds no test, and groups by the test', { timeoutMs: 60_000 }, async () => {
  const t = tool();
  // The folder of a package that depends on uvu stands in for npm install.
  symlinkSync(fileURLToPath(new URL('../../../../packages/testing/node_modules', import.meta.url)), join(t.folder, 'node_modules'));
  writeFileSync(join(t.folder, 'package.json'), '{"type":"module"}');
  mkdirSync(join(t.folder, 'tests'));
  const flaky = "test('flaky', () => assert.is(process.env.RUN_SEED === '2' ? 'lost' : 'kept', 'kept'));";
  writeFileSync(
    join(t.folder, 'tests/a.test.js'),
    `import { test } from 'uvu';\nimport * as assert from 'uvu/assert';\ntest('adds', () => {});\n${flaky}\ntest.run();\n`,
  );
  const { stdout } = await t.run('uvu', 'tests', '--seed', '1', '--jobs', '1', '--report', 'report.json');
  assert.match(stdout, /FAILED: 1 of 2 runs failed/);
  assert.match(stdout, /1x exit 1: flaky: Expected values to be strictly equal:/);
  assert.equal(caseCounts(t), { '2': 1 });
  assert.match((await t.run('uvu', 'tests', '-t', 'no-such-file', '--runs', '1')).stdout, /no test was executed/);
  assert.match((await tool().run('uvu', 'tests')).stderr, /uvu is not installed here: npm install --save-dev uvu/);
});

const NODE_TEST = `
import { test, describe, it } from 'node:test';
import assert from 'node:assert';
test('adds', () => {});
describe('cluster', () => { it('agrees', () => assert.equal(process.env.RUN_SEED === '3' ? 'lost 3' : 'kept', 'kept')); });
if (process.env.RUN_SEED === '2') test('extra', () => {});
`;

it('node, npm: count what their runner executed, report a change, and group by the test', { timeoutMs: 60_000 }, async () => {
  for (const [words, runner] of [
    [['node', 'a.test.mjs'], ''],
    [['npm'], 'node --test --test-reporter spec'],
  ] as const) {
    const t = tool();
    writeFileSync(join(t.folder, 'package.json'), JSON.stringify({ scripts: { test: runner } }));
    writeFileSync(join(t.folder, 'a.test.mjs'), NODE_TEST);
    const { code, stdout } = await t.run(...words, '--seed', '1', '--runs', '3', '--keep-going');
    assert.is(code, 1, stdout);
    assert.match(stdout, /changed between passing runs: 2 cases in 1 run, 3 cases in 1 run/);
    assert.match(stdout, /1x exit 1: .*'lost N' == 'kept'/);
  }
});

it('npm: of a runner that it does not know it does not say that no test was executed', async () => {
  const t = tool();
  writeFileSync(join(t.folder, 'package.json'), '{"scripts":{"test":"echo fine"}}');
  assert.is((await t.run('npm', '--runs', '1')).code, 0);
});

it('node: counts the cases, and fails when a pattern matches none', async () => {
  const t = tool();
  writeFileSync(join(t.folder, 'a.test.mjs'), "import { test } from 'node:test';\ntest('one', () => {});\ntest('two', () => {});\n");
  const { code, stdout } = await t.run('node', 'a.test.mjs', '--runs', '2', '--jobs', '1');
  assert.is(code, 0, stdout);
  assert.match(stdout, /passed 2, failed 0/);
  const none = await t.run('node', 'a.test.mjs', '-t', 'no such test', '--runs', '1');
  assert.is(none.code, 1);
  assert.match(none.stdout, /no test was executed/);
});

it('of the user: words, race and selection come from run-until-fail.json', async () => {
  const t = tool();
  const mine = {
    command: ['echo', '{race}', '{select}', '{targets}', '{extra}'],
    race: ['--tsan'],
    select: ['--only', '{test}'],
    cases: '^-',
  };
  writeFileSync(join(t.folder, 'run-until-fail.json'), JSON.stringify({ presets: { mine } }));
  const { code, stdout } = await t.run('mine', 'a', 'b', '-t', 'T1', '--race', '--runs', '1', '--keep', '--', '--x');
  assert.is(code, 0, stdout);
  assert.equal(t.runs().map(outputOf), ['--tsan --only T1 a b --x\n']);
});

it('of the user: a mistake in the file is one line', async () => {
  const t = tool();
  writeFileSync(join(t.folder, 'run-until-fail.json'), '{"presets":{"mine":{"comand":["x"]}}}');
  const { code, stderr } = await t.run('--', 'true');
  assert.is(code, 2);
  assert.match(stderr, /run-until-fail\.json: presets\.mine/);
});

it('lists of tests leave out what go test -list adds', () => {
  assert.equal(namesOfList('tests::adds: test\ntests::speed: benchmark\n\n1 test, 1 benchmark\n'), ['tests::adds']);
  assert.equal(namesOfList('test_raft.py::test_adds\n\n1 test collected in 0.01s\n'), ['test_raft.py::test_adds']);
  assert.equal(namesOfList('TestA\nTestB\nok  \texample.com/raft\t0.003s\n?   \tpkg\t[no test files]\n'), ['TestA', 'TestB']);
});

/** How many passing runs executed how many test cases, by report.json. */
function caseCounts(t: Tool): unknown {
  return readReport(readFileSync(join(t.folder, 'report.json'), 'utf8'), 'report.json').tests[0]?.tally.caseCounts;
}
