import type { Cluster } from '../cluster/cluster.ts';
import { FaultMix } from '../faults/fault-mix.ts';
import { UNRELIABLE } from '../protocol/network-model.ts';
import type { Feature } from '../protocol/structure.ts';
import { judgeHistory } from '../service/judge-history.ts';
import { KvService, type ReadMode } from '../service/kv.ts';
import { KvSession } from '../service/kv-session.ts';
import { ELECTION_MS, type Scenario } from './scenario.ts';

interface KvLoad {
  readonly clients: number;
  readonly keys: number;
  /** Clients wait up to this long between two operations. */
  readonly pauseMaxMs: number;
  /** How long they go on. */
  readonly forMs: number;
  readonly partitions: boolean;
  readonly restarts: boolean;
}

const LOAD: KvLoad = { clients: 5, keys: 1, pauseMaxMs: 40, forMs: 4000, partitions: false, restarts: false };

export function sessionOf(cluster: Cluster): KvSession {
  const { service } = cluster.world;
  const clients = service instanceof KvService ? service.clients : null;
  return clients instanceof KvSession ? clients : cluster.fail('the scenario has no key/value service');
}

/** What every scenario of the service shares: the service, and the judgement of its history. */
export function withKv(scenario: Scenario, logBytesMax: number, reads: ReadMode): Scenario {
  return {
    limitMs: 60_000,
    ...scenario,
    service: (world) => new KvService(world.names.length, world.core, { logBytesMax, reads }),
    prepare: (cluster) => {
      const { service } = cluster.world;
      const session =
        service instanceof KvService ? new KvSession(cluster, service) : cluster.fail('the scenario has no key/value service');
      return async () => {
        await session.end();
        judgeHistory(session.history);
      };
    },
  };
}

/** Servers are split at random into two halves, again and again. */
async function splitAgainAndAgain(cluster: Cluster, untilMs: number): Promise<void> {
  while (cluster.nowMs < untilMs) {
    const half = cluster.all.filter(() => cluster.random.chance(500));
    cluster.partition([half, cluster.all.filter((server) => !half.includes(server))]);
    await cluster.sleepMs(ELECTION_MS + cluster.random.below(200));
  }
  cluster.heal();
}

async function underLoad(cluster: Cluster, load: KvLoad): Promise<void> {
  const session = sessionOf(cluster);
  session.start(load.clients, load.keys, load.pauseMaxMs);
  const untilMs = cluster.nowMs + load.forMs;
  const splitting = load.partitions ? cluster.spawn(() => splitAgainAndAgain(cluster, untilMs), 'partitions') : null;
  await cluster.sleepMs(load.forMs / 2);
  if (load.restarts) {
    for (const server of cluster.all) cluster.crash(server);
    await cluster.sleepMs(ELECTION_MS / 2);
    for (const server of cluster.all) cluster.restart(server);
  }
  await cluster.sleepMs(Math.max(0, untilMs - cluster.nowMs));
  await splitting;
  cluster.setReliable(true);
  // Every client must get through again.
  const checked = await session.call('C0', 'append', 'end', 'end');
  if (checked === null) cluster.fail('an operation on the healed cluster did not end', 'liveness');
}

interface KvScenario {
  readonly name: string;
  readonly summary: string;
  readonly load: Partial<KvLoad>;
  readonly servers?: number;
  readonly unreliable?: boolean;
  readonly logBytesMax?: number;
  readonly reads?: ReadMode;
  readonly more?: Partial<Scenario>;
}

function kv({ name, summary, load, servers = 5, unreliable = false, logBytesMax = 0, reads = 'log', more = {} }: KvScenario): Scenario {
  const needs: Feature[] = [...(logBytesMax > 0 ? (['snapshots'] as const) : []), ...(reads === 'log' ? [] : (['reads'] as const))];
  const base: Scenario = {
    name,
    summary,
    servers,
    needs,
    ...(unreliable ? { network: UNRELIABLE } : {}),
    ...more,
    run: (cluster) => underLoad(cluster, { ...LOAD, ...load }),
  };
  return withKv(base, logBytesMax, reads);
}

const CALM_CLUSTER = { preVote: true, checkQuorum: true } as const;

