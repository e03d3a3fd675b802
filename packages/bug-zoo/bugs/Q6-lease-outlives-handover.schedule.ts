import { defineScenario } from '@raftlens/simulator';

/** The old leader hears nothing of the new one, and is asked for a read while its lease would still hold. */
export default defineScenario({
  name: 'q6-lease-outlives-handover',
  summary: 'a leader hands over, hears nobody from then on, and is asked for a read after the new leader has committed a command',
  servers: 3,
  config: { preVote: true, checkQuorum: true, leaseReads: true, noopOnElection: true },
  needs: ['reads', 'transfer'],
  run: async (cluster) => {
    await cluster.one('before', 3);
    const old = await cluster.checkOneLeader();
    const others = cluster.all.filter((server) => server !== old);
    const [heir = 0] = others;
    // A lease starts with a round of heartbeats, and it has to be young.
    await cluster.waitFor((event) => event.op === 'AppendEntriesReply' && event.dst === cluster.name(old), 1000);
    await cluster.sleepMs(1);
    cluster.transfer(old, heir);
    for (const server of others) cluster.cut(server, old);
    for (let waitedMs = 0; waitedMs < 100 && cluster.state(heir)?.leader !== true; waitedMs += 1) await cluster.sleepMs(1);
    await cluster.propose(heir, 'after');
    await cluster.sleepMs(5);
    cluster.read(old, 'stale?');
    cluster.heal();
    await cluster.one('in the end', 3);
  },
});
