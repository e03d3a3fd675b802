import { assert, suite } from '@raftlens/testing';
import fc from 'fast-check';
import { RaftLog } from '../../src/log.ts';
import { boundedHint, conflictHint, hintFor, nextAfterBoundedRefusal, nextAfterHint, nextAfterRefusal } from '../../src/rules/back-up.ts';
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

it('hints both ways: a follower names its newest entry that the leader can hold, and its term where the leader does not know that', () => {
  assert.equal(boundedHint(logOf([1, 1]), 5, 1), { conflictIndex: 3, conflictTerm: 0 });
  assert.equal(boundedHint(logOf([1, 1, 2, 2]), 9, 6), { conflictIndex: 5, conflictTerm: 2 });
  assert.equal(boundedHint(logOf([1, 1, 5, 5]), 4, 3), { conflictIndex: 3, conflictTerm: 1 });
  assert.equal(boundedHint(logOf([5, 5]), 2, 3), { conflictIndex: 1, conflictTerm: 0 });
});

it('hints both ways: the leader passes over its own entries of terms that the follower cannot hold there', () => {
  assert.is(nextAfterBoundedRefusal(logOf([1, 1, 1, 4, 4, 5, 5, 6, 6, 6]), { conflictIndex: 11, conflictTerm: 3 }, 10, 0), 4);
  assert.is(nextAfterBoundedRefusal(logOf([1, 1, 1, 4, 4, 5, 5, 6, 6, 6]), { conflictIndex: 8, conflictTerm: 4 }, 10, 0), 6);
  assert.is(nextAfterBoundedRefusal(logOf([1, 3, 3, 3]), { conflictIndex: 1, conflictTerm: 0 }, 4, 2), 3);
  assert.is(nextAfterBoundedRefusal(logOf([1]), { conflictIndex: 0, conflictTerm: 0 }, 1, 0), 1);
});

it('hints both ways: a follower never names what its snapshot has replaced, and a leader whose entries are gone falls behind its log', () => {
  const log = logOf([1, 2, 3, 3]);
  log.compactTo(3);
  assert.equal(boundedHint(log, 9, 2), { conflictIndex: 4, conflictTerm: 3 });
  assert.is(nextAfterBoundedRefusal(log, { conflictIndex: 5, conflictTerm: 2 }, 4, 0), 3);
});

/** Rounds until the leader asks about an entry that both logs hold. */
function rounds(leader: RaftLog, follower: RaftLog, leaderBothWays: boolean, followerBothWays: boolean): number {
  let next = leader.lastIndex + 1;
  let count = 0;
  while (follower.termAt(next - 1) !== leader.termAt(next - 1)) {
    const hint = hintFor(followerBothWays, follower, next - 1, leader.termAt(next - 1));
    const after = nextAfterHint(leaderBothWays, leader, hint, next - 1, 0);
    assert.ok(after < next && after > 0, `nextIndex goes from ${next} to ${after}`);
    next = after;
    count++;
  }
  return count;
}

it('hints both ways: one round finds where the leader of figure 7 parts from each of its followers', () => {
  const leader = logOf([1, 1, 1, 4, 4, 5, 5, 6, 6, 6]);
  const followers = [
    [1, 1, 1, 4, 4, 5, 5, 6, 6],
    [1, 1, 1, 4],
    [1, 1, 1, 4, 4, 4, 4],
    [1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3],
  ];
  assert.equal(
    followers.map((follower) => rounds(leader, logOf(follower), true, true)),
    [1, 1, 1, 1],
  );
});

it('hints both ways: any two logs part in no more rounds than terms, and servers that differ in the option find the place too', () => {
  fc.assert(
    fc.property(terms, terms, fc.boolean(), fc.boolean(), (leaderTerms, followerTerms, leaderWay, followerWay) => {
      const count = rounds(logOf(leaderTerms), logOf(followerTerms), leaderWay, followerWay);
      const distinct = new Set([...leaderTerms, ...followerTerms]).size;
      assert.ok(count <= 2 * distinct + 2, `${count} rounds`);
    }),
    { seed: 1, numRuns: 3000 },
  );
});
