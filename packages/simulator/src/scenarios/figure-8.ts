import type { Cluster } from '../cluster/cluster.ts';
import { UNRELIABLE } from '../protocol/network-model.ts';
import { ELECTION_MS, type Scenario } from './scenario.ts';

const ROUNDS = 1000;

/** Proposes at every server that is up; the last one that took the command, which is the labs' idea of the leader. */
async function proposeEverywhere(cluster: Cluster, tag: string): Promise<number | null> {
  let leader: number | null = null;
  for (const server of cluster.all) {
    if (cluster.isUp(server) && (await cluster.propose(server, `${tag}-${server + 1}`)) !== null) leader = server;
  }
  return leader;
}

/**
 * One pause in ten is long enough for an election. Half of the others are so short that messages are still on their way: an entry is
 * then with some servers and not with others, which is how figure 8 begins.
 */
async function shortOrLong(cluster: Cluster): Promise<void> {
  const { random } = cluster;
  if (random.chance(100)) await cluster.sleepMs(random.below(ELECTION_MS / 2));
  else await cluster.sleepMs((random.chance(500) ? random.below(600) : random.below(13_000)) / 1000);
}

/**
 * The labs' test of figure 8 (5.4.2): leaders crash soon after they have taken a command. Entries of older terms are then left in
 * the logs of some. Who commits one of them by counting its copies will see it overwritten.
 */
export const figure8: Scenario = {
  name: 'figure-8',
  summary: '1000 rounds: propose everywhere, pause, crash the leader, keep three of five up',
  servers: 5,
  run: async (cluster) => {
    await cluster.one('first', 1);
    for (let round = 0; round < ROUNDS; round += 1) {
      if (cluster.random.chance(500)) crashWhenItPersists(cluster);
      const leader = await proposeEverywhere(cluster, `r${round}`);
      await shortOrLong(cluster);
      if (leader !== null) cluster.crash(leader);
      const up = cluster.all.filter((server) => cluster.isUp(server)).length;
      if (up < 3) cluster.restart(cluster.random.below(5));
    }
    for (const server of cluster.all) cluster.restart(server);
    await cluster.one('last', 5);
  },
};

/** The leader dies with the next command on its disk alone, or not even there: figure 8 is made of such entries. */
function crashWhenItPersists(cluster: Cluster): void {
  const leader = cluster.all.find((server) => cluster.leads(server));
  if (leader !== undefined) cluster.crashAtPersist(leader, 1, cluster.random.chance(800) ? 'after' : 'before');
}

export const figure8Unreliable: Scenario = {
  name: 'figure-8-unreliable',
  summary: 'as figure-8 by cutting servers off, on the unreliable network; from round 200 replies come long out of order',
  servers: 5,
  network: UNRELIABLE,
  run: async (cluster) => {
    await cluster.one('first', 1);
    let connected = 5;
    for (let round = 0; round < ROUNDS; round += 1) {
      if (round === 200) cluster.setLongReordering(true);
      const leader = await proposeConnected(cluster, `r${round}`);
      await shortOrLong(cluster);
      if (leader !== null && cluster.random.below(1000) < 500) {
        cluster.disconnect(leader);
        connected -= 1;
      }
      const server = cluster.random.below(5);
      if (connected < 3 && !cluster.isConnected(server)) {
        cluster.connect(server);
        connected += 1;
      }
    }
    for (const server of cluster.all) if (!cluster.isConnected(server)) cluster.connect(server);
    await cluster.one('last', 5);
  },
};

async function proposeConnected(cluster: Cluster, tag: string): Promise<number | null> {
  let leader: number | null = null;
  for (const server of cluster.all) {
    if ((await cluster.propose(server, `${tag}-${server + 1}`)) !== null && cluster.isConnected(server)) leader = server;
  }
  return leader;
}
