import { assert, suite } from '@raftlens/testing';
import { configurationOf } from '../../src/index.ts';
import {
  type ConfigurationChange,
  configurationFor,
  leaveJoint,
  mayChange,
  mayReachMajority,
  mustLeaveJoint,
  mustStepDown,
  problemOfChange,
  problemOfConfiguration,
  type Reach,
} from '../../src/rules/membership.ts';

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
  const joint = configurationFor(current, { voters: ['A', 'B', 'C', 'L'], learners: [] });
  assert.equal(joint, { voters: ['A', 'B', 'C', 'L'], outgoing: ['A', 'B', 'C'], learners: [], learnersNext: [] });
});

it('demotes a voter only when the joint configuration is left', () => {
  const joint = configurationFor(current, { voters: ['A', 'B'], learners: ['C', 'L'] });
  assert.equal(joint, { voters: ['A', 'B'], outgoing: ['A', 'B', 'C'], learners: ['L'], learnersNext: ['C'] });
  assert.equal(joint === null ? null : leaveJoint(joint), configurationOf(['A', 'B'], ['L', 'C']));
});

it('is nothing when the same servers are asked for, in any order', () => {
  assert.is(configurationFor(current, { voters: ['B', 'A', 'C'], learners: ['L'] }), null);
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

/** What a caller without types may hand in. */
function untyped(voters: unknown, learners: unknown): ConfigurationChange {
  return { voters, learners } as unknown as ConfigurationChange;
}

it('refuses members that no cluster can have', () => {
  const wrong: readonly (readonly [readonly unknown[] | string, readonly unknown[], RegExp])[] = [
    [[], [], /no voters/],
    [[], ['A'], /no voters/],
    [['A', 'A', 'B'], [], /voters names "A" more than once/],
    [['A'], ['B', 'B'], /learners names "B" more than once/],
    [['A', 'B'], ['B'], /"B" is a voter and a learner/],
    [['A', ''], [], /voters holds ""/],
    [['A', 7], [], /voters holds 7/],
    [['A', null], [], /voters holds null/],
    ['AB', [], /voters is no list/],
  ];
  for (const [voters, learners, problem] of wrong) {
    assert.match(problemOfChange(untyped(voters, learners)) ?? '', problem);
  }
  assert.is(problemOfChange({ voters: ['A'], learners: ['B'] }), null);
});

it('refuses a configuration to start with that counts a server twice', () => {
  assert.match(problemOfConfiguration(configurationOf(['A', 'A', 'B'])) ?? '', /more than once/);
  assert.match(problemOfConfiguration({ ...current, outgoing: ['L'] }) ?? '', /"L" is a voter and a learner/);
  assert.is(problemOfConfiguration(configurationOf([])), null);
});

it('does not change to voters whose majority is silent, or of whom nobody was ever heard', () => {
  const reachOf = (id: string): Reach => (id.startsWith('H') ? 'heard' : id.startsWith('S') ? 'silent' : 'unknown');
  const allowed = (...voters: readonly string[]): boolean => mayReachMajority(voters, reachOf);
  assert.equal([allowed('H1'), allowed('H1', 'S1', 'U1'), allowed('H1', 'U1', 'U2')], [true, true, true]);
  assert.equal(
    [allowed('U1', 'U2', 'U3'), allowed('S1'), allowed('H1', 'S1'), allowed('H1', 'S1', 'S2', 'U1')],
    [false, false, false, false],
  );
});
