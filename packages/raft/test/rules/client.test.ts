import { assert, suite } from '@raftlens/testing';
import { givenUpAs, isOwnEntry, isRetry } from '../../src/rules/client.ts';

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

it('lets a client say that a command failed only where no server can have taken it', () => {
  assert.is(givenUpAs(['refused', 'refused']), 'failed');
  assert.is(givenUpAs(['unknown', 'refused']), 'unknown', 'the first server may have taken it');
  assert.is(givenUpAs([]), 'failed', 'it was never sent');
});