export const kvScenarios: readonly Scenario[] = [
  kv({ name: 'kv-basic', summary: 'one client of the key/value service', load: { clients: 1 } }),
  kv({ name: 'kv-concurrent', summary: 'five clients, one key', load: {} }),
  kv({ name: 'kv-many-keys', summary: 'ten clients, twenty keys', load: { clients: 10, keys: 20 } }),
  kv({
    name: 'kv-unreliable',
    summary: 'five clients, one key, the unreliable network between servers and to clients',
    load: {},
    unreliable: true,
  }),
  kv({ name: 'kv-partitions', summary: 'five clients while the servers are split in halves again and again', load: { partitions: true } }),
  kv({ name: 'kv-restarts', summary: 'five clients; all servers die in the middle', load: { restarts: true } }),
  kv({
    name: 'kv-unreliable-partitions-restarts',
    summary: 'the unreliable network, partitions and restarts together',
    load: { partitions: true, restarts: true, keys: 3 },
    unreliable: true,
  }),
  kv({
    name: 'kv-snapshots',
    summary: 'snapshots whenever the log has 1000 bytes, and restarts',
    load: { restarts: true, keys: 3 },
    logBytesMax: 1000,
  }),
  kv({
    name: 'kv-everything',
    summary: 'fifteen clients, seven servers, many keys, everything together',
    load: { clients: 15, keys: 15, partitions: true, restarts: true, pauseMaxMs: 100 },
    servers: 7,
    unreliable: true,
    logBytesMax: 1000,
  }),
  kv({
    name: 'kv-read-index',
    summary: 'reads by ReadIndex under partitions: no old leader may answer',
    load: { partitions: true },
    reads: 'read-index',
  }),
  kv({
    name: 'kv-leases',
    summary: 'reads by leases under partitions',
    load: { partitions: true },
    reads: 'read-index',
    more: { config: { ...CALM_CLUSTER, leaseReads: true } },
  }),
];

const SIZE_PUTS = 400;
const SIZE_LOG_BYTES = 1000;

/** The labs' limits: the log at most eight times what makes a snapshot due, the snapshot as small as the state. */
export const kvSize: Scenario = withKv(
  {
    name: 'kv-size',
    summary: '400 puts to one key: the log stays below 8 times its limit and the snapshot below 500 bytes',
    servers: 3,
    needs: ['snapshots'],
    run: async (cluster) => {
      const session = sessionOf(cluster);
      for (let n = 0; n < SIZE_PUTS; n += 1) await session.call('C1', 'put', 'key', `value ${n}`);
      for (const server of cluster.all) {
        const { log, snapshot } = { log: cluster.logBytes(server), snapshot: cluster.snapshotBytes(server) };
        if (log > 8 * SIZE_LOG_BYTES)
          cluster.fail(`the log of ${cluster.name(server)} has ${log} bytes, more than ${8 * SIZE_LOG_BYTES}`, 'size');
        if (snapshot > 500) cluster.fail(`the snapshot of ${cluster.name(server)} has ${snapshot} bytes, more than 500`, 'size');
      }
    },
  },
  SIZE_LOG_BYTES,
  'log',
);

/** Clients' histories under a mix of everything that the run draws: what users of a service would see of a bug. */
export const kvSwarm: Scenario = withKv(
  {
    name: 'kv',
    summary: 'each run draws its own features, faults and load over a key/value service, whose history must be linearizable',
    servers: 5,
    needs: ['snapshots', 'reads', 'pre-vote', 'transfer'],
    vary: (random) => {
      const leaseReads = random.chance(400);
      return {
        config: {
          leaseReads,
          checkQuorum: leaseReads || random.chance(500),
          preVote: random.chance(500),
          noopOnElection: random.chance(700),
        },
      };
    },
    run: async (cluster) => {
      const { random } = cluster;
      const kinds = (
        [
          'crash',
          'crash-at-persist',
          'pause',
          'isolate',
          'partition',
          'one-way',
          'clog',
          'weather',
          'slow-apply',
          'clock',
          'transfer',
        ] as const
      ).filter(() => random.chance(450));
      if (random.chance(400)) for (const server of cluster.all) cluster.setDisk(server, 'async', random.pick([500, 5000]), true);
      const session = sessionOf(cluster);
      session.start(random.between(1, 6), random.pick([1, 2, 5]), random.pick([10, 50, 200]));
      await new FaultMix(cluster, {
        kinds,
        absentMax: 2,
        pauseMs: random.pick([30, 100, 300]),
        driftPpmMax: 40_000,
        clockSteps: false,
      }).run(random.between(1500, 5000));
      cluster.calm();
      const checked = await session.call('C0', 'append', 'end', 'end');
      if (checked === null) cluster.fail('an operation on the calm cluster did not end', 'liveness');
    },
  },
  2000,
  'read-index',
);
