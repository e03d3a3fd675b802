import type { Cluster } from '../cluster/cluster.ts';
import { ELECTION_MS, type Scenario } from './scenario.ts';

export const basicAgreement: Scenario = {
  name: 'basic-agreement',
  summary: 'three commands at indices 1 to 3; nothing commits before it was started',
  servers: 3,
  run: async (cluster) => {
    for (let index = 1; index <= 3; index += 1) {
      if (cluster.committed(index).count > 0) cluster.fail(`index ${index} was applied before its command was started`, 'agreement');
      const at = await cluster.one(`command ${index}`, 3, false);
      if (at !== index) cluster.fail(`the command was put at index ${at} in place of ${index}`, 'agreement');
    }
  },
};

export const followerFailure: Scenario = {
  name: 'follower-failure',
  summary: 'commits with two of three; with one left nothing commits in 2 s',
  servers: 3,
  run: async (cluster) => {
    await cluster.one('101', 3, false);
    const first = await cluster.checkOneLeader();
    cluster.disconnect((first + 1) % 3);
    await cluster.one('102', 2, false);
    await cluster.sleepMs(ELECTION_MS);
    await cluster.one('103', 2, false);
    const leader = await cluster.checkOneLeader();
    cluster.disconnect((leader + 1) % 3);
    cluster.disconnect((leader + 2) % 3);
    const proposed = await cluster.mustPropose(leader, '104');
    if (proposed.index !== 4) cluster.fail(`the command was put at index ${proposed.index} in place of 4`, 'agreement');
    await nothingCommits(cluster, 4);
  },
};

export const leaderFailure: Scenario = {
  name: 'leader-failure',
  summary: 'commits after the leader was cut off; with one server left nothing commits in 2 s',
  servers: 3,
  run: async (cluster) => {
    await cluster.one('101', 3, false);
    cluster.disconnect(await cluster.checkOneLeader());
    await cluster.one('102', 2, false);
    await cluster.sleepMs(ELECTION_MS);
    await cluster.one('103', 2, false);
    cluster.disconnect(await cluster.checkOneLeader());
    for (const server of cluster.all) await cluster.propose(server, '104');
    await nothingCommits(cluster, 4);
  },
};

export const followerReconnect: Scenario = {
  name: 'follower-reconnect',
  summary: 'four commands without a follower; then agreement needs all three',
  servers: 3,
  run: async (cluster) => {
    await cluster.one('101', 3, false);
    const leader = await cluster.checkOneLeader();
    cluster.disconnect((leader + 1) % 3);
    await cluster.one('102', 2, false);
    await cluster.one('103', 2, false);
    await cluster.sleepMs(ELECTION_MS);
    await cluster.one('104', 2, false);
    await cluster.one('105', 2, false);
    cluster.connect((leader + 1) % 3);
    await cluster.one('106', 3);
    await cluster.sleepMs(ELECTION_MS);
    await cluster.one('107', 3);
  },
};

export const noAgreement: Scenario = {
  name: 'no-agreement',
  summary: 'three followers of five are gone: nothing commits in 2 s; after repair all five agree',
  servers: 5,
  run: async (cluster) => {
    await cluster.one('10', 5, false);
    const leader = await cluster.checkOneLeader();
    const gone = [1, 2, 3].map((step) => (leader + step) % 5);
    for (const server of gone) cluster.disconnect(server);
    const proposed = await cluster.mustPropose(leader, '20');
    if (proposed.index !== 2) cluster.fail(`the command was put at index ${proposed.index} in place of 2`, 'agreement');
    await nothingCommits(cluster, 2);
    for (const server of gone) cluster.connect(server);
    // The majority may have elected its own leader, which forgets index 2.
    const next = await cluster.checkOneLeader();
    const again = await cluster.mustPropose(next, '30');
    if (again.index < 2 || again.index > 3) cluster.fail(`the command was put at index ${again.index} in place of 2 or 3`, 'agreement');
    await cluster.one('1000', 5);
  },
};

export const rejoinOfOldLeader: Scenario = {
  name: 'rejoin-of-old-leader',
  summary: 'an isolated leader gathers entries that must be overwritten when it returns',
  servers: 3,
  run: async (cluster) => {
    await cluster.one('101', 3);
    const first = await cluster.checkOneLeader();
    cluster.disconnect(first);
    for (const command of ['102', '103', '104']) await cluster.propose(first, `lost ${command}`);
    await cluster.one('103', 2);
    const second = await cluster.checkOneLeader();
    cluster.disconnect(second);
    cluster.connect(first);
    await cluster.one('104', 2);
    cluster.connect(second);
    await cluster.one('105', 3);
  },
};

const BATCH = 50;

export const fastBackup: Scenario = {
  name: 'fast-backup',
  summary: '50 uncommitted entries in a minority, 50 committed elsewhere, twice over: backing up by one entry an RPC is too slow',
  servers: 5,
  run: async (cluster) => {
    await cluster.one('start', 5);
    const first = await cluster.checkOneLeader();
    const at = (step: number): number => (first + step) % 5;
    for (const step of [2, 3, 4]) cluster.disconnect(at(step));
    await proposeMany(cluster, first, 'minority');
    await cluster.sleepMs(ELECTION_MS / 2);
    for (const step of [0, 1]) cluster.disconnect(at(step));
    for (const step of [2, 3, 4]) cluster.connect(at(step));
    for (let n = 0; n < BATCH; n += 1) await cluster.one(`majority ${n}`, 3);
    const second = await cluster.checkOneLeader();
    const other = second === at(2) ? (second + 1) % 5 : at(2);
    cluster.disconnect(other);
    await proposeMany(cluster, second, 'second minority');
    await cluster.sleepMs(ELECTION_MS / 2);
    for (const server of cluster.all) cluster.disconnect(server);
    for (const server of [at(0), at(1), other]) cluster.connect(server);
    for (let n = 0; n < BATCH; n += 1) await cluster.one(`second majority ${n}`, 3);
    for (const server of cluster.all) cluster.connect(server);
    await cluster.one('end', 5);
  },
};

async function proposeMany(cluster: Cluster, server: number, tag: string): Promise<void> {
  for (let n = 0; n < BATCH; n += 1) await cluster.propose(server, `${tag} ${n}`);
}

async function nothingCommits(cluster: Cluster, index: number): Promise<void> {
  await cluster.sleepMs(2 * ELECTION_MS);
  const { count } = cluster.committed(index);
  if (count > 0) cluster.fail(`index ${index} was applied by ${count} servers although no majority is connected`, 'agreement');
}
