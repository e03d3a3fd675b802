import { assert, suite } from '@raftlens/testing';
import { maskVolatile, signatureOf } from '../../src/results/signature.ts';

const it = suite('signatures of failures');

const EXIT_1 = { type: 'exit', code: 1 } as const;

it('are equal for the same failure at another time, place and number', () => {
  const first =
    '2026/11/24 08:00:01 start\n--- FAIL: TestBackup3B (12.31s)\n    test_test.go:812: one(42) failed to reach agreement after 10.0s\nFAIL\n';
  const second =
    '2026/11/24 09:10:44 start\n--- FAIL: TestBackup3B (2.02s)\n    test_test.go:812: one(7) failed to reach agreement after 10.1s\nFAIL\n';
  assert.is(signatureOf(EXIT_1, first), signatureOf(EXIT_1, second));
  assert.is(signatureOf(EXIT_1, first), 'exit 1: test_test.go:N: one(N) failed to reach agreement after TIME');
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
