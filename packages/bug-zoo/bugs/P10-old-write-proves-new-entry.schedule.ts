import { defineScenario } from '@raftlens/simulator';

const ROUNDS = 6;
/** A write may take longer than an election. */
const SLOW_US = 1_500_000;

/**
 * A follower's disk is still at an entry that a new leader has replaced meanwhile. The message that replaced it comes again when the old
 * write is finished, and the new one is not.
 */
export default defineScenario({
  name: 'p10-old-write-proves-new-entry',
  summary: 'a lonely entry is on its way to a slow disk while another leader puts its own at that index',
  servers: 5,
  // The first message of a new leader then carries an entry.
  config: { noopOnElection: true },
  needs: ['async-storage'],
  run: async (cluster) => {
    cluster.setNetwork({ duplicatePerMille: 500, duplicateDelayMaxUs: SLOW_US });
    for (let round = 0; round < ROUNDS; round += 1) {
      await cluster.one(`agreed ${round}`, 5);
      const old = await cluster.checkOneLeader();
      const slow = (old + 1) % cluster.servers;
      const others = cluster.all.filter((server) => server !== old && server !== slow);
      cluster.setDisk(slow, 'async', SLOW_US, false);
      for (const other of others) cluster.cut(old, other);
      await cluster.propose(old, `lonely ${round}`);
      await cluster.sleepMs(20);
      cluster.disconnect(old);
      await cluster.one(`replaced ${round}`, 3);
      await cluster.sleepMs(2000);
      cluster.setDisk(slow, 'sync');
      cluster.heal();
      cluster.connect(old);
    }
  },
});
