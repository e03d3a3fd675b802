import type { Choices } from '../cluster/choices.ts';
import type { FaultKind } from '../faults/fault-mix.ts';
import { disturbed } from './load.ts';
import type { Scenario, Setup } from './scenario.ts';

const SERVERS = 5;
/** Those that it draws from, in the order in which it draws. */
const KINDS: readonly FaultKind[] = [
  'crash',
  'crash-at-persist',
  'pause',
  'isolate',
  'partition',
  'one-way',
  'clog',
  'weather',
  'slow',
  'slow-apply',
  'clock',
  'transfer',
  'membership',
  'disk-fault',
];

/** Each run draws which features are on. Over many runs all combinations occur (Groce et al., swarm testing, 2012). */
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

/** About half of the kinds of faults: rare ones are not lost among the others. */
function drawKinds(random: Choices): FaultKind[] {
  return KINDS.filter((kind) => (kind === 'membership' || kind === 'transfer' ? random.chance(200) : random.chance(450)));
}

/** What `swarm` was until November 2026: its seeds then are its seeds now, and plans of that time are played by it. */
export const swarmUniform: Scenario = {
  name: 'swarm-uniform',
  seededAs: 'swarm',
  summary:
    'five servers; each run draws its own features and faults, under load without a rest; then all faults cease and the cluster must agree',
  servers: SERVERS,
  vary: drawSetup,
  // Membership changes, transfers and pre-votes are drawn too, and come to nothing where the structure does not have them.
  needs: ['snapshots', 'async-storage'],
  run: async (cluster) => {
    const { random } = cluster;
    const kinds = drawKinds(random);
    if (random.chance(500))
      for (const server of cluster.all) cluster.setDisk(server, 'async', random.pick([500, 5000, 30_000]), random.chance(500));
    const options = { kinds, absentMax: 2, pauseMs: random.pick([20, 100, 400]), driftPpmMax: 100_000, clockSteps: true };
    // A majority of the smallest configuration there may be.
    await disturbed(cluster, options, random.between(1000, 6000), random.pick([10, 50, 200]), 2);
  },
};
