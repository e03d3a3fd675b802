import { Checker } from '@raftlens/checker';
import type { Event, Opcode } from '@raftlens/events';
import { assert, suite } from '@raftlens/testing';
import { falseAlarms, trialOf } from '../../bench/partial-log.ts';
import { runScenario } from '../../src/index.ts';

const it = suite('a healthy log that tells only a part of the story');

const SCENARIOS = ['persist-more', 'snapshot-crash-unreliable', 'membership-faults', 'swarm', 'swarm-uniform'];

async function logOf(scenario: string, seed: string): Promise<Event[]> {
  const events: Event[] = [];
  // The core uses its event objects again, so each is copied.
  const { outcome } = await runScenario(scenario, { seed, trace: (event) => events.push({ ...event }) });
  assert.is(outcome, 'pass');
  return events;
}

function violationsOf(events: Iterable<Event>): string[] {
  const checker = new Checker();
  for (const event of events) checker.observe(event);
  return checker.violations.map(({ rule, node, why }) => `${rule}: ${node}: ${why}`).slice(0, 3);
}

/** Kinds of lines that an implementation may leave out as a whole. */
const LEFT_OUT: readonly (readonly Opcode[])[] = [
  ['Boot'],
  ['Persist'],
  ['Append', 'Truncate'],
  ['Timeout'],
  ['Vote'],
  ['Commit'],
  ['Apply'],
  ['Progress'],
  ['SnapshotTaken', 'SnapshotInstalled'],
  ['BecomeFollower', 'BecomePreCandidate', 'BecomeCandidate', 'BecomeLeader'],
  ['RequestVoteReply', 'PreVoteReply'],
  ['InstallSnapshot', 'InstallSnapshotReply'],
  ['ConfigChange'],
  ['AppendEntriesReply'],
];

/** Fields that an implementation may leave out as a whole. */
const FIELDS = [
  'term',
  'role',
  'vote',
  'commit',
  'applied',
  'last',
  'lastTerm',
  'msgTerm',
  'entries',
  'prevTerm',
  'match',
  're',
  'voters',
] as const;

for (const scenario of SCENARIOS) {
  it(`is not found wrong where ${scenario} is told from its middle on`, { timeoutMs: 60_000 }, async () => {
    const events = await logOf(scenario, 'partial');
    for (let part = 1; part < 12; part += 1) {
      const from = Math.floor((events.length * part) / 12);
      assert.equal(violationsOf(events.slice(from)), [], `from event ${from} on`);
    }
  });

  it(`is not found wrong where ${scenario} is told without some kind of line`, { timeoutMs: 60_000 }, async () => {
    const events = await logOf(scenario, 'partial');
    for (const left of LEFT_OUT) {
      assert.equal(violationsOf(events.filter(({ op }) => !left.includes(op))), [], `without ${left.join(', ')}`);
    }
    assert.equal(violationsOf(events.filter(({ dir }) => dir !== 'recv')), [], 'without receives');
    assert.equal(violationsOf(events.filter(({ dir }) => dir !== 'send')), [], 'without sends');
  });

  it(`is not found wrong where ${scenario} is told without some field`, { timeoutMs: 60_000 }, async () => {
    const events = await logOf(scenario, 'partial');
    for (const field of FIELDS) {
      const told = events.map((event) => Object.fromEntries(Object.entries(event).filter(([key]) => key !== field)) as unknown as Event);
      assert.equal(violationsOf(told), [], `without ${field}`);
    }
  });
}

/** Each trial is a function of its seed; `npm run bench -- partial-logs` runs any number of them. */
const TRIALS = 200;
const PART = 40;

for (let from = 1; from <= TRIALS; from += PART) {
  it(`is not found wrong, whatever is left out or mixed in: trials ${from} to ${from + PART - 1}`, { timeoutMs: 120_000 }, async () => {
    for (let seed = from; seed < from + PART; seed++) {
      const trial = await trialOf(seed);
      const [first] = falseAlarms(trial, true);
      assert.is(first === undefined ? '' : `${first.rule}, line ${first.seq}: ${first.why}`, '', `trial ${seed}: ${trial.how}`);
    }
  });
}

/** Trials that once gave a false alarm, each by a way of telling that the first ones do not have. */
const FOUND = [232, 20062, 20501, 20527, 20977, 21248, 21275, 30799];

it('is not found wrong where it once was', { timeoutMs: 120_000 }, async () => {
  for (const seed of FOUND) {
    const trial = await trialOf(seed);
    const [first] = falseAlarms(trial, true);
    assert.is(first === undefined ? '' : `${first.rule}, line ${first.seq}: ${first.why}`, '', `trial ${seed}: ${trial.how}`);
  }
});
