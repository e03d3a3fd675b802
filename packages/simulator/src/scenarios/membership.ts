import type { Cluster } from '../cluster/cluster.ts';
import { disturbed } from './load.ts';
import { ELECTION_MS, type Scenario } from './scenario.ts';

const CHANGE_MAX_MS = 10_000;

/** Asks the current leader until the change is done: the leader uses only the new configuration, and it is committed. */
async function changeTo(cluster: Cluster, voters: readonly number[], learners: readonly number[] = []): Promise<void> {
  const listed = (names: readonly string[]): string => [...names].sort().join(' ');
  const named = (servers: readonly number[]): string => listed(servers.map((server) => cluster.name(server)));
  const endMs = cluster.nowMs + CHANGE_MAX_MS;
  while (cluster.nowMs < endMs) {
    const leader = cluster.all.find((server) => cluster.leads(server) && cluster.isConnected(server));
    if (leader !== undefined) {
      const state = cluster.state(leader);
      if (state !== null && !state.changing && listed(state.voters) === named(voters) && listed(state.learners) === named(learners)) return;
      cluster.change(leader, voters, learners);
    }
    await cluster.sleepMs(50);
  }
  cluster.fail(`the voters did not become ${named(voters)} within ${CHANGE_MAX_MS} ms`, 'liveness');
}

export const membershipChange: Scenario = {
  name: 'membership-change',
  summary: 'from three servers to five, to another three, without the leader and back: commands go on being agreed on (6)',
  servers: 5,
  voters: 3,
  config: { preVote: true, checkQuorum: true },
  needs: ['membership', 'pre-vote'],
  run: async (cluster) => {
    await cluster.one('three', 3);
    await changeTo(cluster, [0, 1, 2, 3, 4]);
    await cluster.one('five', 5);
    await changeTo(cluster, [2, 3, 4]);
    await cluster.one('another three', 3);
    for (let round = 0; round < 3; round += 1) {
      const leader = await cluster.checkOneLeader();
      await changeTo(
        cluster,
        cluster.all.filter((server) => server !== leader),
      );
      await cluster.one(`without ${cluster.name(leader)}`, 4);
      await changeTo(cluster, cluster.all);
      await cluster.one(`with ${cluster.name(leader)}`, 5);
    }
  },
};

export const membershipJoint: Scenario = {
  name: 'membership-joint',
  summary: 'from one majority to one that shares a single server with it, while servers crash and links are cut',
  servers: 5,
  voters: 3,
  needs: ['membership'],
  run: async (cluster) => {
    await cluster.one('first', 3);
    for (let round = 0; round < 3; round += 1) {
      const leader = await cluster.checkOneLeader();
      const others = cluster.random.shuffled(cluster.all.filter((server) => server !== leader));
      const voters = [leader, ...others.slice(0, 2)];
      const apart = others.slice(2);
      await cluster.propose(leader, `before ${round}`);
      cluster.change(leader, voters, []);
      await cluster.sleepMs(cluster.random.below(5000) / 1000);
      if (cluster.random.chance(500)) cluster.crash(leader);
      else cluster.partition([[leader, ...apart], others]);
      await cluster.sleepMs(2 * ELECTION_MS);
      cluster.calm();
      await cluster.one(`after ${round}`, 2);
    }
  },
};

export const membershipLearners: Scenario = {
  name: 'membership-learners',
  summary: 'learners follow without a vote, are cut off without standing, and are promoted; then a voter and the leader die',
  servers: 5,
  voters: 3,
  config: { preVote: true, checkQuorum: true },
  needs: ['membership', 'pre-vote'],
  run: async (cluster) => {
    await cluster.one('first', 3);
    await changeTo(cluster, [0, 1, 2], [3, 4]);
    await cluster.one('learned', 5);
    cluster.disconnect(3);
    await cluster.sleepMs(2 * ELECTION_MS);
    cluster.connect(3);
    await cluster.one('learner is back', 5);
    const leader = await cluster.checkOneLeader();
    await changeTo(cluster, [0, 1, 2, 3, 4]);
    await cluster.one('promoted', 5);
    cluster.crash(leader);
    cluster.crash((leader + 1) % 3);
    await cluster.one('with those who were learners', 3);
  },
};

/** A server that was removed does not know it, and must not disturb those who are left (6, last paragraph). */
export const membershipRemoved: Scenario = {
  name: 'membership-removed',
  summary: 'a follower is removed while it is cut off; back on the network it must not depose the leader',
  servers: 4,
  voters: 4,
  config: { preVote: true, checkQuorum: true },
  needs: ['membership', 'pre-vote'],
  run: async (cluster) => {
    await cluster.one('four', 4);
    const leader = await cluster.checkOneLeader();
    const removed = (leader + 1) % 4;
    cluster.disconnect(removed);
    await changeTo(
      cluster,
      cluster.all.filter((server) => server !== removed),
    );
    await cluster.one('three', 3);
    const term = cluster.state(leader)?.term;
    cluster.connect(removed);
    await cluster.sleepMs(4 * ELECTION_MS);
    const state = cluster.state(leader);
    if (state?.leader !== true || state.term !== term)
      cluster.fail(`${cluster.name(removed)}, which was removed, deposed ${cluster.name(leader)}`, 'liveness');
    await cluster.one('still three', 3);
  },
};

/**
 * A server that lost what it acknowledged must never vote again under its old name (5.5, 6): the server stays down, is
 * removed, and another takes its place, first as a learner.
 */
export const diskReplaced: Scenario = {
  name: 'disk-replaced',
  summary: 'a damaged disk keeps its server down; it is removed, and a new server takes its place by way of a learner',
  servers: 8,
  voters: 5,
  config: { preVote: true, checkQuorum: true },
  snapshotEvery: 10,
  needs: ['membership', 'pre-vote', 'snapshots'],
  run: async (cluster) => {
    let voters = [0, 1, 2, 3, 4];
    for (const spare of [5, 6, 7]) {
      for (let n = 0; n < 8; n += 1) await cluster.one(`${spare}-${n}`, 5);
      const victim = cluster.random.pick(voters);
      voters = voters.filter((server) => server !== victim);
      // The damage shows when the disk is read, not before.
      cluster.damage(victim, cluster.random.pick(['bit-flip', 'misdirected-write'] as const));
      await cluster.one(`${victim} goes on`, 5);
      cluster.crash(victim);
      cluster.restart(victim);
      if (cluster.isUp(victim)) cluster.fail(`${cluster.name(victim)} started from a damaged disk`);
      await cluster.one(`without ${victim}`, 4);
      await changeTo(cluster, voters, [spare]);
      await cluster.one(`${spare} learned`, 5);
      voters = [...voters, spare];
      await changeTo(cluster, voters);
      await cluster.one(`${spare} votes`, 5);
    }
  },
};

export const membershipFaults: Scenario = {
  name: 'membership-faults',
  summary: 'the voters are changed at random while servers crash and are cut off',
  servers: 5,
  voters: 3,
  vary: (random) => ({ config: { preVote: random.chance(500), checkQuorum: random.chance(500) }, snapshotEvery: random.pick([0, 5]) }),
  needs: ['membership', 'snapshots', 'pre-vote'],
  run: async (cluster) => {
    const kinds = ['membership', 'membership', 'crash', 'crash-at-persist', 'isolate', 'transfer'] as const;
    await disturbed(cluster, { kinds, absentMax: 2, pauseMs: 120, driftPpmMax: 0, clockSteps: true }, 5000, 50, 2);
  },
};
