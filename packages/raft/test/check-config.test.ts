import { assert, suite, throws } from '@raftlens/testing';
import { ConfigError, type ConfigRule, checkConfig, findConfigProblems, labNetwork } from '../src/entry-points/timers.ts';
import { defaultConfig, labConfig, type RaftConfig } from '../src/index.ts';

const it = suite('timer values');

/** Fast and quiet: a data centre's network. */
const fastNetwork = { servers: 5, roundTripMs: 1, lossRate: 0, electionLimitMs: 5000, heartbeatsPerSMax: 100 };

function rulesBroken(change: Partial<RaftConfig>, network = labNetwork): readonly ConfigRule[] {
  return findConfigProblems({ ...labConfig, ...change }, network).map(({ rule }) => rule);
}

it('finds nothing wrong with the presets on the labs network', () => {
  checkConfig(labConfig, labNetwork);
  checkConfig(defaultConfig, { ...labNetwork, electionLimitMs: 15_000 });
});

it('wants several heartbeats in the shortest timeout, because the network drops some', () => {
  assert.equal(rulesBroken({ heartbeatIntervalMs: 200 }), ['heartbeats-in-a-timeout']);
  assert.equal(rulesBroken({ heartbeatIntervalMs: 200 }, { ...labNetwork, roundTripMs: 20, lossRate: 0 }), ['heartbeats-in-a-timeout']);
  assert.equal(rulesBroken({ heartbeatIntervalMs: 140 }, { ...labNetwork, roundTripMs: 20, lossRate: 0 }), []);
});

it('wants more of them where more is lost', () => {
  assert.equal(
    rulesBroken({ electionTimeoutMinMs: 500, electionTimeoutMaxMs: 900 }, { ...labNetwork, lossRate: 0.3, electionLimitMs: 60_000 }),
    [],
  );
  assert.equal(rulesBroken({}, { ...labNetwork, lossRate: 0.3, electionLimitMs: 60_000 }), ['heartbeats-in-a-timeout']);
});

it('wants a random part that is long enough to let one candidate win before the next stands', () => {
  assert.equal(rulesBroken({ electionTimeoutMaxMs: 400 }), ['random-part', 'election-in-time']);
  assert.equal(rulesBroken({ electionTimeoutMaxMs: 305 }, fastNetwork), ['random-part']);
  assert.equal(rulesBroken({ electionTimeoutMaxMs: 310 }, fastNetwork), []);
});

it('says that elections never end where there is no randomness', () => {
  const [problem] = findConfigProblems({ ...labConfig, electionTimeoutMaxMs: 300 }, labNetwork).filter(
    ({ rule }) => rule === 'election-in-time',
  );
  assert.match(problem?.message ?? '', 'longer than any time');
});

it('wants elections to end in time', () => {
  assert.equal(rulesBroken({ electionTimeoutMinMs: 1500, electionTimeoutMaxMs: 3000 }), ['election-in-time']);
});

it('wants a broadcast to be an order of magnitude shorter than the timeout (5.6)', () => {
  assert.ok(rulesBroken({ electionTimeoutMinMs: 250, heartbeatIntervalMs: 100 }).includes('broadcast-time'));
});

it('keeps within the budget of heartbeats', () => {
  assert.equal(rulesBroken({ heartbeatIntervalMs: 50 }), ['heartbeat-budget']);
});

it('says what to change, and the changed value passes', () => {
  const [problem] = findConfigProblems({ ...labConfig, electionTimeoutMaxMs: 330 }, fastNetwork).concat(
    findConfigProblems({ ...labConfig, electionTimeoutMaxMs: 303 }, fastNetwork),
  );
  const wanted = Number(/electionTimeoutMaxMs at least (\d+)/.exec(problem?.message ?? '')?.[1]);
  assert.equal(rulesBroken({ electionTimeoutMaxMs: wanted }, fastNetwork), []);
});

it('refuses leases without the quorum check that they stand on', () => {
  assert.equal(rulesBroken({ leaseReads: true }), ['lease-needs-quorum-check']);
});

it('refuses values that make no sense, all of them at once, before it asks for more', () => {
  const error = throws(() => checkConfig({ ...labConfig, maxInflightMessages: 0, electionTimeoutMaxMs: 100 }, labNetwork), ConfigError);
  assert.is(
    error.message,
    'sane-values: electionTimeoutMaxMs is 100: make it at least 300\nsane-values: maxInflightMessages is 0: make it at least 1',
  );
});
