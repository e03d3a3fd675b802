import { defineScenario } from '@raftlens/simulator';

const EVERY = 5;
const POINTS = 6;

/** A follower that was away gets a snapshot, and dies at each of the writes that this takes, one after the other. */
export default defineScenario({
  name: 'p7-log-and-snapshot-apart',
  summary: 'a follower dies between the writes with which it installs a snapshot',
  servers: 3,
  snapshotEvery: EVERY,
  needs: ['snapshots'],
  run: async (cluster) => {
    for (let nth = 1; nth <= POINTS; nth += 1) {
      await cluster.one(`before ${nth}`, 3);
      const leader = await cluster.checkOneLeader();
      const away = (leader + 1) % cluster.servers;
      cluster.disconnect(away);
      for (let n = 0; n < 2 * EVERY; n += 1) await cluster.one(`${nth}-${n}`, 2);
      cluster.crashAtPersist(away, nth, 'before');
      cluster.connect(away);
      await cluster.sleepMs(500);
      if (cluster.isUp(away)) cluster.crash(away);
      cluster.restart(away);
    }
    await cluster.one('in the end', 3);
  },
});
