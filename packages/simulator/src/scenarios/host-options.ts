import { RELIABLE } from '../protocol/network-model.ts';
import { disturbed } from './load.ts';
import type { Scenario } from './scenario.ts';

export const hostOptions: Scenario = {
  name: 'host-options',
  summary:
    'each run draws options that the labs leave off: hints both ways, commits told at once, bounded pages; hosts start elections and report peers, rightly or not',
  servers: 5,
  network: { ...RELIABLE, requestDelayMaxUs: 10_000, replyDelayMaxUs: 10_000, requestLossPerMille: 20, replyLossPerMille: 20 },
  vary: (random) => ({
    snapshotEvery: random.pick([0, 3, 10]),
    config: {
      hintsBothWays: random.chance(700),
      tellCommits: random.chance(700),
      maxApplyBytes: random.pick([1, 60, 1000]),
      preVote: random.chance(400),
      checkQuorum: random.chance(400),
      noopOnElection: random.chance(400),
      maxEntriesBytesPerMessage: random.pick([40, 200, 1 << 20]),
      snapshotChunkBytes: random.pick([8, 64 << 10]),
      trailingEntriesMax: random.pick([0, 2]),
    },
  }),
  needs: ['snapshots', 'async-storage'],
  run: async (cluster) => {
    const { random } = cluster;
    for (const server of cluster.all) if (random.chance(300)) cluster.setApplyDelay(server, random.below(60));
    const kinds = [
      'host-report',
      'host-report',
      'host-report',
      'crash',
      'crash-at-persist',
      'isolate',
      'partition',
      'weather',
      'slow-apply',
    ] as const;
    await disturbed(
      cluster,
      { kinds, absentMax: 2, pauseMs: random.pick([50, 150]), driftPpmMax: 0, clockSteps: false },
      4000,
      random.pick([10, 50]),
      5,
    );
  },
};
