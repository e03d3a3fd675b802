import type { Cluster } from '../cluster/cluster.ts';
import { UNRELIABLE } from '../protocol/network-model.ts';
import { ELECTION_MS, type Scenario } from './scenario.ts';

/** As the labs start a server: it is killed first if it runs, and connected afterwards. */
function reboot(cluster: Cluster, server: number): void {
  cluster.crash(server);
  cluster.restart(server);
  cluster.connect(server);
}

export const persistBasic: Scenario = {
  name: 'persist-basic',
  summary: 'restarts of all three, of the leader, of a leader that missed a command, of a follower that did',
  servers: 3,
  run: async (cluster) => {
    await cluster.one('11', 3);
    for (const server of cluster.all) cluster.crash(server);
    for (const server of cluster.all) cluster.restart(server);
    await cluster.one('12', 3);
    reboot(cluster, await cluster.checkOneLeader());
    await cluster.one('13', 3);
    const leader = await cluster.checkOneLeader();
    cluster.disconnect(leader);
    await cluster.one('14', 2);
    reboot(cluster, leader);
    // Before killing another one the fourth command has to be everywhere.
    await cluster.waitApplied(4, 3, null);
    const follower = ((await cluster.checkOneLeader()) + 1) % 3;
    cluster.disconnect(follower);
    await cluster.one('15', 2);
    reboot(cluster, follower);
    await cluster.one('16', 3);
  },
};

export const persistMore: Scenario = {
  name: 'persist-more',
  summary: 'five rounds in which two and three of five servers are cut off in turn and restarted',
  servers: 5,
  run: async (cluster) => {
    let command = 10;
    for (let round = 0; round < 5; round += 1) {
      await cluster.one(`${(command += 1)}`, 5);
      const leader = await cluster.checkOneLeader();
      const at = (step: number): number => (leader + step) % 5;
      for (const step of [1, 2]) cluster.disconnect(at(step));
      await cluster.one(`${(command += 1)}`, 3);
      for (const step of [0, 3, 4]) cluster.disconnect(at(step));
      for (const step of [1, 2]) reboot(cluster, at(step));
      await cluster.sleepMs(ELECTION_MS);
      reboot(cluster, at(3));
      await cluster.one(`${(command += 1)}`, 3);
      for (const step of [4, 0]) cluster.connect(at(step));
    }
    await cluster.one('1000', 5);
  },
};

export const persistPartition: Scenario = {
  name: 'persist-partition',
  summary: 'a partitioned follower comes back beside restarted servers and must not win with its short log',
  servers: 3,
  run: async (cluster) => {
    await cluster.one('101', 3);
    const leader = await cluster.checkOneLeader();
    const at = (step: number): number => (leader + step) % 3;
    cluster.disconnect(at(2));
    await cluster.one('102', 2);
    cluster.crash(at(0));
    cluster.crash(at(1));
    cluster.connect(at(2));
    cluster.restart(at(0));
    await cluster.one('103', 2);
    cluster.restart(at(1));
    await cluster.one('104', 3);
  },
};

export const unreliableAgreement: Scenario = {
  name: 'unreliable-agreement',
  summary: '49 rounds of five concurrent commands on the unreliable network',
  servers: 5,
  network: UNRELIABLE,
  run: async (cluster) => {
    const tasks: PromiseLike<void>[] = [];
    for (let round = 1; round < 50; round += 1) {
      for (let n = 0; n < 4; n += 1) {
        tasks.push(
          cluster.spawn(async () => {
            await cluster.one(`${round}-${n}`, 1);
          }),
        );
      }
      await cluster.one(`${round}`, 1);
    }
    cluster.setReliable(true);
    await Promise.all(tasks);
    await cluster.one('last', 5);
  },
};
