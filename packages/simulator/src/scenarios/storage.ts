import type { Cluster } from '../cluster/cluster.ts';
import { RELIABLE } from '../protocol/network-model.ts';
import { converge } from './load.ts';
import type { Scenario } from './scenario.ts';

const ROUNDS = 60;

function someLeader(cluster: Cluster): number | null {
  return cluster.all.find((server) => cluster.leads(server)) ?? null;
}

/** Restarts what is down, after a pause that is mostly shorter than an election: the server that lost data meets those that relied on it. */
async function bringBack(cluster: Cluster): Promise<void> {
  const { random } = cluster;
  await cluster.sleepMs(random.below(random.chance(700) ? 30_000 : 600_000) / 1000);
  for (const server of random.shuffled(cluster.all)) if (!cluster.isUp(server)) cluster.restart(server);
}

/**
 * Disks take their time, and a crash loses what they had not finished. In each round the leader dies, and the others are set to die at
 * one of their next writes: the vote, the entry or the snapshot that they may already have told of.
 */
async function lossy(cluster: Cluster, torn: boolean): Promise<void> {
  const { random } = cluster;
  for (const server of cluster.all) cluster.setDisk(server, 'async', random.pick([2000, 20_000, 60_000]), torn);
  await cluster.one('first', cluster.servers);
  for (let round = 0; round < ROUNDS; round += 1) {
    const leader = someLeader(cluster);
    if (leader !== null) {
      for (let n = random.below(4); n > 0; n -= 1) await cluster.propose(leader, `r${round}-${n}`);
      await cluster.sleepMs(random.below(20_000) / 1000);
      if (random.chance(700)) cluster.crash(leader);
    }
    for (const server of cluster.all) {
      if (random.chance(500)) cluster.crashAtPersist(server, random.between(1, 3), random.chance(700) ? 'before' : 'after');
    }
    await cluster.sleepMs(random.below(600_000) / 1000);
    await bringBack(cluster);
  }
  await converge(cluster, cluster.servers);
}

const slowNetwork = { ...RELIABLE, requestDelayMaxUs: 40_000, replyDelayMaxUs: 10_000 };

export const lostWrites: Scenario = {
  name: 'lost-writes',
  summary: 'asynchronous disks; crashes at persist points lose votes and entries that had not reached them',
  servers: 3,
  network: slowNetwork,
  needs: ['async-storage'],
  run: (cluster) => lossy(cluster, false),
};

export const tornWrites: Scenario = {
  name: 'torn-writes',
  summary: 'as lost-writes with five servers and snapshots; a crash leaves the last write in part',
  servers: 5,
  network: slowNetwork,
  snapshotEvery: 5,
  needs: ['async-storage', 'snapshots'],
  run: (cluster) => lossy(cluster, true),
};
