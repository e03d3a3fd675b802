import { assert, suite } from '@raftlens/testing';
import * as fc from 'fast-check';
import { maskVolatile, signatureOf } from '../../src/results/signature.ts';
import { linesOf, tellingLine } from '../../src/results/telling-line.ts';

const it = suite('signatures of failures');

const EXIT_1 = { type: 'exit', code: 1 } as const;

it('are equal for the same failure at another time, place and number', () => {
  const first =
    '2026/11/24 08:00:01 start\n--- FAIL: TestBackup3B (12.31s)\n    test_test.go:812: one(42) failed to reach agreement after 10.0s\nFAIL\n';
  const second =
    '2026/11/24 09:10:44 start\n--- FAIL: TestBackup3B (2.02s)\n    test_test.go:812: one(7) failed to reach agreement after 10.1s\nFAIL\n';
  assert.is(signatureOf(EXIT_1, first), signatureOf(EXIT_1, second));
  assert.is(signatureOf(EXIT_1, first), 'exit 1: TestBackup3B: test_test.go:N: one(N) failed to reach agreement after TIME');
});

it('tell different assertions apart although the exit code is the same', () => {
  assert.is.not(signatureOf(EXIT_1, 'Error: no leader\n'), signatureOf(EXIT_1, 'Error: two leaders\n'));
});

it('prefer the line that tells most', () => {
  assert.is(
    signatureOf({ type: 'exit', code: 2 }, 'FAIL\npanic: runtime error: index out of range [5] with length 5\ngoroutine 7 [running]:\n'),
    'exit 2: panic: runtime error: index out of range [N] with length N',
  );
  assert.is(signatureOf(EXIT_1, 'ok\nAssertionError [ERR_ASSERTION]: 3 == 4\n'), 'exit 1: AssertionError [ERR_ASSERTION]: N == N');
});

it("know the output of the toolchains' runners", () => {
  const outputs: Readonly<Record<string, string>> = {
    'One vote per term':
      '/tmp/r/x: 2 violations in 1,152 events\n\nOne vote per term (5.2) broken by S3 at 413.900, line 363\n  S3 granted its vote of term 4 to S4\n',
    'TestFlaky3B: flaky_test.go:N: no agreement at N':
      '=== RUN   TestFlaky3B\n    flaky_test.go:12: no agreement at 38\n--- FAIL: TestFlaky3B (0.00s)\nFAIL\n',
    'tests::flaky: assertion `left == right` failed: at N':
      "running 3 tests\n..\nthread 'tests::flaky' (31801) panicked at src/lib.rs:6:26:\nassertion `left == right` failed: at 3\n  left: 3\n right: 4\nerror: test failed, to rerun pass `--lib`\n",
    "tests::old: thread 'tests::old' panicked at 'boom N', src/lib.rs:N:N": "thread 'tests::old' panicked at 'boom 7', src/lib.rs:6:26\n",
    'tests::older: no agreement at N':
      "thread 'tests::older' panicked at 'assertion failed: `(left == right)`\n  left: `3`,\n right: `4`: no agreement at 3', src/lib.rs:6:26\n",
    'tests::boom: no leader': "thread 'tests::boom' panicked at src/lib.rs:6:26:\nno leader\n",
    'test_raft.py::test_flaky: AssertionError: no agreement at N':
      'E       AssertionError: no agreement at 3\nE       assert (3 % 5) != 3\n\ntest_raft.py:6: AssertionError\nFAILED test_raft.py::test_flaky - AssertionError: no agreement at 3\n',
    "agrees: \"'lost N' == 'kept'\"":
      "TAP version 13\n    not ok 1 - agrees\n      ---\n      error: \"'lost 3' == 'kept'\"\n      code: 'ERR_ASSERTION'\n      name: 'AssertionError'\nnot ok 2 - cluster\n  error: '1 subtest failed'\n# fail 1\n",
    'agrees: Expected values to be strictly equal:':
      "not ok 1 - agrees\n  ---\n  error: |-\n    Expected values to be strictly equal:\n    \n    'lost' !== 'kept'\n  name: 'AssertionError'\n",
    'flaky: Expected values to be strictly equal: (is)':
      '• ✘   (1 / 2)\n\n   FAIL  my suite  "flaky"\n    Expected values to be strictly equal:  (is)\n\n  Total:     2\n',
    "SyntaxError: Unexpected token ')'": "# /x/a.test.mjs:3\n# SyntaxError: Unexpected token ')'\n# pass 0\n",
  };
  for (const [telling, output] of Object.entries(outputs)) assert.is(signatureOf(EXIT_1, output), `exit 1: ${telling}`);
});

