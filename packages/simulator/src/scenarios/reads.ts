import type { Cluster } from '../cluster/cluster.ts';
import { type FaultKind, FaultMix } from '../faults/fault-mix.ts';
import { RELIABLE } from '../protocol/network-model.ts';
import { LogService } from '../service/log-service.ts';
import { converge, readers, startLoad } from './load.ts';
import type { Scenario } from './scenario.ts';

const FOR_MS = 5000;

async function readingUnder(
  cluster: Cluster,
  kinds: readonly FaultKind[],
  followers: boolean,
  driftPpmMax: number,
  clockSteps: boolean,
): Promise<void> {
  const { random } = cluster;
  // Services that lag behind their log show who serves a read before its index is applied.
  for (const server of cluster.all) if (random.chance(300)) cluster.setApplyDelay(server, random.below(60));
  let going = true;
  const reading = cluster.spawn(() => readers(cluster, () => going, followers && random.chance(500)), 'reads');
  const stop = startLoad(cluster, 30);
  await new FaultMix(cluster, { kinds, absentMax: 2, pauseMs: random.pick([60, 200, 500]), driftPpmMax, clockSteps }).run(FOR_MS);
  going = false;
  await reading;
  await converge(cluster, cluster.servers, stop);
  const leader = await cluster.checkOneLeader();
  // A leader that has committed nothing in its term must not serve reads yet (8).
  await cluster.one('of this term', cluster.servers);
  const { service } = cluster.world;
  const before = service instanceof LogService ? service.served : 0;
  for (let n = 0; n < 20; n += 1) {
    cluster.read(leader, `calm-${n}`);
    await cluster.sleepMs(20);
  }
  await cluster.sleepMs(500);
  const served = service instanceof LogService ? service.served - before : 20;
  if (served === 0) cluster.fail('of 20 reads at the leader of a calm cluster none was served within half a second', 'liveness');
}

const network = { ...RELIABLE, requestDelayMaxUs: 15_000, replyDelayMaxUs: 15_000, duplicatePerMille: 50, duplicateDelayMaxUs: 300_000 };

export const reads: Scenario = {
  name: 'reads',
  summary:
    'reads by ReadIndex under partitions, stalls, transfers and slow services: each sees what was applied before it was asked for (8)',
  servers: 5,
  network,
  vary: (random) => ({ config: { noopOnElection: random.chance(700), checkQuorum: random.chance(500), preVote: random.chance(500) } }),
  needs: ['reads', 'transfer', 'pre-vote'],
  run: (cluster) =>
    readingUnder(cluster, ['isolate', 'partition', 'pause', 'transfer', 'crash', 'slow-apply', 'clock'], true, 200_000, true),
};

/** Within the bound that leases trust: no clock runs more than a tenth faster than another (clockDriftMax). */
const LEASE_DRIFT_PPM_MAX = 45_000;

export const leaseReads: Scenario = {
  name: 'lease-reads',
  summary:
    'reads by leases while clocks drift as far as leases allow, now faster, now slower, leaders are cut off, stalled and hand over (thesis 6.4.1)',
  servers: 5,
  network,
  vary: (random) => ({ config: { leaseReads: true, checkQuorum: true, preVote: random.chance(700), noopOnElection: random.chance(700) } }),
  needs: ['reads', 'transfer', 'pre-vote'],
  run: async (cluster) => {
    for (const server of cluster.all) cluster.setClock(server, cluster.random.between(-LEASE_DRIFT_PPM_MAX, LEASE_DRIFT_PPM_MAX));
    await readingUnder(
      cluster,
      ['isolate', 'isolate', 'partition', 'pause', 'transfer', 'slow-apply', 'clock'],
      true,
      LEASE_DRIFT_PPM_MAX,
      false,
    );
  },
};
