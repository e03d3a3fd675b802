import { assert, suite } from '@raftlens/testing';
import { parseSession, restored, sessionOf } from '../src/controllers/session.ts';
import { initialState } from '../src/model/state.ts';

const sessions = suite('sessions');

const blank = initialState({ width: 80, height: 24, depth: 256, theme: 'dark', ascii: false });

sessions('give the state back as it was left', () => {
  const left = { ...blank, filter: 'op=Vote', hiddenPeers: ['S2'], marks: [3, 9], folding: false, theme: 'light' as const };
  const kept = parseSession(JSON.parse(JSON.stringify(sessionOf(left))));
  assert.ok(kept !== null);
  assert.equal(restored(blank, kept), left);
});

sessions('that were damaged are passed over, field by field', () => {
  assert.is(parseSession(null), null);
  assert.is(parseSession({ row: 'x' }), null);
  const kept = parseSession({ row: 4, theme: 'pink', marks: [1, 'a', -3, 2.5], histories: 7, filter: 'op=Voote' });
  assert.equal(kept?.marks, [1]);
  assert.is(kept?.theme, 'dark');
  assert.is(kept?.filter, '');
  assert.equal(kept?.histories.filter, []);
});
