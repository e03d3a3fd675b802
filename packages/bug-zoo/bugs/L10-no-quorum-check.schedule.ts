import { defineScenario } from '@raftlens/simulator';

/** A leader that everybody hears and that hears nobody: its heartbeats keep the others from standing, and nothing commits. */
export default defineScenario({
  name: 'l10-no-quorum-check',
  summary: 'all links to the leader are cut, those from it are not: it has to step down, and another to be elected',
  servers: 5,
  config: { preVote: true, checkQuorum: true },
  needs: ['pre-vote'],
  run: async (cluster) => {
    await cluster.one('agreed', 5);
    const leader = await cluster.checkOneLeader();
    for (const server of cluster.all) if (server !== leader) cluster.cut(server, leader);
    await cluster.sleepMs(3000);
    await cluster.one('agreed without it', 4);
  },
});
