import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, suite, temporaryFolder } from '@raftlens/testing';
import { cachedResultIn, freshEnvironment, freshWords } from '../../src/execute/cached-results.ts';

const it = suite('results out of a cache');

const CACHED: readonly (readonly [string, string])[] = [
  ['Go', 'ok  \texample.com/raft\t(cached)\n'],
  ['Go', '?   \texample.com/raft/cmd\t[no test files]\nok  \texample.com/raft\t(cached)\tcoverage: 12.3% of statements\n'],
  ['Go', 'ok  \ta\t(cached)\nok  \tb\t(cached) [no tests to run]\n'],
  ['Go', '{"Action":"output","Package":"a","Output":"ok  \\ta\\t(cached)\\n"}\n{"Action":"pass","Package":"a","Elapsed":0}\n'],
  ['Gradle', '> Task :compileJava UP-TO-DATE\n> Task :test UP-TO-DATE\n\nBUILD SUCCESSFUL in 1s\n3 actionable tasks: 3 up-to-date\n'],
  ['Gradle', '> Task :raft:integrationTest FROM-CACHE\n3 actionable tasks: 1 executed, 2 from cache\n'],
  ['Bazel', '//raft:raft_test  (cached) PASSED in 1.2s\n\nExecuted 0 out of 1 test: 1 test passes.\n'],
  [
    'Nx',
    ' NX   Successfully ran target test for project raft\n\nNx read the output from the cache instead of running the command for 1 out of 1 tasks.\n',
  ],
  ['Turborepo', ' Tasks:    2 successful, 2 total\nCached:    2 cached, 2 total\n  Time:    80ms >>> FULL TURBO\n'],
  ['make', "make: 'test' is up to date.\n"],
  ['make', "make[1]: Nothing to be done for 'test'.\n"],
];

const FRESH: readonly string[] = [
  '',
  'ok  \texample.com/raft\t0.028s\n',
  'ok  \ta\t(cached)\nok  \tb\t0.01s\n',
  '=== RUN   TestA\nsays (cached)\n--- PASS: TestA (0.00s)\nPASS\n',
  '> Task :compileJava UP-TO-DATE\n> Task :test\n\n3 actionable tasks: 1 executed, 2 up-to-date\n',
  '//a:a  (cached) PASSED in 1.2s\n//b:b  PASSED in 0.1s\n\nExecuted 1 out of 2 tests: 2 tests pass.\n',
  'Nx read the output from the cache instead of running the command for 1 out of 2 tasks.\n',
  'Cached:    1 cached, 2 total\n',
  "make: 'lib' is up to date.\n./my-test\n",
];

it('are known by what their runner says', () => {
  for (const [runner, output] of CACHED) assert.is(cachedResultIn(output)?.runner, runner, output);
});

it('are none where something was run all the same', () => {
  for (const output of FRESH) assert.is(cachedResultIn(output), null, output);
});

it('are looked for in time that is linear in the output', { timeoutMs: 10_000 }, () => {
  for (const piece of ['ok (', '> Task :test', '(cached) ', "make: '", '//a:a ', 'ok\t', 'Cached: 1 ']) {
    cachedResultIn(`(cached)\n${piece.repeat(20_000)}\n${`${piece}\n`.repeat(5000)}`);
  }
});

it('are kept away by variables, and flags that a user has set stay', () => {
  const home = temporaryFolder();
  assert.equal(freshEnvironment({ HOME: home }), { GOFLAGS: '-count=1', NX_SKIP_NX_CACHE: 'true', TURBO_FORCE: 'true' });
  assert.is(freshEnvironment({ HOME: home, GOFLAGS: '-race' })['GOFLAGS'], '-race -count=1');
  assert.equal(freshEnvironment({ GOFLAGS: '-race -count=3', NX_SKIP_NX_CACHE: 'false', TURBO_FORCE: '' }), {});
  mkdirSync(join(home, '.config', 'go'), { recursive: true });
  writeFileSync(join(home, '.config', 'go', 'env'), 'GOPROXY=off\nGOFLAGS=-mod=mod\n');
  assert.is(freshEnvironment({ HOME: home })['GOFLAGS'], '-mod=mod -count=1');
});

it('are kept away by a flag where there is no variable', () => {
  assert.equal(freshWords(['bazel', 'test', '//...']), ['bazel', 'test', '--nocache_test_results', '//...']);
  assert.equal(freshWords(['bazel', 'test', '-t-', '//...']), ['bazel', 'test', '-t-', '//...']);
  assert.equal(freshWords(['bazel', 'build', '//...']), ['bazel', 'build', '//...']);
  assert.equal(freshWords(['go', 'test', '.']), ['go', 'test', '.']);
});
