import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, suite } from '@raftlens/testing';
import { Complaints, telling } from '../src/check/complaints.ts';
import { raftlens } from './support/command.ts';

const it = suite('What a program says itself when it fails');

/** "kind: text" of what is found in lines that no format knows. */
function found(text: string): string[] {
  const complaints = new Complaints();
  for (const [row, line] of text.split('\n').entries()) complaints.bare(line, row);
  return telling(complaints.finish()).map((complaint) => `${complaint.kind} ${complaint.row}: ${complaint.text}`);
}

const FATAL: readonly (readonly [runtime: string, output: string, told: string])[] = [
  ['Go', 'panic: assignment to entry in nil map\n\ngoroutine 7 [running]:', 'crash 0: panic: assignment to entry in nil map'],
  ['Go, in a container', 'raft-1  | panic: boom', 'crash 0: raft-1  | panic: boom'],
  ['the Go runtime', 'fatal error: all goroutines are asleep - deadlock!', 'crash 0: fatal error: all goroutines are asleep - deadlock!'],
  ['the race detector of Go', '==================\nWARNING: DATA RACE\nWrite at 0x00c0 by goroutine 8:', 'race 1: WARNING: DATA RACE'],
  [
    'go test',
    '--- FAIL: TestBasicAgree2B (3.20s)\n    config.go:551: one(100) failed to reach agreement\nFAIL',
    'failure 0: --- FAIL: TestBasicAgree2B (3.20s) config.go:551: one(100) failed to reach agreement',
  ],
  ['go test of a package', 'FAIL\traft\t48.910s', 'failure 0: FAIL\traft\t48.910s'],
  [
    "the labs' tester",
    '2026/05/11 10:00:01 apply error: commit index=3 server=0 7 != server=1 9',
    'complaint 0: 2026/05/11 10:00:01 apply error: commit index=3 server=0 7 != server=1 9',
  ],
  [
    "etcd's raft",
    'raft: tocommit(38) is out of range [lastIndex(37)]. Was the raft log corrupted, truncated, or lost?',
    'crash 0: raft: tocommit(38) is out of range [lastIndex(37)]. Was the raft log corrupted, truncated, or lost?',
  ],
  [
    'Rust',
    "thread 'raft' (12) panicked at src/log.rs:41:9:\nindex out of bounds: the len is 3",
    "crash 0: thread 'raft' (12) panicked at src/log.rs:41:9: index out of bounds: the len is 3",
  ],
  ['older Rust', "thread 'main' panicked at 'boom', src/main.rs:2:5", "crash 0: thread 'main' panicked at 'boom', src/main.rs:2:5"],
  ['cargo test', 'test election ... FAILED\n\ntest result: FAILED. 0 passed; 1 failed', 'failure 0: test election ... FAILED'],
  [
    'Java',
    'Exception in thread "raft-1" java.lang.IllegalStateException: no term',
    'crash 0: Exception in thread "raft-1" java.lang.IllegalStateException: no term',
  ],
  [
    'Python',
    'Traceback (most recent call last):\n  File "raft.py", line 3, in step\n    assert False\nAssertionError: no term',
    'crash 0: Traceback (most recent call last): AssertionError: no term',
  ],
  [
    'pytest',
    'FAILED tests/test_raft.py::test_election - assert 0 == 1',
    'failure 0: FAILED tests/test_raft.py::test_election - assert 0 == 1',
  ],
  [
    'C++',
    "terminate called after throwing an instance of 'std::out_of_range'\n  what():  vector::_M_range_check",
    "crash 0: terminate called after throwing an instance of 'std::out_of_range' what():  vector::_M_range_check",
  ],
  ['C', "raft: log.c:31: log_at: Assertion `i < n' failed.", "crash 0: raft: log.c:31: log_at: Assertion `i < n' failed."],
  ['the shell', 'Segmentation fault (core dumped)', 'crash 0: Segmentation fault (core dumped)'],
  [
    'a sanitizer',
    '==31==ERROR: AddressSanitizer: heap-use-after-free on address 0x60',
    'crash 0: ==31==ERROR: AddressSanitizer: heap-use-after-free on address 0x60',
  ],
  ['GoogleTest', '[  FAILED  ] Raft.Election (3 ms)', 'failure 0: [  FAILED  ] Raft.Election (3 ms)'],
  [
    'Node.js',
    "/app/raft.js:12\n    throw new Error('no term');\n    ^\n\nError: no term\n    at step (/app/raft.js:12:11)",
    'crash 0: /app/raft.js:12 Error: no term',
  ],
  ['TAP', 'not ok 3 - elects a leader', 'failure 0: not ok 3 - elects a leader'],
  [
    '.NET',
    'Unhandled exception. System.InvalidOperationException: no term',
    'crash 0: Unhandled exception. System.InvalidOperationException: no term',
  ],
];

