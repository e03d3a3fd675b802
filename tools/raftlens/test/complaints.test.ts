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

/** Last words, each by itself: the first lines of what a runtime, a logger or a test runner prints. */
const LAST_WORDS: readonly string[] = [
  'panic: runtime error: invalid memory address or nil pointer dereference\n[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x4a2b3c]\n\ngoroutine 17 [running]:\nmain.main()\n\t/x/main.go:12 +0x1',
  'fatal error: all goroutines are asleep - deadlock!',
  'fatal error: concurrent map writes',
  'panic: test timed out after 10m0s\nrunning tests:\n\tTestBackup3B (10m0s)',
  '--- FAIL: TestBasicAgree3B (2.11s)\n    config.go:609: one(100) failed to reach agreement',
  'FAIL\t6.5840/raft\t12.3s',
  'FAIL\t6.5840/raft [build failed]',
  '    --- FAIL: TestX/sub (0.00s)',
  '2024/03/01 10:00:00 one(100) failed to reach agreement\nexit status 1',
  'WARNING: DATA RACE\nRead at 0x00c0001 by goroutine 7:',
  '==================\nWARNING: DATA RACE',
  'SIGQUIT: quit\nPC=0x46b2e1 m=0 sigcode=0',
  'SIGSEGV: segmentation violation',
  'unexpected fault address 0xb01dfacedebac1e\nfatal error: fault',
  'runtime: out of memory: cannot allocate 8192-byte block\nfatal error: out of memory',
  'runtime: goroutine stack exceeds 1000000000-byte limit\nfatal error: stack overflow',
  "thread 'main' panicked at src/raft.rs:10:5:\nindex out of bounds: the len is 3 but the index is 5",
  "thread 'tokio-runtime-worker' panicked at 'called `Option::unwrap()` on a `None` value', src/raft.rs:10:5",
  "thread '<unnamed>' panicked at src/lib.rs:2:3:\nboom",
  "thread 'main' (1234) panicked at src/raft.rs:10:5:\nboom",
  'test result: FAILED. 3 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.03s',
  'error: test failed, to rerun pass `-p raft --lib`',
  'fatal runtime error: stack overflow',
  "thread 'main' has overflowed its stack",
  '        FAIL [   0.512s] raft::tests test_leader_election',
  'Exception in thread "raft-1" java.lang.NullPointerException: Cannot invoke "x"\n\tat com.x.Raft.run(Raft.java:33)',
  'Exception in thread "main" java.lang.AssertionError',
  'java.lang.OutOfMemoryError: Java heap space',
  '#\n# A fatal error has been detected by the Java Runtime Environment:\n#',
  'Tests run: 5, Failures: 1, Errors: 0, Skipped: 0',
  '[ERROR] Tests run: 5, Failures: 0, Errors: 2, Skipped: 0',
  '[INFO] BUILD FAILURE',
  '> Task :test FAILED',
  'BUILD FAILED in 3s',
  'RaftTest > testElection() FAILED\n    org.opentest4j.AssertionFailedError: expected: <1> but was: <2>',
  'Traceback (most recent call last):\n  File "raft.py", line 12, in <module>\n    x()\n  File "raft.py", line 8, in x\n    assert a == b\nAssertionError',
  'Traceback (most recent call last):\n  File "raft.py", line 12, in <module>\nraft.errors.LogMismatch: bad',
  'Exception in thread Thread-1 (run):\nTraceback (most recent call last):\n  File "/usr/lib/python3.11/threading.py", line 1038, in _bootstrap_inner\nKeyError: \'x\'',
  'FAILED tests/test_raft.py::test_election - AssertionError: no leader',
  '=========================== short test summary info ============================\nFAILED tests/test_raft.py::test_election\n========================= 1 failed, 3 passed in 0.05s =========================',
  'FAILED (failures=1)',
  'FAILED (errors=2, skipped=1)',
  'FAIL: test_election (test_raft.RaftTest.test_election)',
  'ERROR: test_election (test_raft.RaftTest.test_election)\n----------------------------------------------------------------------\nTraceback (most recent call last):',
  'Fatal Python error: Segmentation fault',
  "terminate called after throwing an instance of 'std::out_of_range'\n  what():  vector::_M_range_check: __n (which is 5) >= this->size() (which is 5)",
  'libc++abi: terminating due to uncaught exception of type std::runtime_error: x',
  'libc++abi.dylib: terminating with uncaught exception of type std::out_of_range: vector',
  "raft: raft.cc:33: void Raft::append(int): Assertion `index <= last' failed.",
  "raft_test: ../src/raft.c:33: raft_append: Assertion `index <= last' failed.\nAborted (core dumped)",
  'Assertion failed: (index <= last), function append, file raft.cc, line 33.',
  'Assertion failed: index <= last, file raft.cc, line 33',
  '=================================================================\n==12345==ERROR: AddressSanitizer: heap-use-after-free on address 0x602000000010',
  '==12345==ERROR: LeakSanitizer: detected memory leaks',
  '==12345== Invalid read of size 4',
  '==999==WARNING: MemorySanitizer: use-of-uninitialized-value',
  "raft.cc:33:9: runtime error: signed integer overflow: 2147483647 + 1 cannot be represented in type 'int'",
  'Segmentation fault (core dumped)',
  'zsh: segmentation fault (core dumped)  ./raft',
  'make: *** [Makefile:10: test] Error 1',
  '*** stack smashing detected ***: terminated',
  '[  FAILED  ] RaftTest.Election (13 ms)',
  ' 1 FAILED TEST',
  '*** SIGSEGV (@0x0) received by PID 1 (TID 0x7f) from PID 0; stack trace: ***',
  'F0101 10:00:00.123456 12345 raft.cc:33] Check failed: index <= last (5 vs. 3) ',
  '*** Check failure stack trace: ***',
  "/app/raft.js:12\n    throw new Error('boom');\n    ^\n\nError: boom\n    at Object.<anonymous> (/app/raft.js:12:9)",
  "/app/raft.js:12\n    throw new Error('boom');\n    ^\n\nTypeError: Cannot read properties of undefined (reading 'term')",
  'node:internal/process/promises:288\n            triggerUncaughtException(err, true /* fromPromise */);\n            ^\n\n[UnhandledPromiseRejection: This error originated either by throwing inside of an async function without a catch block, or by rejecting a promise which was not handled with .catch(). The promise rejected with the reason "x".] {\n  code: \'ERR_UNHANDLED_REJECTION\'\n}',
  'node:internal/process/promises:288\n            triggerUncaughtException(err, true /* fromPromise */);\n            ^\n\nAssertionError [ERR_ASSERTION]: Expected values to be strictly equal:',
  '(node:123) UnhandledPromiseRejectionWarning: Error: boom',
  'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
  'file:///app/raft.mjs:12\n  throw x;\n  ^\n\nRaftError: lost\n    at file:///app/raft.mjs:12:9',
  '  1 failing\n\n  1) raft elects:',
  'Tests:       1 failed, 3 passed, 4 total',
  '# fail 1',
  'not ok 3 - elects a leader',
  '\u2716 elects a leader (1.2ms)',
  ' FAIL  test/raft.test.ts > elects\nAssertionError: expected 1 to be 2',
  'Unhandled exception. System.InvalidOperationException: boom\n   at Raft.Main()',
  'Unhandled Exception: System.NullReferenceException: Object reference',
  'Process terminated. Assertion failed.',
  'Failed!  - Failed:     1, Passed:     3, Skipped:     0, Total:     4, Duration: 2 s - Raft.dll (net8.0)',
  '  Failed RaftTests.Election [12 ms]',
  'Stack overflow.',
  'Fatal error. System.AccessViolationException: Attempted to read',
  '** (exit) an exception was raised:',
  '** (MatchError) no match of right hand side value: 1',
  '=CRASH REPORT==== 1-Jan-2024::10:00:00 ===',
  'Error in process <0.123.0> with exit value: {badmatch,1}',
  'raft.swift:12: Fatal error: Index out of range',
  'raft/main.swift:12: Fatal error: Index out of range',
  "raft.rb:3:in `append': undefined method `x' for nil:NilClass (NoMethodError)",
  'thread 12345 panic: index out of bounds: index 5, len 3',
  'raft: uncaught exception: Prelude.head: empty list',
  'raft: Prelude.!!: index too large',
  'Exception in thread "main" kotlin.UninitializedPropertyAccessException: x',
  '2024-03-01T10:00:00Z FATAL raft: lost its log',
  '{"level":"fatal","ts":1700000000.1,"msg":"lost the log"}',
  '{"level":60,"time":1700000000000,"msg":"lost the log"}',
  'time="2024-03-01T10:00:00Z" level=fatal msg="lost the log"',
  'time="2024-03-01T10:00:00Z" level=panic msg="lost the log"',
  '{"level": "fatal", "msg": "lost the log"}',
  '{"severity":"CRITICAL","message":"lost"}',
  'CRITICAL:root:lost the log',
  '2024-03-01 10:00:00,123 CRITICAL raft lost the log',
  '2024-03-01 10:00:00,123 - raft - CRITICAL - lost the log',
  '2024-03-01 10:00:00.123 [main] FATAL raft - lost',
  '[FATAL] lost the log',
  'FATAL: lost the log',
  '2024/03/01 10:00:00 FATAL: lost the log',
  '2024/03/01 10:00:00 panic: lost',
  '2024-03-01T10:00:00.123Z [FATAL] raft: lost',
  '[2024/03/01 10:00:00.123 +00:00] [FATAL] [server.rs:1] ["lost"]',
  'raft2024/03/01 10:00:00 tocommit(38) is out of range [lastIndex(3)]. Was the raft log corrupted, truncated, or lost?',
  '2024/03/01 10:00:00 apply error: commit index=3 server=1 100 != server=2 101',
  '    config.go:200: apply error: commit index=3',
  'test_test.go:100: one(100) failed to reach agreement',
  'info: wrote visualization to /tmp/1.html\n--- FAIL: TestX (1.00s)',
  '    raft_test.go:33: \n        \tError Trace:\traft_test.go:33\n        \tError:      \tNot equal: \n--- FAIL: TestX (1.00s)',
  '    raft_test.go:33: two leaders\n--- FAIL: TestX (1.00s)',
  '\tpanic: two leaders [recovered]\n\tpanic: two leaders',
  'panic: two leaders [recovered, repanicked]',
  'panic: boom [recovered]\n\tpanic: boom',
  'store-1  | panic: boom',
  'store-1 exited with code 2',
  'signal: aborted (core dumped)',
  'signal: segmentation fault (core dumped)',
  'exit status 66',
  'Found 1 data race(s)',
  '##[error]Process completed with exit code 1.',
  'Error: Process completed with exit code 1.',
  'uncaught exception of type std::out_of_range',
  'error: Uncaught (in promise) Error: boom',
  'Bail out!',
  "[E 240301 10:00:00 raft:12] x\n*** Error in `./raft': double free or corruption (fasttop): 0x0000000001 ***",
  'corrupted size vs. prev_size',
  'double free or corruption (out)',
  'munmap_chunk(): invalid pointer',
  'free(): double free detected in tcache 2',
  'SUMMARY: ThreadSanitizer: data race raft.cc:33 in append',
  'WARNING: ThreadSanitizer: data race (pid=1)',
  "*** stack trace: ***\nfish: Job 1, './raft' terminated by signal SIGSEGV (Address boundary error)",
  '{"Time":"2024-03-01T10:00:00Z","Action":"fail","Package":"raft","Test":"TestX","Elapsed":1.2}',
  '{"Time":"2024-03-01T10:00:00Z","Action":"output","Package":"raft","Test":"TestX","Output":"panic: boom\\n"}',
  '=== FAIL: raft TestX (1.00s)',
  'DONE 12 tests, 1 failure in 3.2s',
  '\u2716  raft (1.2s)',
];

