import { assert, suite } from '@raftlens/testing';
import fc from 'fast-check';
import { RaftLog } from '../../src/log.ts';
import { conflictHint, nextAfterRefusal } from '../../src/rules/back-up.ts';
import { entriesOf } from '../messages.ts';

const it = suite('backing up a refused leader (5.3)');

function logOf(terms: readonly number[]): RaftLog {
  const log = new RaftLog();
  log.append(entriesOf(1, ...terms));
  return log;
}

it('a follower whose log is too short names its end', () => {
  assert.equal(conflictHint(logOf([1, 1]), 5), { conflictIndex: 3, conflictTerm: 0 });
});

it('a follower with another term there names that term and its first entry of it', () => {
  assert.equal(conflictHint(logOf([1, 2, 2, 2]), 4), { conflictIndex: 2, conflictTerm: 2 });
});

it('a leader without entries of that term goes to the first entry of it', () => {
  assert.is(nextAfterRefusal(logOf([1, 3, 3, 3]), { conflictIndex: 2, conflictTerm: 2 }, 4, 0), 2);
});

it('a leader that has the term too goes to the entry after its own last of it', () => {
  assert.is(nextAfterRefusal(logOf([1, 2, 2, 3]), { conflictIndex: 2, conflictTerm: 2 }, 4, 0), 4);
});

it('never goes behind what is known to match', () => {
  assert.is(nextAfterRefusal(logOf([1, 3, 3, 3]), { conflictIndex: 1, conflictTerm: 1 }, 4, 2), 3);
});

const terms = fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 30 }).map((all) => all.toSorted((a, b) => a - b));

it('finds where any two logs match, in at most one step for each term of the follower and one more', () => {
  fc.assert(
    fc.property(terms, terms, (leaderTerms, followerTerms) => {
      const leader = logOf(leaderTerms);
      const follower = logOf(followerTerms);
      let next = leaderTerms.length + 1;
      let steps = 0;
      while (follower.termAt(next - 1) !== leader.termAt(next - 1)) {
        const after = nextAfterRefusal(leader, conflictHint(follower, next - 1), next - 1, 0);
        assert.ok(after < next, `nextIndex stays at ${next}`);
        next = after;
        steps++;
      }
      assert.ok(steps <= new Set(followerTerms).size + 1, `${steps} steps`);
    }),
    { seed: 1, numRuns: 2000 },
  );
});
