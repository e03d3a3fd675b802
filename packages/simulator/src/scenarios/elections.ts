import { ELECTION_MS, type Scenario } from './scenario.ts';

export const initialElection: Scenario = {
  name: 'initial-election',
  summary: 'one leader; terms agree and are at least 1; still one leader after 2 s',
  servers: 3,
  run: async (cluster) => {
    await cluster.checkOneLeader();
    // The labs wait a moment for the followers to learn of the election.
    await cluster.sleepMs(50);
    const term = cluster.checkTerms();
    if (term < 1) cluster.fail(`the term is ${term}, but must be at least 1`, 'leader');
    await cluster.sleepMs(2 * ELECTION_MS);
    if (cluster.checkTerms() !== term) cluster.note('the term changed although there were no failures');
    await cluster.checkOneLeader();
  },
};

export const reElection: Scenario = {
  name: 're-election',
  summary: 'the leader is cut off and returns; then no majority, no leader; back one by one',
  servers: 3,
  run: async (cluster) => {
    const first = await cluster.checkOneLeader();
    cluster.disconnect(first);
    await cluster.checkOneLeader();
    // The old leader's return must not disturb the new one, and makes it a follower.
    cluster.connect(first);
    const second = await cluster.checkOneLeader();
    cluster.disconnect(second);
    cluster.disconnect((second + 1) % 3);
    await cluster.sleepMs(2 * ELECTION_MS);
    await cluster.checkNoLeader();
    cluster.connect((second + 1) % 3);
    await cluster.checkOneLeader();
    cluster.connect(second);
    await cluster.checkOneLeader();
  },
};

export const manyElections: Scenario = {
  name: 'many-elections',
  summary: 'nine rounds of cutting off three of seven servers; each time one leader among the rest',
  servers: 7,
  run: async (cluster) => {
    await cluster.checkOneLeader();
    for (let round = 1; round < 10; round += 1) {
      // As in the labs, one server may be drawn twice: at most three are cut off.
      const victims = [cluster.random.below(7), cluster.random.below(7), cluster.random.below(7)];
      for (const victim of victims) cluster.disconnect(victim);
      await cluster.checkOneLeader();
      for (const victim of victims) cluster.connect(victim);
    }
    await cluster.checkOneLeader();
  },
};
