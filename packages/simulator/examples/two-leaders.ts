import { defineScenario } from '@raftlens/simulator';

/**
 * A scenario of one's own: `run-until-fail sim packages/simulator/examples/two-leaders.ts`. An old leader is cut off and goes on taking
 * commands; none of them may come out once it is back.
 */
export default defineScenario({
  name: 'two-leaders',
  summary: 'a cut-off leader takes commands that must never be applied',
  servers: 3,
  run: async (cluster) => {
    await cluster.one('before', 3);
    const old = await cluster.checkOneLeader();
    cluster.disconnect(old);
    for (let n = 0; n < 5; n += 1) await cluster.propose(old, `lost ${n}`);
    const index = await cluster.one('after', 2);
    cluster.connect(old);
    await cluster.one('together', 3);
    if (cluster.committed(index).entry?.command !== 'after') cluster.fail('the new leader was overruled');
  },
});
