import type { Cluster } from '../cluster/cluster.ts';
import type { FaultKind } from '../faults/fault-mix.ts';
import { RELIABLE } from '../protocol/network-model.ts';
import { disturbed } from './load.ts';
import { ELECTION_MS, type Scenario } from './scenario.ts';

function faulty(name: string, summary: string, kinds: readonly FaultKind[], more: Partial<Scenario> = {}): Scenario {
  return {
    name,
    summary,
    servers: 5,
    ...more,
    run: (cluster) => disturbed(cluster, { kinds, absentMax: 2, pauseMs: 150, driftPpmMax: 100_000, clockSteps: true }, 5000, 30, 5),
  };
}

export const oneWayPartitions = faulty('one-way-partitions', 'links carry in one direction only, now these, now those', ['one-way']);
export const partitions = faulty('partitions', 'halves, minorities, bridges and rings of majorities, one after the other', [
  'partition',
  'isolate',
]);
export const swizzle = faulty('swizzle', 'links are clogged one by one, and what they held comes out together, late and in another order', [
  'clog',
  'pause',
  'slow',
]);
export const duplicates = faulty(
  'duplicates',
  'messages come twice, the second time up to a second later, over other faults',
  ['crash', 'isolate'],
  {
    network: { ...RELIABLE, requestDelayMaxUs: 5000, replyDelayMaxUs: 5000, duplicatePerMille: 300, duplicateDelayMaxUs: 1_000_000 },
  },
);

const CALM_CLUSTER = { preVote: true, checkQuorum: true } as const;

/** As far as a quorum is fully connected, PreVote and CheckQuorum must lead to a leader that can commit (thesis 9.6, 6.2). */
export const bridge: Scenario = {
  name: 'bridge',
  summary: 'the leader reaches one follower only, who reaches all: CheckQuorum must make it step down, and the majority go on',
  servers: 5,
  config: CALM_CLUSTER,
  needs: ['pre-vote'],
  run: async (cluster) => {
    await cluster.one('before', 5);
    for (let round = 0; round < 4; round += 1) {
      const leader = await cluster.checkOneLeader();
      const others = cluster.random.shuffled(cluster.all.filter((server) => server !== leader));
      cluster.partition([[leader, ...others.slice(0, 1)], others]);
      await cluster.one(`bridged ${round}`, 4);
      cluster.heal();
      await cluster.one(`healed ${round}`, 5);
    }
  },
};

/** The shape of Cloudflare's outage of 2020: two servers hear only one of the three that hear one another. */
export const partialPartition: Scenario = {
  name: 'partial-partition',
  summary: 'two servers reach one of the other three each: a leader of the three must not be deposed again and again',
  servers: 5,
  config: CALM_CLUSTER,
  needs: ['pre-vote'],
  run: async (cluster) => {
    await cluster.one('before', 5);
    const [a = 0, b = 1, c = 2, d = 3, e = 4] = cluster.random.shuffled(cluster.all);
    cluster.partition([
      [a, b, c],
      [b, d],
      [c, e],
    ]);
    await cluster.sleepMs(5 * ELECTION_MS);
    await cluster.one('settled', 3);
    const term = highestTerm(cluster, [a, b, c]);
    await cluster.sleepMs(10 * ELECTION_MS);
    const later = highestTerm(cluster, [a, b, c]);
    if (later !== term) cluster.fail(`the term rose from ${term} to ${later} in 10 s although three servers reach one another`, 'liveness');
    await cluster.one('still settled', 3);
    cluster.heal();
    await cluster.one('healed', 5);
  },
};

/** A server that was cut off comes back with a log as good as the others', and must not depose a leader that is well (thesis 9.6). */
export const preVoteRejoin: Scenario = {
  name: 'pre-vote-rejoin',
  summary: 'servers that were cut off return: the leader and the term stay',
  servers: 5,
  config: CALM_CLUSTER,
  needs: ['pre-vote'],
  run: async (cluster) => {
    await cluster.one('before', 5);
    for (let round = 0; round < 5; round += 1) {
      const leader = await cluster.checkOneLeader();
      const term = cluster.state(leader)?.term;
      const away = (leader + 1 + cluster.random.below(4)) % 5;
      cluster.disconnect(away);
      await cluster.sleepMs(2 * ELECTION_MS + cluster.random.below(ELECTION_MS));
      cluster.connect(away);
      await cluster.sleepMs(ELECTION_MS);
      const state = cluster.state(leader);
      if (state?.leader !== true || state.term !== term) {
        cluster.fail(
          `${cluster.name(leader)} led term ${term}, and was deposed by ${cluster.name(away)}, which came back from a partition`,
          'liveness',
        );
      }
      await cluster.one(`round ${round}`, 5);
    }
  },
};

function highestTerm(cluster: Cluster, servers: readonly number[]): number {
  return Math.max(...servers.map((server) => cluster.state(server)?.term ?? 0));
}
