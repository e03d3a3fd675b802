import { assert, suite } from '@raftlens/testing';
import { afterOutcome, isOwnEntry, isRetry } from '../../src/rules/client.ts';

const it = suite('what a service owes its clients (8)');

it('takes a command for done only where the entry at its index is of the term in which it was proposed', () => {
  assert.ok(isOwnEntry(3, 3));
  assert.not.ok(isOwnEntry(3, 4), 'a later leader put another entry there');
});

it('knows a command that a client sends again', () => {
  assert.ok(isRetry(7, 7));
  assert.ok(isRetry(7, 6), 'it was late');
  assert.not.ok(isRetry(7, 8));
});

it('never lets a client say that a command failed which a server may have taken', () => {
  assert.is(afterOutcome('done'), 'answer');
  assert.is(afterOutcome('refused'), 'try-again');
  assert.is(afterOutcome('unknown'), 'try-again');
});
