import type { Cluster } from '../cluster/cluster.ts';
import { UNRELIABLE } from '../protocol/network-model.ts';
import type { Scenario } from './scenario.ts';

/** The labs' service takes a snapshot every ten entries, and the log must stay below this whenever it is looked at. */
const SNAPSHOT_EVERY = 10;
const LOG_BYTES_MAX = 2000;
const ROUNDS = 30;

type Absence = 'none' | 'disconnect' | 'crash';

function checkLogSize(cluster: Cluster): void {
  for (const server of cluster.all) {
    const bytes = cluster.logBytes(server);
    if (bytes >= LOG_BYTES_MAX)
      cluster.fail(`the log of ${cluster.name(server)} has ${bytes} bytes; it must be cut below ${LOG_BYTES_MAX}`, 'size');
  }
}

async function withAbsence(cluster: Cluster, absence: Absence): Promise<void> {
  await cluster.one('first', 3);
  let leader = await cluster.checkOneLeader();
  for (let round = 0; round < ROUNDS; round += 1) {
    const leaderIsVictim = round % 3 === 1;
    const victim = leaderIsVictim ? leader : (leader + 1) % 3;
    const sender = leaderIsVictim ? (leader + 1) % 3 : leader;
    if (absence === 'disconnect') cluster.disconnect(victim);
    if (absence === 'crash') cluster.crash(victim);
    if (absence !== 'none') await cluster.one(`absent ${round}`, 2);
    const commands = SNAPSHOT_EVERY / 2 + cluster.random.below(SNAPSHOT_EVERY);
    for (let n = 0; n < commands; n += 1) await cluster.propose(sender, `${round}-${n}`);
    await cluster.one(`caught up ${round}`, absence === 'none' ? 3 : 2);
    checkLogSize(cluster);
    if (absence === 'none') continue;
    cluster.restart(victim);
    cluster.connect(victim);
    await cluster.one(`returned ${round}`, 3);
    leader = await cluster.checkOneLeader();
  }
}

function absence(name: string, kind: Absence, unreliable: boolean, summary: string): Scenario {
  return {
    name,
    summary,
    servers: 3,
    snapshotEvery: SNAPSHOT_EVERY,
    needs: ['snapshots'],
    ...(unreliable ? { network: UNRELIABLE } : {}),
    run: (cluster) => withAbsence(cluster, kind),
  };
}

export const snapshotBasic = absence(
  'snapshot-basic',
  'none',
  false,
  '30 rounds of commands with a snapshot every ten entries; the log stays short',
);
export const snapshotDisconnect = absence(
  'snapshot-disconnect',
  'disconnect',
  false,
  '30 rounds in which a server is cut off and misses snapshots',
);
export const snapshotDisconnectUnreliable = absence(
  'snapshot-disconnect-unreliable',
  'disconnect',
  true,
  'snapshot-disconnect on the unreliable network',
);
export const snapshotCrash = absence('snapshot-crash', 'crash', false, '30 rounds in which a server crashes and misses snapshots');
export const snapshotCrashUnreliable = absence('snapshot-crash-unreliable', 'crash', true, 'snapshot-crash on the unreliable network');

function restartAll(cluster: Cluster): void {
  for (const server of cluster.all) cluster.crash(server);
  for (const server of cluster.all) cluster.restart(server);
}

export const snapshotCrashAll: Scenario = {
  name: 'snapshot-crash-all',
  summary: 'five times all crash after snapshots and return: the index never falls',
  servers: 3,
  snapshotEvery: SNAPSHOT_EVERY,
  needs: ['snapshots'],
  run: async (cluster) => {
    await cluster.one('first', 3);
    for (let round = 0; round < 5; round += 1) {
      const commands = SNAPSHOT_EVERY / 2 + cluster.random.below(SNAPSHOT_EVERY);
      for (let n = 0; n < commands; n += 1) await cluster.one(`${round}-${n}`, 3);
      const before = await cluster.one(`before ${round}`, 3);
      restartAll(cluster);
      const after = await cluster.one(`after ${round}`, 3);
      if (after < before + 1) cluster.fail(`the index fell from ${before} to ${after} over a restart of all`, 'agreement');
    }
  },
};

export const snapshotInit: Scenario = {
  name: 'snapshot-init',
  summary: 'all crash just after a snapshot; one command; all crash; one command',
  servers: 3,
  snapshotEvery: SNAPSHOT_EVERY,
  needs: ['snapshots'],
  run: async (cluster) => {
    await cluster.one('first', 3);
    for (let n = 0; n < SNAPSHOT_EVERY + 1; n += 1) await cluster.one(`${n}`, 3);
    restartAll(cluster);
    // This command makes the servers write their state, which must not forget the snapshot.
    await cluster.one('between', 3);
    restartAll(cluster);
    await cluster.one('last', 3);
  },
};
