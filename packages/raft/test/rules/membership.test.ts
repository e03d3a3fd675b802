import { assert, suite } from '@raftlens/testing';
import { configurationOf } from '../../src/index.ts';
import { configurationFor, leaveJoint, mayChange, mustLeaveJoint, mustStepDown } from '../../src/rules/membership.ts';

const it = suite('changes of the configuration (6)');
const current = configurationOf(['A', 'B', 'C'], ['L']);

it('goes through a joint configuration when the voters change', () => {
  const joint = configurationFor(current, { voters: ['A', 'B', 'D'], learners: ['L'] });
  assert.equal(joint, { voters: ['A', 'B', 'D'], outgoing: ['A', 'B', 'C'], learners: ['L'], learnersNext: [] });
  assert.equal(joint === null ? null : leaveJoint(joint), configurationOf(['A', 'B', 'D'], ['L']));
});

it('changes learners in one step', () => {
  assert.equal(configurationFor(current, { voters: ['C', 'B', 'A'], learners: ['M'] }), configurationOf(['A', 'B', 'C'], ['M']));
});

it('promotes a learner by way of a joint configuration', () => {
  const joint = configurationFor(current, { voters: ['A', 'B', 'C', 'L'], learners: ['L'] });
  assert.equal(joint, { voters: ['A', 'B', 'C', 'L'], outgoing: ['A', 'B', 'C'], learners: [], learnersNext: [] });
});

it('demotes a voter only when the joint configuration is left', () => {
  const joint = configurationFor(current, { voters: ['A', 'B'], learners: ['C', 'L'] });
  assert.equal(joint, { voters: ['A', 'B'], outgoing: ['A', 'B', 'C'], learners: ['L'], learnersNext: ['C'] });
  assert.equal(joint === null ? null : leaveJoint(joint), configurationOf(['A', 'B'], ['L', 'C']));
});

it('is nothing when the same servers are asked for, in any order and however often', () => {
  assert.is(configurationFor(current, { voters: ['B', 'A', 'C', 'A'], learners: ['L', 'L'] }), null);
});

it('waits for the change before, and for an entry of the leader’s own term', () => {
  assert.ok(mayChange(current, 5, 7, 3, 3));
  assert.not(mayChange(current, 8, 7, 3, 3));
  assert.not(mayChange(current, 5, 7, 2, 3));
  assert.not(mayChange({ ...current, outgoing: ['A'] }, 5, 7, 3, 3));
});

it('leaves the joint phase, and lets a leader without a vote step down, once the entry is committed', () => {
  const joint = { ...current, outgoing: ['X'] };
  assert.equal([mustLeaveJoint(joint, 7, 6), mustLeaveJoint(joint, 7, 7), mustLeaveJoint(current, 7, 7)], [false, true, false]);
  assert.equal(
    [mustStepDown(current, 7, 6, 'X'), mustStepDown(current, 7, 7, 'X'), mustStepDown(current, 7, 7, 'A')],
    [false, true, false],
  );
  assert.is(mustStepDown(joint, 7, 7, 'X'), false);
});
