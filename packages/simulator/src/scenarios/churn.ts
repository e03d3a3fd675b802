import type { Cluster } from '../cluster/cluster.ts';
import { UNRELIABLE } from '../protocol/network-model.ts';
import { ELECTION_MS, type Scenario } from './scenario.ts';

const CLIENTS = 3;
const ROUNDS = 20;
const WAITS_MS = [10, 20, 50, 100, 200];

/** Proposes values until told to stop, and keeps those that it saw committed. */
async function client(cluster: Cluster, number: number, going: () => boolean, committed: string[]): Promise<void> {
  for (let n = 0; going(); n += 1) {
    const value = `c${number}-${n}`;
    const index = await proposeAnywhere(cluster, value);
    if (index === null) {
      await cluster.sleepMs(79 + number * 17);
      continue;
    }
    for (const waitMs of WAITS_MS) {
      const { count, entry } = cluster.committed(index);
      if (count > 0) {
        if (entry?.command === value) committed.push(value);
        break;
      }
      await cluster.sleepMs(waitMs);
    }
  }
}

async function proposeAnywhere(cluster: Cluster, value: string): Promise<number | null> {
  let index: number | null = null;
  for (const server of cluster.all) index = (await cluster.propose(server, value))?.index ?? index;
  return index;
}

function disturb(cluster: Cluster): void {
  const { random } = cluster;
  if (random.chance(200)) cluster.disconnect(random.below(5));
  if (random.chance(500)) {
    const server = random.below(5);
    cluster.restart(server);
    cluster.connect(server);
  }
  if (random.chance(200)) cluster.crash(random.below(5));
}

async function churnWith(cluster: Cluster): Promise<void> {
  let going = true;
  const committed: string[] = [];
  const clients = Array.from({ length: CLIENTS }, (_, n) => cluster.spawn(() => client(cluster, n, () => going, committed), `client ${n}`));
  for (let round = 0; round < ROUNDS; round += 1) {
    disturb(cluster);
    // Shorter than an election: servers are disturbed in the middle of many states.
    await cluster.sleepMs((ELECTION_MS * 7) / 10);
  }
  await cluster.sleepMs(ELECTION_MS);
  cluster.setReliable(true);
  for (const server of cluster.all) {
    cluster.restart(server);
    cluster.connect(server);
  }
  going = false;
  await Promise.all(clients);
  await cluster.sleepMs(ELECTION_MS);
  const last = await cluster.one('last', 5);
  const inLog = new Set<unknown>();
  for (let index = 1; index <= last; index += 1) inLog.add((await cluster.waitApplied(index, 5, null))?.command);
  for (const value of committed)
    if (!inLog.has(value)) cluster.fail(`"${value}" was seen committed, but is not in the final log`, 'agreement');
}

export const churn: Scenario = {
  name: 'churn',
  summary: 'three clients; 20 rounds in which servers are cut off, crash and return; what was seen committed is in the final log',
  servers: 5,
  run: churnWith,
};

export const churnUnreliable: Scenario = {
  ...churn,
  name: 'churn-unreliable',
  summary: 'churn on the unreliable network',
  network: UNRELIABLE,
};
