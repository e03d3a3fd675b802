import { assert, suite } from '@raftlens/testing';
import { type Cluster, runScenario, type Scenario } from '../src/index.ts';

const it = suite('schedules of membership changes that once stopped a cluster');

const SEEDS = 10;

async function passes(scenario: Scenario): Promise<void> {
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const { failure } = await runScenario(scenario, { seed: String(seed) });
    assert.is(failure, null, `seed ${seed}: ${failure?.message}`);
  }
}

async function finalAppendedBy(cluster: Cluster, leader: number): Promise<void> {
  const name = cluster.name(leader);
  await cluster.waitFor((event) => event.op === 'ConfigChange' && event.node === name && event.phase === 'final', 2000);
}

const alone: Scenario = {
  name: 'last-of-two-is-removed-by-the-other',
  summary: 'of two servers the leader removes itself, and crashes before the other has the entry that says so',
  servers: 2,
  needs: ['membership'],
  run: async (cluster) => {
    await cluster.one('both', 2);
    const leader = await cluster.checkOneLeader();
    cluster.change(leader, [1 - leader], []);
    await finalAppendedBy(cluster, leader);
    cluster.crash(leader);
    await cluster.sleepMs(100);
    cluster.restart(leader);
    await cluster.one('one is enough', 1);
  },
};

const replaced: Scenario = {
  name: 'leader-is-replaced',
  summary: 'the leader makes room for a spare, with a third server down, and is cut off as soon as it has appended that',
  servers: 4,
  voters: 3,
  needs: ['membership'],
  run: async (cluster) => {
    await cluster.one('three', 3);
    const leader = await cluster.checkOneLeader();
    const [stays, down] = [(leader + 1) % 3, (leader + 2) % 3];
    cluster.crash(down);
    await cluster.sleepMs(800);
    cluster.change(leader, [stays, down, 3], []);
    await finalAppendedBy(cluster, leader);
    cluster.disconnect(leader);
    await cluster.sleepMs(2500);
    cluster.connect(leader);
    await cluster.one('without it', 2);
  },
};

/** The leader has the members that are asked for, and the change is committed. */
async function settle(cluster: Cluster, leader: number, voters: readonly number[], learners: readonly number[]): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const state = cluster.state(leader);
    if (state !== null && !state.changing && state.voters.length === voters.length && state.learners.length === learners.length) return;
    cluster.change(leader, voters, learners);
    await cluster.sleepMs(30);
  }
  cluster.fail('the change of members did not end');
}

const rejoins: Scenario = {
  name: 'rejoins-in-one-term',
  summary: 'a server is removed, loses its disk and joins again in one term; what it acknowledged before arrives after that',
  servers: 3,
  needs: ['membership'],
  run: async (cluster) => {
    await cluster.one('first', 3);
    const leader = await cluster.checkOneLeader();
    const [stays, comesBack] = [(leader + 1) % 3, (leader + 2) % 3];
    cluster.clog(comesBack, leader);
    for (let n = 0; n < 15; n += 1) await cluster.one(`held back ${n}`, 2);
    await settle(cluster, leader, [leader, stays], []);
    cluster.wipe(comesBack);
    cluster.restart(comesBack);
    cluster.cut(leader, comesBack);
    await settle(cluster, leader, [leader, stays], [comesBack]);
    cluster.unclog(comesBack, leader);
    await cluster.sleepMs(40);
    cluster.join(leader, comesBack);
    await cluster.waitApplied(await cluster.one('last', 3), 3, null);
  },
};

const told: Scenario = {
  name: 'removed-server-is-told',
  summary: 'a follower is removed without pre-votes, and disturbs nobody after that',
  servers: 4,
  needs: ['membership'],
  run: async (cluster) => {
    await cluster.one('four', 4);
    const leader = await cluster.checkOneLeader();
    const removed = (leader + 1) % 4;
    await settle(
      cluster,
      leader,
      cluster.all.filter((server) => server !== removed),
      [],
    );
    await cluster.sleepMs(1000);
    const term = cluster.state(removed)?.term;
    await cluster.sleepMs(60_000);
    if (cluster.state(removed)?.term !== term) cluster.fail(`${cluster.name(removed)} stands for election though it was removed`);
    if (cluster.state(removed)?.voters.length !== 3) cluster.fail(`${cluster.name(removed)} does not know that it was removed`);
    await cluster.one('three', 3);
  },
};

it('lets a leader that is no member of its own last configuration stand until that is committed (thesis 4.2.2)', () => passes(alone));

it('lets a leader that was replaced finish what nobody else has (thesis 4.2.2)', () => passes(replaced));

it('takes the acknowledgements of an earlier membership for nothing', () => passes(rejoins));

it('tells a server that it was removed, before it is forgotten (6; thesis 4.2.3)', () => passes(told));
