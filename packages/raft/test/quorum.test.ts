import { assert, suite } from '@raftlens/testing';
import fc from 'fast-check';
import { configurationOf } from '../src/index.ts';
import { isQuorum, majorityIndex, majorityOf, tallyVotes } from '../src/quorum.ts';

const it = suite('quorums');

it('are more than half', () => {
  assert.equal([1, 2, 3, 4, 5, 6, 7].map(majorityOf), [1, 2, 2, 3, 3, 4, 4]);
});

it('the index of a majority is the one that a sorted list has in the middle', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(9), { minLength: 1, maxLength: 7 }), (matches) => {
      const sorted = matches.toSorted((left, right) => right - left);
      assert.is(majorityIndex(matches.map((counted) => ({ counted }))), sorted[majorityOf(matches.length) - 1]);
    }),
    { seed: 1, numRuns: 500 },
  );
});

it('nobody agrees on anything where there are no members', () => {
  assert.is(majorityIndex([]), 0);
});

it('any two of them have a server in common, also across the two steps of a joint change', () => {
  const servers = ['A', 'B', 'C', 'D', 'E'];
  const some = fc.subarray(servers);
  const atLeastOne = fc.subarray(servers, { minLength: 1 });
  fc.assert(
    fc.property(atLeastOne, atLeastOne, some, some, fc.boolean(), (older, newer, left, right, leaving) => {
      const joint = { voters: newer, outgoing: older, learners: [], learnersNext: [] };
      const other = configurationOf(leaving ? newer : older);
      if (isQuorum(joint, (id) => left.includes(id)) && isQuorum(other, (id) => right.includes(id))) {
        assert.ok(left.some((id) => right.includes(id)));
      }
    }),
    { seed: 1, numRuns: 2000 },
  );
});

it('an election is lost when the refusals leave no majority, and open before', () => {
  const five = configurationOf(['A', 'B', 'C', 'D', 'E']);
  const votes = new Map([
    ['A', true],
    ['B', false],
    ['C', false],
  ]);
  assert.is(tallyVotes(five, votes), 'open');
  assert.is(tallyVotes(five, new Map([...votes, ['D', false]])), 'lost');
  assert.is(tallyVotes(five, new Map([...votes, ['D', true], ['E', true]])), 'won');
});

it('a vote of somebody who has none does not count', () => {
  const votes = new Map([
    ['A', true],
    ['X', true],
    ['Y', true],
  ]);
  assert.is(tallyVotes(configurationOf(['A', 'B', 'C']), votes), 'open');
});
