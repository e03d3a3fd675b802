import { type Cluster, defineScenario } from '@raftlens/simulator';

const TIME_MS = 10_000;

/** Runs the cluster until one of the servers leads. */
async function untilLeads(cluster: Cluster, candidates: readonly number[]): Promise<number> {
  for (let waitedMs = 0; waitedMs < TIME_MS; waitedMs += 10) {
    const leader = candidates.find((server) => cluster.state(server)?.leader === true);
    if (leader !== undefined) return leader;
    await cluster.sleepMs(10);
  }
  return cluster.fail(`none of ${candidates.map((server) => cluster.name(server)).join(', ')} leads within ${TIME_MS} ms`, 'liveness');
}

/**
 * etcd#8243: C has the longer log and an old term. B has the higher term, and cannot win against C's log; C must learn of the higher
 * term from the refusal of its pre-vote, or nobody ever leads.
 */
export default defineScenario({
  name: 'l7-lower-pre-vote-dropped',
  summary: 'a server with the longer log and a lower term meets one with a higher term and the shorter log, while the third is down',
  servers: 3,
  config: { preVote: true },
  needs: ['pre-vote'],
  run: async (cluster) => {
    await cluster.one('agreed', 3);
    const old = await cluster.checkOneLeader();
    const others = cluster.all.filter((server) => server !== old);
    cluster.disconnect(old);
    await cluster.mustPropose(old, 'only here');
    // Two elections: the others are two terms ahead.
    const first = await untilLeads(cluster, others);
    cluster.crash(first);
    cluster.restart(first);
    cluster.crash(await untilLeads(cluster, others));
    cluster.crash(old);
    cluster.restart(old);
    cluster.connect(old);
    await cluster.one('agreed again', 2);
  },
});