it('tell two assertions of Jest apart that say the same, by the line of code', () => {
  const failure = (code: string, got: number): string =>
    `  ● raft › elects\n\n    expect(received).toBe(expected) // Object.is equality\n\n    Expected: 1\n    Received: ${got}\n\n      4 | x\n    > 5 |   ${code}\n        |   ^\n`;
  assert.is.not(signatureOf(EXIT_1, failure('expect(leaders).toBe(1);', 2)), signatureOf(EXIT_1, failure('expect(term).toBe(1);', 2)));
  assert.is(signatureOf(EXIT_1, failure('expect(leaders).toBe(1);', 2)), signatureOf(EXIT_1, failure('expect(leaders).toBe(1);', 3)));
});

it('say of a hang in which function it is, where the stacks were dumped, and nothing that says nothing', () => {
  const hung = { type: 'timeout', limitMs: 1000 } as const;
  const go =
    'SIGQUIT: quit\ngoroutine 19 [chan receive]:\nruntime.chanrecv1(0x0?, 0x0?)\n\t/usr/lib/go/chan.go:442 +0x18\nexample.com/flaky.TestHang(0x0?)\n\t/x/flaky_test.go:21 +0x76\n';
  assert.is(signatureOf(hung, go), 'timeout: in example.com/flaky.TestHang');
  const python = 'test_flaky.py ..Fatal Python error: Aborted\n  File "/x/test_flaky.py", line 8 in test_hangs\n';
  assert.is(signatureOf(hung, python), 'timeout: in test_hangs');
  assert.is(signatureOf(hung, 'ok 1\nok 2\n'), 'timeout');
});

it('take the last line where none tells anything', () => {
  assert.is(signatureOf(EXIT_1, 'a\nb 3\n\n'), 'exit 1: b N');
  assert.is(signatureOf({ type: 'signal', signal: 'SIGSEGV' }, ''), 'SIGSEGV');
});

it('name the rule of a simulated run', () => {
  assert.is(signatureOf({ type: 'violation', rule: 'LogMatching', section: '5.3', message: 'S1 and S2' }, ''), 'violation: LogMatching');
});

it('hold no control characters', () => {
  assert.is(signatureOf(EXIT_1, '\u001b[31mError: bad\u0007\u001b[0m\n'), 'exit 1: Error: bad');
});

it('mask addresses, times, identifiers and temporary paths', () => {
  assert.is(maskVolatile('at 0xdeadbeef in /tmp/x-81/y.log'), 'at ADDR in PATH');
  assert.is(maskVolatile('id 123e4567-e89b-42d3-a456-426614174000 took 1.5s'), 'id UUID took TIME');
  assert.is(maskVolatile('commit 4f3a9c01bd at 2026-11-24T08:00:00.123Z'), 'commit HEX at TIME');
});

