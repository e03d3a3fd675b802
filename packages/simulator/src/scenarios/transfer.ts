import { disturbed } from './load.ts';
import { ELECTION_MS, type Scenario } from './scenario.ts';

export const leadershipTransfer: Scenario = {
  name: 'leadership-transfer',
  summary: 'the leader hands over to each of the others, up to date or not, well before an election would come by itself (thesis 3.10)',
  servers: 5,
  config: { preVote: true, checkQuorum: true },
  needs: ['transfer', 'pre-vote'],
  run: async (cluster) => {
    await cluster.one('first', 5);
    for (let round = 0; round < 6; round += 1) {
      const leader = await cluster.checkOneLeader();
      const target = (leader + 1 + cluster.random.below(4)) % 5;
      const behind = round % 2 === 1;
      if (behind) {
        cluster.disconnect(target);
        for (let n = 0; n < 20; n += 1) await cluster.propose(leader, `missed ${round}-${n}`);
        await cluster.one(`behind ${round}`, 4);
        cluster.connect(target);
      }
      const elected = cluster.waitFor((event) => event.op === 'BecomeLeader' && event.node === cluster.name(target), ELECTION_MS / 2);
      cluster.transfer(leader, target);
      if ((await elected) === null) {
        cluster.fail(
          `${cluster.name(leader)} was told to hand over to ${cluster.name(target)}, which did not lead within ${ELECTION_MS / 2} ms`,
          'liveness',
        );
      }
      await cluster.one(`handed over ${round}`, 5);
    }
  },
};

export const transferFaults: Scenario = {
  name: 'transfer-faults',
  summary: 'leadership is handed over at random while servers stall, crash and are cut off',
  servers: 5,
  vary: (random) => ({ config: { preVote: random.chance(500), checkQuorum: random.chance(500) } }),
  needs: ['transfer', 'pre-vote'],
  run: async (cluster) => {
    const kinds = ['transfer', 'transfer', 'transfer', 'crash', 'isolate', 'pause', 'weather'] as const;
    await disturbed(cluster, { kinds, absentMax: 2, pauseMs: 100, driftPpmMax: 0, clockSteps: true }, 5000, 50, 5);
  },
};