for (const [runtime, output, told] of FATAL) {
  it(`knows the last word of ${runtime}`, () => {
    assert.is(found(output)[0], told);
  });
}

it('takes nothing else for one', () => {
  for (const line of [
    'S1 failed to get a vote from S2',
    'recovered from panic: boom',
    'ok  \traft\t3.2s',
    '--- PASS: TestFailAgree2B (3.1s)',
    'Test (2B): agreement after follower fails ...',
    '  ... Passed --   4.1  3   96   25344    8',
    'raft.go:12',
    'test result: ok. 3 passed; 0 failed',
    'not ok 3 - is not done # TODO later',
    'FAILOVER to S2',
    'WARN connection error: refused',
    'Tests run: 3, Failures: 0, Errors: 0, Skipped: 0',
    '==== 3 passed in 2.1s ====',
    '{"level":"error","msg":"cannot dial"}',
  ])
    assert.equal(found(line), [], line);
});

it('lets the panic stand for the test that it failed', () => {
  assert.equal(found('--- FAIL: TestX (1s)\npanic: boom\nexit status 2\nFAIL\traft\t1s'), ['crash 1: panic: boom']);
});

it('reads a level above error in the line of a logger', () => {
  const complaints = new Complaints();
  complaints.logged('cannot persist', 3, '{"level":"fatal","ts":1,"msg":"cannot persist"}');
  complaints.logged('cannot dial', 4, '{"level":"error","ts":1,"msg":"cannot dial"}');
  assert.equal(complaints.finish(), [{ kind: 'crash', row: 3, text: 'cannot persist' }]);
});

const command = suite('check, of a program that failed');
const folder = mkdtempSync(join(tmpdir(), 'raftlens-complaints-'));
command.after(() => rmSync(folder, { recursive: true }));

async function check(text: string) {
  const path = join(folder, 'output.log');
  writeFileSync(path, text);
  return await raftlens(['check', '--width', '160', path]);
}

const LAB = `Test (2B): rejoin of partitioned leader ...
004000 LEAD S2 Achieved Majority for T4, converting to Leader
004010 LOG1 S2 -> S0 Sending PLI: 3 PLT: 4 N: 1 LC: 3 T4
004020 TERM S2 converting to Follower T5
`;

command('tells the line and what the server did before, and ends with 1', async () => {
  const { code, stdout } = await check(`${LAB}panic: runtime error: index out of range [4] with length 3\n\ngoroutine 9 [running]:\n`);
  assert.is(code, 1);
  assert.match(stdout, /the program failed, though 3 events show no broken rule/);
  assert.match(
    stdout,
    /the program said at line 5: panic: runtime error: index out of range \[4\] with length 3\n {2}what S2 did before:\n/,
  );
  assert.match(stdout, /4 {2}402\.000 {2}S2 BecomeFollower T5/);
});

command('ends with 1 where the harness says that the test failed', async () => {
  const { code, stdout } = await check(
    '{"time":0,"node":"S1","op":"Timeout"}\n{"time":1,"node":"TEST","op":"TestEnd","name":"x","outcome":"fail","why":"no leader"}\n',
  );
  assert.is(code, 1);
  assert.match(stdout, /the test failed, though 2 events show no broken rule/);
});

command('shows nothing of a complaint raw', async () => {
  const { stdout } = await check(`${LAB}panic: \u001b]0;owned\u0007\n`);
  assert.not.ok(stdout.includes('\u001b') || stdout.includes('\u0007'));
});
