import type { Cluster } from '../cluster/cluster.ts';
import { encodeKv } from '../service/kv-state.ts';
import type { Submitted } from '../service/submit.ts';
import { sessionOf, withKv } from './kv.ts';
import { ELECTION_MS, type Scenario } from './scenario.ts';

/** Hands one increment to a server: the counter is the length of a value that each appends one letter to. */
function increment(cluster: Cluster, server: number, n: number): Promise<Submitted> {
  return sessionOf(cluster).submissions.submit(server, encodeKv({ client: `I${n}`, opid: 1, f: 'append', key: 'counter', value: 'x' }));
}

/** Increments until a server says that it was done; the same increment is never counted twice, because it keeps its client and number. */
async function surely(cluster: Cluster, n: number): Promise<string> {
  const endMs = cluster.nowMs + 10_000;
  for (let server = 0; cluster.nowMs < endMs; server = (server + 1) % cluster.servers) {
    // A client that cannot reach a server asks another; one that waits at a leader without a majority waits without end.
    if (!cluster.isConnected(server)) continue;
    const outcome = await increment(cluster, server, n);
    if (outcome.kind === 'done') return outcome.result;
    if (outcome.kind === 'refused') await cluster.sleepMs(20);
  }
  return cluster.fail(`increment ${n} was not done within 10 s`, 'agreement');
}

async function expectCounter(cluster: Cluster, n: number, expected: number): Promise<void> {
  const result = await surely(cluster, n);
  if (result.length !== expected) cluster.fail(`the counter is ${result.length} in place of ${expected}`, 'agreement');
}

async function concurrently(cluster: Cluster, from: number, count: number): Promise<void> {
  const tasks = Array.from({ length: count }, (_, n) => cluster.spawn(async () => void (await surely(cluster, from + n)), 'increment'));
  await Promise.all(tasks);
}

function rsm(name: string, summary: string, run: Scenario['run'], servers = 3): Scenario {
  return withKv({ name, summary, servers, needs: ['snapshots'], run }, 4000, 'log');
}

export const rsmScenarios: readonly Scenario[] = [
  rsm('rsm-concurrent', '50 concurrent increments, each counted once', async (cluster) => {
    await concurrently(cluster, 0, 50);
    await expectCounter(cluster, 50, 51);
  }),
  rsm('rsm-leader-failure', 'increments go on when the leader is cut off, and are there when it returns', async (cluster) => {
    await expectCounter(cluster, 0, 1);
    const leader = await cluster.checkOneLeader();
    cluster.disconnect(leader);
    await concurrently(cluster, 1, 10);
    cluster.connect(leader);
    await expectCounter(cluster, 11, 12);
  }),
  rsm(
    'rsm-partition',
    '100 increments at a leader without a majority are not done, and return within a second of healing',
    async (cluster) => {
      await expectCounter(cluster, 0, 1);
      const leader = await cluster.checkOneLeader();
      cluster.disconnect(leader);
      const outcomes: Submitted[] = [];
      const tasks = Array.from({ length: 100 }, (_, n) =>
        cluster.spawn(async () => void outcomes.push(await increment(cluster, leader, n + 1)), 'increment'),
      );
      await cluster.one('elsewhere', 2);
      await cluster.sleepMs(ELECTION_MS);
      if (outcomes.length > 0) cluster.fail(`${outcomes.length} increments ended at a leader without a majority`, 'agreement');
      cluster.connect(leader);
      await cluster.sleepMs(ELECTION_MS);
      if (outcomes.length < 100) cluster.fail(`only ${outcomes.length} of 100 increments returned within a second of healing`, 'liveness');
      if (outcomes.some(({ kind }) => kind === 'done'))
        cluster.fail('an increment that never had a majority was called done', 'linearizability');
      await Promise.all(tasks);
      await expectCounter(cluster, 101, 2);
    },
  ),
  rsm('rsm-restart', 'after a restart of all the counter is what it was', async (cluster) => {
    await concurrently(cluster, 0, 20);
    for (const server of cluster.all) cluster.crash(server);
    await cluster.sleepMs(100);
    for (const server of cluster.all) cluster.restart(server);
    await expectCounter(cluster, 20, 21);
  }),
  rsm('rsm-shutdown', 'increments return when their server is shut down', async (cluster) => {
    await expectCounter(cluster, 0, 1);
    const leader = await cluster.checkOneLeader();
    for (const server of cluster.all) if (server !== leader) cluster.disconnect(server);
    const outcomes: Submitted[] = [];
    const tasks = Array.from({ length: 10 }, (_, n) =>
      cluster.spawn(async () => void outcomes.push(await increment(cluster, leader, n + 1)), 'increment'),
    );
    await cluster.sleepMs(100);
    cluster.crash(leader);
    await cluster.sleepMs(100);
    if (outcomes.length < 10) cluster.fail(`only ${outcomes.length} of 10 increments returned after the shutdown`, 'liveness');
    await Promise.all(tasks);
  }),
];
