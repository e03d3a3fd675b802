import { defineScenario } from '@raftlens/simulator';

const COMMANDS = 5;
/** Time in which nobody leads: shorter than the shortest election timeout. */
const LEADERLESS_MS = 250;

/** The leader is gone, and clients hand their commands to servers that do not know another one yet. */
export default defineScenario({
  name: 'k5-forwarded-in-circles',
  summary: 'commands come to followers that have just lost their leader: each may be passed on once, to a leader that is known',
  servers: 5,
  config: { forwardProposals: true },
  needs: ['pre-vote'],
  run: async (cluster) => {
    await cluster.one('agreed', 5);
    const leader = await cluster.checkOneLeader();
    const followers = cluster.all.filter((server) => server !== leader);
    cluster.crash(leader);
    for (const server of followers) {
      cluster.crash(server);
      cluster.restart(server);
    }
    const before = cluster.rpcTotal;
    for (let n = 0; n < COMMANDS; n += 1) for (const server of followers) await cluster.propose(server, `${n}-${server}`);
    await cluster.sleepMs(LEADERLESS_MS);
    const sent = cluster.rpcTotal - before;
    if (sent > COMMANDS * followers.length) {
      cluster.fail(`${sent} requests were sent for ${COMMANDS * followers.length} commands while nobody led`, 'budget');
    }
  },
});