/** Outputs of runners, each with two failures of different causes. `{...}` is what differs from run to run. */
const PAIRS: Readonly<Record<string, readonly [string, string]>> = {
  'Java, two exceptions in a thread': [
    'Exception in thread "main" java.lang.IllegalStateException: two leaders in term {n}\n\tat raft.Server.vote(Server.java:12)\n\tat java.base/java.lang.Thread.run(Thread.java:840)\n',
    'Exception in thread "main" java.lang.NullPointerException\n\tat raft.Log.append(Log.java:7)\n\tat java.base/java.lang.Thread.run(Thread.java:840)\n',
  ],
  Maven: [
    '[ERROR] raft.ElectionTest.elects -- Time elapsed: {n}.2 s <<< FAILURE!\norg.opentest4j.AssertionFailedError: no leader after {n} ms\n[ERROR] Failures: \n[ERROR]   ElectionTest.elects:12 no leader after {n} ms\n[INFO] BUILD FAILURE\n[ERROR] Failed to execute goal org.apache.maven.plugins:maven-surefire-plugin\n[ERROR] [Help 1] http://cwiki.apache.org/x\n',
    '[ERROR] raft.ElectionTest.elects -- Time elapsed: {n}.2 s <<< FAILURE!\norg.opentest4j.AssertionFailedError: two leaders\n[ERROR] Failures: \n[ERROR]   ElectionTest.elects:14 two leaders\n[INFO] BUILD FAILURE\n[ERROR] Failed to execute goal org.apache.maven.plugins:maven-surefire-plugin\n[ERROR] [Help 1] http://cwiki.apache.org/x\n',
  ],
  Gradle: [
    "> Task :test FAILED\n\nElectionTest > elects() FAILED\n    org.opentest4j.AssertionFailedError: no leader at {host}\n        at app//raft.ElectionTest.elects(ElectionTest.java:12)\n\nFAILURE: Build failed with an exception.\n* What went wrong:\nExecution failed for task ':test'.\n> There were failing tests. See the report at: file://{path}/index.html\n",
    "> Task :test FAILED\n\nElectionTest > commits() FAILED\n    java.util.concurrent.TimeoutException at ElectionTest.java:30\n\nFAILURE: Build failed with an exception.\n* What went wrong:\nExecution failed for task ':test'.\n> There were failing tests. See the report at: file://{path}/index.html\n",
  ],
  Jest: [
    'FAIL ./raft.test.js\n  ● cluster › elects a leader\n\n    expect(received).toBe(expected) // Object.is equality\n\nTest Suites: 1 failed, 1 total\nTime:        {n}.1 s\nRan all test suites.\n',
    'FAIL ./raft.test.js\n  ● cluster › commits\n\n    thrown: "Exceeded timeout of 5000 ms for a test."\n\nTest Suites: 1 failed, 1 total\nTime:        {n}.1 s\nRan all test suites.\n',
  ],
  gtest: [
    '[ RUN      ] Raft.Elects\nraft_test.cc:12: Failure\nExpected equality of these values:\n  leaders\n    Which is: 2\n[  FAILED  ] Raft.Elects ({n} ms)\n[  FAILED  ] 1 test, listed below:\n 1 FAILED TEST\n',
    '[ RUN      ] Raft.Commits\nraft_test.cc:30: Failure\nValue of: committed\n  Actual: false\n[  FAILED  ] Raft.Commits ({n} ms)\n[  FAILED  ] 1 test, listed below:\n 1 FAILED TEST\n',
  ],
  ctest: [
    '    Start 1: election\n1/2 Test #1: election .........***Failed    0.{n} sec\n\nThe following tests FAILED:\n\t  1 - election (Failed)\nErrors while running CTest\n',
    '    Start 2: commit\n2/2 Test #2: commit ...........***Failed    0.{n} sec\n\nThe following tests FAILED:\n\t  2 - commit (Failed)\nErrors while running CTest\n',
  ],
  'races of Go': [
    '==================\nWARNING: DATA RACE\nWrite at {address} by goroutine {n}:\n  raft.(*Server).vote()\n      {path}/a.go:5 +0x44\n\nPrevious read at {address} by goroutine {n}:\n  raft.(*Server).state()\n      {path}/a.go:9 +0x44\n==================\n',
    '==================\nWARNING: DATA RACE\nWrite at {address} by goroutine {n}:\n  raft.(*Log).append()\n      {path}/b.go:5 +0x44\n\nPrevious write at {address} by goroutine {n}:\n  raft.(*Log).truncate()\n      {path}/b.go:9 +0x44\n==================\n',
  ],
  'rules by their numbers': [
    'Leaders rule 4 (figure 2; 5.3) broken by S{s} at {n}.510, line {n}\n',
    'Leaders rule 3 (figure 2; 5.3) broken by S{s} at {n}.510, line {n}\n',
  ],
  'modules by their names': ['Error: raft3a lost an entry at {host}\n', 'Error: raft3b lost an entry at {host}\n'],
};

/** The same failure as another run would tell of it. */
function told(output: string, random: { n: number; s: number; port: number; word: string; blanks: string }): string {
  return output
    .replaceAll('{n}', String(random.n))
    .replaceAll('{s}', String(random.s))
    .replaceAll('{host}', `127.0.0.1:${random.port}`)
    .replaceAll('{path}', `/tmp/run-${random.word}/x`)
    .replaceAll('{address}', `0x00c0${random.n.toString(16).padStart(8, '0')}`)
    .replace(/(?<=\b(?:two|no|lost|raft3[ab])) /g, random.blanks);
}

const RANDOM = fc.record({
  n: fc.integer({ min: 0, max: 2 ** 31 }),
  s: fc.integer({ min: 1, max: 9 }),
  port: fc.integer({ min: 1024, max: 65535 }),
  word: fc.stringMatching(/^[a-z0-9]{1,12}$/),
  blanks: fc.constantFrom(' ', '  ', '\t'),
});

it('are one for one failure at other times, ports, paths and addresses, and two for two failures, of every runner', {
  timeoutMs: 60_000,
}, () => {
  for (const [name, [first, second]] of Object.entries(PAIRS)) {
    assert.is.not(signatureOf(EXIT_1, told(first, ONE)), signatureOf(EXIT_1, told(second, ONE)), name);
    fc.assert(
      fc.property(RANDOM, (random) => {
        for (const output of [first, second])
          assert.is(signatureOf(EXIT_1, told(output, random)), signatureOf(EXIT_1, told(output, ONE)), name);
      }),
      { numRuns: 1200 },
    );
  }
});

const ONE = { n: 7, s: 2, port: 4711, word: 'a', blanks: ' ' };

it('take time that is linear in what was printed', { timeoutMs: 20_000 }, () => {
  const pieces = [
    'a',
    ' ',
    '"',
    '(',
    "thread '",
    'error: ',
    'Exception.',
    '● x › ',
    '[ERROR] a.',
    '--- FAIL: ',
    '0x0',
    'assert ',
    'File "',
    '1.',
    'right: `',
    '\t',
  ];
  for (const piece of pieces) {
    const line = piece.repeat(65_536 / piece.length);
    signatureOf(EXIT_1, `${line}\n${line}`);
    tellingLine(linesOf(`${piece.repeat(40)}\n`.repeat(2000)));
  }
});
