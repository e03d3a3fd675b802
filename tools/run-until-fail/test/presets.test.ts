import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, suite } from '@raftlens/testing';
import { namesOfList } from '../src/commands/test-names.ts';
import { outputOf, tool } from './support/tool.ts';

const it = suite('presets');

const NO_GO = spawnSync('go', ['version']).status === 0 ? false : 'go is not installed';
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
  assert.match(stdout, /exit 1: flaky_test.go:N: no agreement at N/);
  assert.match(stdout, /run it again: run-until-fail go \. -t 3B --runs 1 --seed 3/);
  const none = await t.run('go', '.', '-t', 'NoSuchTest', '--jobs', '1');
  assert.is(none.code, 1);
  assert.match(none.stdout, /executed no test/);
});

it('go: a hanging test leaves the stacks of its goroutines', { timeoutMs: 120_000, skip: NO_GO }, async () => {
  const t = goModule();
  const { stdout } = await t.run('go', '.', '-t', 'Hang', '--timeout', '1s', '--jobs', '1');
  assert.match(stdout, /1 timed out/);
  const [run] = t.runs();
  assert.match(run === undefined ? '' : outputOf(run), /goroutine \d+ \[[\s\S]*flaky\.TestHang/);
});

it("go: what does not build is said with the compiler's words", { timeoutMs: 120_000, skip: NO_GO }, async () => {
  const t = goModule();
  writeFileSync(join(t.folder, 'broken_test.go'), 'package flaky\nvar x int = "text"\n');
  const { code, stderr } = await t.run('go', '.');
  assert.is(code, 2);
  assert.match(stderr, /the setup "go test -c .* failed[\s\S]*cannot use "text"/);
});

it('node: counts the cases, and fails when a pattern matches none', async () => {
  const t = tool();
  writeFileSync(join(t.folder, 'a.test.mjs'), "import { test } from 'node:test';\ntest('one', () => {});\ntest('two', () => {});\n");
  const { code, stdout } = await t.run('node', 'a.test.mjs', '--runs', '2', '--jobs', '1');
  assert.is(code, 0, stdout);
  assert.match(stdout, /passed 2, failed 0/);
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
  assert.equal(namesOfList('TestA\nTestB\nok  \texample.com/raft\t0.003s\n?   \tpkg\t[no test files]\n'), ['TestA', 'TestB']);
});