it('knows the last words of runtimes, loggers and test runners', () => {
  for (const output of LAST_WORDS) assert.ok(found(output).length > 0, output);
});

it('knows them behind what carried them', () => {
  for (const carrier of ['store-1  | ', '[pod/raft-0/raft] ', '2026-05-11T10:00:00.123456789Z stdout F ', 'May 11 10:00:00 host raft[7]: '])
    for (const line of [
      'panic: boom',
      'SIGSEGV: segmentation violation',
      'FAIL\traft\t48.910s',
      'Exception in thread "raft" java.lang.Error',
    ])
      assert.is(found(carrier + line).length, 1, carrier + line);
});

/** What healthy programs write, though the words are those of a failure. */
const HEALTHY: readonly string[] = [
  'PASS',
  'ok  \t6.5840/raft\t12.3s',
  '--- PASS: TestPanic (0.10s)',
  '=== RUN   TestPanicRecovery',
  '=== RUN   TestFAIL\n--- PASS: TestFAIL (0.01s)',
  '003000 INFO S1 failed to send heartbeat to S2',
  'S1 error: connection refused',
  'error: connection refused',
  'ERROR failed to send heartbeat to S2: connection refused',
  '0 failed',
  'test result: ok. 5 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s',
  'Tests run: 5, Failures: 0, Errors: 0, Skipped: 0',
  '========================= 4 passed, 1 xfailed in 0.05s =========================',
  '========================= 4 passed in 0.05s =========================',
  "003000 INFO S1 don't panic: all is well",
  'S1 will not panic: it retries',
  'reading panic.go:12',
  'see src/panic_handler.rs:33',
  'opening /var/log/fatal.log',
  'recovered from panic: boom',
  '2024/03/01 10:00:00 recovered from panic: boom',
  '2024/03/01 10:00:00 http: panic serving 127.0.0.1:1: boom',
  'no fatal error: continuing',
  '003000 CLNT S1 put key=panic: value=1',
  '003000 CLNT S1 Start cmd="panic: boom" T1',
  '003000 CLNT S1 Start cmd="FATAL"',
  '# fail 0',
  '# pass 4',
  'not ok 3 - elects a leader # TODO later',
  'not ok 3 # SKIP no redis',
  'Tests:       4 passed, 4 total',
  'Failed: 0, Passed: 4',
  'Passed!  - Failed:     0, Passed:     3, Skipped:     0, Total:     3, Duration: 2 s',
  '[==========] 3 tests from 1 test suite ran.\n[  PASSED  ] 3 tests.',
  '{"level":"info","msg":"failed to reach S2, will retry","error":"connection refused"}',
  '{"level":"error","msg":"failed to reach S2"}',
  '{"level":"info","msg":"level fatal is not used"}',
  '{"level":"info","previous":"fatal","msg":"x"}',
  'level=error msg="panic mode off"',
  'WARN set log level to FATAL',
  '2024/03/01 10:00:00 log level: FATAL',
  '2024-03-01 10:00:00.123 [main] INFO raft - FATAL errors so far: 0',
  '2024-03-01 10:00:00 INFO PANIC button released',
  'Exception handler installed',
  'caught Exception: timed out, retrying',
  'java.net.ConnectException: Connection refused',
  'Caused by: java.net.ConnectException: Connection refused',
  'FAILURE rate 0.0',
  'FAILOVER to S2',
  'FAILED_PRECONDITION: not leader, retry',
  'FAIL-safe mode on',
  'FAIL_FAST=1',
  'Failures injected: 3',
  'FAIL 0',
  '003000 TEST S1 FAIL heartbeat',
  'injected failure: Segmentation fault simulated on S2',
  'abort: transaction 12 aborted, retry',
  'Aborted transaction 12',
  'Aborted: 0',
  'Segmentation faults: 0',
  'Killed S2 for the test',
  'S2 was Killed by the harness',
  'Test (3A): initial election ...\n  ... Passed --   3.1  3   60   16412    0\nPASS',
  'exit status 0',
  'process exited with exit status 0',
  'S1: exit status 1 of curl, retrying',
  'goroutine 12 started',
  'SIGTERM received, shutting down',
  'SIGTERM: shutting down gracefully',
  'received SIGINT: bye',
  'config.go:200: checking applied logs',
  'fatal errors: 0',
  'fatal: not a git repository (or any of the parent directories): .git',
  'Fatal errors are logged to fatal.log',
  'WARNING: DATA is stale',
  'race detector is on',
  'no data race detected',
  'Found 0 data race(s)',
  'store-1 exited with code 0',
  'Assertion checks are enabled',
  "assertion `x' holds",
  '[UnhandledPromise] tracker on',
  'error: 0',
  '0 failures, 0 errors',
  '1 failed heartbeat to S2',
  '=== 0 failed, 4 passed ===',
  'DONE 12 tests in 3.2s',
  '{"Time":"2024-03-01T10:00:00Z","Action":"pass","Package":"raft","Test":"TestFail","Elapsed":1.2}',
  '{"Time":"2024-03-01T10:00:00Z","Action":"output","Package":"raft","Test":"TestFail","Output":"ok\\n"}',
  'BUILD SUCCESS',
  '==12345== ERROR SUMMARY: 0 errors from 0 contexts (suppressed: 0 from 0)',
  '==12345== HEAP SUMMARY:',
  'C | x',
  'F 0101',
  'F2024 is a year',
  'index 5 is out of range of the window, asking S2 again',
  'S1 applied entry out of order? no',
  'error detected: none',
  '    --- PASS: TestX/panic:_boom (0.00s)',
  '--- SKIP: TestFatal (0.00s)',
  'running 3 tests\ntest tests::should_panic - should panic ... ok',
  'note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace',
  'tests/test_raft.py::test_failed PASSED',
  'test_fatal (test_raft.T) ... ok',
  'Ran 3 tests in 0.1s\n\nOK',
  'traceback is off',
  '  0 failing\n  4 passing',
  '\u2714 elects a leader',
  'Stack overflow protection is on',
  'Unhandled message type 7: dropped',
  'Error: connection refused',
  '[ERROR] raft: failed to make requestVote RPC: target="{Voter n2}" error="dial tcp: connection refused"',
  '003000 WARN S1 lost connection: read tcp 1.1.1.1:1->2.2.2.2:2: panic: i/o',
  'ERROR:root:failed to send heartbeat\nTraceback (most recent call last):\n  File "raft.py", line 12, in send\n    s.connect()\nConnectionRefusedError: [Errno 111] Connection refused',
  '2024-03-01 10:00:00,123 - raft - ERROR - cannot dial\nTraceback (most recent call last):\n  File "raft.py", line 12, in send\nConnectionRefusedError: [Errno 111] Connection refused\n\nDuring handling of the above exception, another exception occurred:\n\nTraceback (most recent call last):\n  File "raft.py", line 12, in send\nTimeoutError: x',
  'Test (3B): no panic: basic agreement ...',
  'kind=panic: x',
  'S1: no panic: fine',
  'FAIL-over finished',
  'S2 FAILs to answer: retry',
  '2024/03/01 10:00:00 exit status of S1: 0',
  'the last 3 tests, 0 failures',
  '20 tests, 0 failures',
  '[0/3] tests failed so far',
  'network invalid: [FATAL] is a level',
  '{"level":"info","msg":"set","fatal":true,"severity":"critical"}',
  '{"level":30,"time":1700000000000,"msg":"{\\"level\\":60}"}',
  '{"temperature":60,"level":60}',
  'terminated S2 as the test wants',
  'exit code 0',
  'race: S1 and S2 both stand',
  'WARNING: ThreadSanitizer is on',
  '"panic: x" is what S1 would say',
  '// panic: unreachable',
  '"fatal error: x" in a string',
  'panicked peers: 0',
  'S1 fatal error: none',
  'abort timer stopped',
  'Stack overflow. Not at all',
  'store-1 exited with code 137',
  'store-1 exited with code 143',
  'S1> get x',
  'lua is not used: 12: x',
  '20 test cases: 20 passed',
  'test cases: 20 | 20 passed | 0 failed',
  'java.lang.InterruptedException: sleep interrupted',
  'W0101 10:00:00.1 1 x.cc:1] failed to connect',
  '10:00AM ERR cannot dial',
  "make: Nothing to be done for 'all'.",
  'make: [x] Error 1 (ignored)',
  '\u2714 elects (1.2ms)',
  '\u2716 = crashed server, \u2714 = up',
  'test_raft.py::test_panic PASSED',
  'Ran 20 tests, 20 passed, 0 failed',
  '--- FAILOVER: S1 to S2',
  'INFO: CRITICAL: is what level 50 is called',
];

