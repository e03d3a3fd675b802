import { defineScenario } from '@raftlens/simulator';

const EVERY = 3;
const ROUNDS = 6;

/**
 * An entry and a change of members follow each other so closely that the entry is applied, and ends a snapshot, while the change is not
 * committed yet. A server that was away then gets that snapshot.
 */
export default defineScenario({
  name: 's6-snapshot-with-later-configuration',
  summary: 'snapshots are taken just before a change of members commits, and sent to a server that was away',
  servers: 5,
  voters: 3,
  snapshotEvery: EVERY,
  // One entry a message: they commit one by one.
  config: { maxEntriesBytesPerMessage: 1 },
  needs: ['membership', 'snapshots'],
  run: async (cluster) => {
    cluster.setNetwork({ requestDelayMaxUs: 5000, replyDelayMaxUs: 5000 });
    for (let round = 0; round < ROUNDS; round += 1) {
      await cluster.one(`round ${round}`, 3);
      const leader = await cluster.checkOneLeader();
      const away = [0, 1, 2].find((server) => server !== leader) ?? 0;
      cluster.disconnect(away);
      for (;;) {
        const last = cluster.state(leader)?.lastIndex ?? 0;
        if (last % EVERY === EVERY - 1) break;
        await cluster.one(`fill ${last}`, 2);
      }
      await cluster.propose(leader, `last of the snapshot ${round}`);
      cluster.change(leader, [0, 1, 2], round % 2 === 0 ? [3] : []);
      await cluster.sleepMs(200);
      cluster.connect(away);
      await cluster.sleepMs(500);
    }
  },
});
