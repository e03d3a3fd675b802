import type { Choices } from '../cluster/choices.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { FAULT_KINDS, type FaultKind, FaultMix } from '../faults/fault-mix.ts';
import { ENDINGS, progress } from './ending.ts';
import { readers, startLoad } from './load.ts';
import type { Scenario, Setup } from './scenario.ts';

/** The most that a run may draw. */
const SERVERS_MAX = 5;
/** Leases hold while clocks differ by less than a tenth (clockDriftMax), and none jumps. */
const LEASE_DRIFT_PPM_MAX = 45_000;
const DRIFT_PPM_MAX = 100_000;
/** An election timeout of the labs is 300 to 600 ms. */
const SLOW_DISK_US = 700_000;

/** Each run draws which features are on, and its size. Over many runs all combinations occur (Groce et al., swarm testing, 2012). */
function drawSetup(random: Choices): Setup {
  const servers = random.pick([2, 3, 3, 3, 4, 5, 5]);
  const checkQuorum = random.chance(400);
  return {
    servers,
    voters: random.chance(700) ? servers : Math.max(1, random.between(servers - 2, servers)),
    snapshotEvery: random.pick([0, 0, 2, 3, 10]),
    snapshotBytes: random.pick([0, 0, 60]),
    config: {
      preVote: random.chance(400),
      checkQuorum,
      leaseReads: checkQuorum && random.chance(500),
      noopOnElection: random.chance(400),
      maxEntriesBytesPerMessage: random.pick([40, 200, 1 << 20]),
      maxInflightMessages: random.pick([1, 4, 256]),
      snapshotChunkBytes: random.pick([8, 64 << 10]),
      trailingEntriesMax: random.pick([0, 0, 0, 3]),
      hintsBothWays: random.chance(300),
      tellCommits: random.chance(300),
      maxApplyBytes: random.pick([1, 60, 16 << 20]),
    },
  };
}

/** A disk is lost only where others can take its server's place. */
const VOTERS_WITH_LOST_DISK = 3;

/** Kinds that are of use in few runs only. */
const RARE: ReadonlySet<FaultKind> = new Set(['membership', 'transfer', 'truncated-change', 'disk-fault']);

/** What needs several faults of one kind after each other is drawn together: else few runs have enough of it. */
const THEMES: readonly (readonly FaultKind[])[] = [
  ['membership', 'membership', 'truncated-change', 'outliving-message', 'transfer', 'crash', 'isolate'],
  ['transfer', 'transfer', 'outliving-message', 'stray-message', 'pause', 'isolate'],
  ['isolate', 'crash', 'crash-at-persist', 'stray-message', 'slow-apply'],
];

/** One of the themes, or about half of the kinds of faults: rare ones are not lost among the others. */
function drawKinds({ random, servers }: Cluster, voters: number): readonly FaultKind[] {
  if (random.chance(350)) return random.pick(THEMES);
  const drawn = FAULT_KINDS.filter((kind) => random.chance(RARE.has(kind) ? 250 : 450));
  const kinds = drawn.filter((kind) => kind !== 'disk-fault' || (servers === SERVERS_MAX && voters >= VOTERS_WITH_LOST_DISK));
  return kinds.length === 0 ? ['stray-message', 'outliving-message'] : kinds;
}

function drawDisks(cluster: Cluster): void {
  const { random } = cluster;
  if (random.chance(500)) return;
  const latencyMaxUs = random.pick([500, 5000, 30_000, SLOW_DISK_US]);
  const torn = random.chance(500);
  for (const server of cluster.all)
    if (latencyMaxUs < SLOW_DISK_US || random.chance(400)) cluster.setDisk(server, 'async', latencyMaxUs, torn);
}

/** Nobody can promise progress with disks that are slower than an election. */
function mendDisks(cluster: Cluster): void {
  for (const server of cluster.all) {
    const { model } = cluster.world.process(server).disk;
    if (model.latencyMaxUs >= SLOW_DISK_US) cluster.setDisk(server, 'async', 5000, model.torn);
  }
}

/** Between two moves: while messages are under way, a heartbeat, an election, a reign. */
const PAUSES_MAX_MS = [0, 1, 1, 20, 150, 1000];

/** A few moves on an idle cluster: one command, one fault, one message decide. What was late then meets a log that has not grown since. */
async function fewMoves(cluster: Cluster, mix: FaultMix, kinds: readonly FaultKind[], reads: boolean): Promise<void> {
  const { random } = cluster;
  await cluster.sleepMs(random.below(900));
  for (let left = random.between(3, 12), n = 0; left > 0; left -= 1, n += 1) {
    const move = random.below(10);
    if (move < 4) await proposeSome(cluster, `m${n}`);
    else if (move === 4 && reads) for (const server of cluster.all) cluster.read(server, `${cluster.name(server)}-m${n}`);
    else if (move < 7) mix.repair();
    else await mix.once(random.pick(kinds));
    await cluster.sleepMs(random.below(random.pick(PAUSES_MAX_MS) * 1000) / 1000);
  }
  if (random.chance(300)) await cluster.sleepMs(random.below(2000));
}

async function proposeSome(cluster: Cluster, tag: string): Promise<void> {
  const commands = 1 + cluster.random.below(3);
  for (const server of cluster.all) {
    for (let n = 0; n < commands && cluster.leads(server); n += 1) await cluster.propose(server, `${tag}-${cluster.name(server)}-${n}`);
  }
}

/** Load and faults together, with rests between in which nothing is proposed and what is late arrives. */
async function busy(cluster: Cluster, mix: FaultMix, reads: boolean): Promise<void> {
  const { random } = cluster;
  const pauseMaxMs = random.pick([10, 50, 200]);
  for (let phases = random.between(1, 3); phases > 0; phases -= 1) {
    const tag = `p${phases}-`;
    const stop = startLoad(cluster, pauseMaxMs, tag);
    let going = true;
    const reading = reads ? cluster.spawn(() => readers(cluster, () => going, random.chance(500), tag), 'reads') : null;
    await mix.run(random.between(300, 2000));
    going = false;
    // A server that stalls with its lock held answers no client before it goes on.
    for (const server of cluster.all) if (cluster.world.process(server).paused) cluster.resume(server);
    await stop();
    await reading;
    if (random.chance(500)) await mix.run(random.between(100, 1500));
  }
}

export const swarm: Scenario = {
  name: 'swarm',
  summary:
    'each run draws its own size, features, faults and load; then faults cease, but for a minority or a link perhaps, and all others must agree',
  servers: SERVERS_MAX,
  vary: drawSetup,
  // What structure B does not have is drawn too, and comes to nothing there.
  needs: ['snapshots', 'async-storage'],
  run: async (cluster) => {
    const { random } = cluster;
    const { configuration, config } = cluster.world;
    const kinds = drawKinds(cluster, configuration.voters.length);
    const { leaseReads } = config;
    const mix = new FaultMix(cluster, {
      kinds,
      absentMax: random.pick([1, 2]),
      pauseMs: random.pick([20, 100, 400]),
      driftPpmMax: leaseReads ? LEASE_DRIFT_PPM_MAX : DRIFT_PPM_MAX,
      clockSteps: !leaseReads,
    });
    drawDisks(cluster);
    const reads = random.chance(leaseReads ? 900 : 300);
    if (random.chance(700)) await fewMoves(cluster, mix, kinds, reads);
    else await busy(cluster, mix, reads);
    mendDisks(cluster);
    await progress(cluster, random.pick(ENDINGS));
  },
};