it('takes no healthy line for one', () => {
  for (const output of HEALTHY) assert.equal(found(`${output}\nS1 goes on`), [], output);
});

it('counts a traceback below the line of a logger where nothing follows it', () => {
  const traceback = 'ERROR raft cannot go on\nTraceback (most recent call last):\n  File "raft.py", line 3, in step\nKeyError: 7';
  assert.is(found(traceback).length, 1);
  assert.is(found(`INFO raft goes on\n${traceback.slice(traceback.indexOf('Trace'))}`).length, 1);
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

const ELECTED = ['S1', 'S2'].map(
  (winner) => `003000 TERM ${winner} converting to Candidate T1
003002 VOTE S3 Granting Vote to ${winner} T1
003003 VOTE ${winner} <- S3 Got vote T1
003004 LEAD ${winner} Achieved Majority for T1, converting to Leader
`,
);

for (const [runner, between] of [
  ['the labs', '  ... Passed --   3.1  3   60   16412    0\nTest (3B): basic agreement ...'],
  ['go test', '--- PASS: TestA (0.10s)\n=== RUN   TestB'],
  ['GoogleTest', '[       OK ] Raft.A (3 ms)\n[ RUN      ] Raft.B'],
  ['cargo test', 'test tests::a ... ok'],
  ['pytest', 'tests/test_raft.py::test_a PASSED'],
  ['TAP', 'ok 1 - elects a leader'],
] as const) {
  command(`begins again with the next test of ${runner}`, async () => {
    const { code, stdout } = await check(ELECTED.join(`${between}\n`));
    assert.is(code, 0, stdout);
  });
}

command('goes on in the part of a test', async () => {
  const { stdout } = await check(ELECTED.join('=== RUN   TestA/part\n'));
  assert.match(stdout, /Election Safety/);
});
