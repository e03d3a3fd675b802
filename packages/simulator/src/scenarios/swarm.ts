import type { Choices } from '../cluster/choices.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { ScenarioError } from '../engine/failure.ts';
import { FAULT_KINDS, type FaultKind, FaultMix } from '../faults/fault-mix.ts';
import type { Scenario, Setup } from './scenario.ts';

const SERVERS = 5;
const CALM_MAX_MS = 20_000;

/** Each run has its own features on, so that all combinations are met (Groce et al., swarm testing, 2012). */
function drawSetup(random: Choices): Setup {
  const checkQuorum = random.chance(400);
  return {
    voters: random.pick([3, 5, 5]),
    snapshotEvery: random.pick([0, 0, 3, 10]),
    config: {
      preVote: random.chance(400),
      checkQuorum,
      noopOnElection: random.chance(400),
      maxEntriesBytesPerMessage: random.pick([40, 200, 1 << 20]),
      maxInflightMessages: random.pick([1, 4, 256]),
      snapshotChunkBytes: random.pick([8, 64 << 10]),
    },
  };
}

/** About half of the kinds of faults, so that those that are on are not drowned by the others. */
function drawKinds(random: Choices): FaultKind[] {
  return FAULT_KINDS.filter((kind) => (kind === 'membership' || kind === 'transfer' ? random.chance(200) : random.chance(450)));
}

async function load(cluster: Cluster, going: () => boolean, pauseMaxMs: number): Promise<void> {
  for (let n = 0; going(); n += 1) {
    // Whoever believes that it leads is given the command: a deposed leader's entries are what the safety rules are about.
    for (const server of cluster.all) {
      if (cluster.state(server)?.leader === true) await cluster.propose(server, `${cluster.name(server)}-${n}`);
    }
    await cluster.sleepMs(cluster.random.below(pauseMaxMs * 1000) / 1000);
  }
}

/** The liveness phase: nothing disturbs the cluster any more, so that it must agree on a command within bounded time (5.6). */
export async function converge(cluster: Cluster, servers: number): Promise<void> {
  cluster.calm();
  const endMs = cluster.nowMs + CALM_MAX_MS;
  for (;;) {
    try {
      await cluster.one('converge', servers);
      return;
    } catch (thrown) {
      if (!(thrown instanceof ScenarioError)) throw thrown;
      if (cluster.nowMs < endMs) continue;
      const message = `${CALM_MAX_MS} ms after all faults ceased the cluster has not agreed on a command: ${thrown.message}`;
      throw new ScenarioError('liveness', message, thrown.failure.check);
    }
  }
}

export const swarm: Scenario = {
  name: 'swarm',
  summary: 'each run draws its own features, faults and load; then all faults cease and the cluster must agree',
  servers: SERVERS,
  vary: drawSetup,
  // Membership changes, transfers and pre-votes are drawn too, and come to nothing where the structure does not have them.
  needs: ['snapshots', 'async-storage'],
  run: async (cluster) => {
    const { random } = cluster;
    const kinds = drawKinds(random);
    if (random.chance(500))
      for (const server of cluster.all) cluster.setDisk(server, 'async', random.pick([500, 5000, 30_000]), random.chance(500));
    let going = true;
    const loading = cluster.spawn(() => load(cluster, () => going, random.pick([10, 50, 200])), 'load');
    const mix = new FaultMix(cluster, { kinds, absentMax: 2, pauseMs: random.pick([20, 100, 400]), driftPpmMax: 100_000 });
    await mix.run(random.between(1000, 6000));
    going = false;
    await loading;
    // A majority of the smallest configuration there may be.
    await converge(cluster, 2);
  },
};
