import { assert, suite } from '@raftlens/testing';
import { defineScenario, runScenario, type Scenario } from '../../src/index.ts';

const it = suite('clocks that leases trust');

/** Reads are asked of a leader that was cut off and whose clock runs so much slower than the others', while those elect another and go on. */
const slowLeader = (driftPpm: number): Scenario =>
  defineScenario({
    name: 'slow-leader',
    summary: 'a leader with a slow clock is cut off and asked for reads',
    servers: 3,
    config: { leaseReads: true, checkQuorum: true, preVote: true },
    needs: ['reads', 'pre-vote'],
    run: async (cluster) => {
      const leader = await cluster.checkOneLeader();
      cluster.setClock(leader, driftPpm);
      await cluster.one('before', 3);
      await cluster.sleepMs(500);
      cluster.disconnect(leader);
      for (let n = 0; n < 200; n += 1) {
        cluster.read(leader, `old-${n}`);
        for (const server of cluster.all) if (server !== leader && cluster.leads(server)) await cluster.propose(server, `new-${n}`);
        await cluster.sleepMs(5);
      }
    },
  });

it('serve stale reads where a clock is slower than the leases were told, and the service sees it', async () => {
  let found = 0;
  for (let seed = 1; seed <= 20; seed += 1) {
    const { failure } = await runScenario(slowLeader(-500_000), { seed: `${seed}` });
    if (failure !== null) assert.is(failure.kind, 'linearizability', failure.message);
    if (failure !== null) found += 1;
  }
  assert.ok(found > 0, 'twice as slow as true time');
});

it('serve none within the bound', async () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    assert.is((await runScenario(slowLeader(-90_000), { seed: `${seed}` })).failure, null);
  }
});
