import type { Choices } from '../cluster/choices.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { leaderNow } from '../cluster/leadership.ts';
import type { MessageFate } from '../protocol/message-fate.ts';

/** Those that change what their receiver does, the frequent ones more often. */
const KINDS = [
  'any',
  'AppendEntries',
  'AppendEntries',
  'AppendEntriesReply',
  'AppendEntriesReply',
  'RequestVote',
  'RequestVoteReply',
  'PreVoteReply',
  'InstallSnapshot',
  'InstallSnapshotReply',
  'TimeoutNow',
] as const;
/** A moment, a heartbeat, an election, the reign of a leader: how long a message may be on its way. */
const LATE_MAX_US = [2000, 120_000, 600_000, 1_500_000, 4_000_000];

function drawFate(random: Choices): MessageFate {
  return {
    kind: random.pick(KINDS),
    nth: random.pick([1, 1, 1, 2, 3]),
    fate: random.pick(['late', 'late', 'again', 'lost'] as const),
    us: random.below(random.pick(LATE_MAX_US)),
  };
}

/** A link to or from the leader, mostly. */
function drawLink(cluster: Cluster): readonly [number, number] {
  const { random, servers } = cluster;
  const one = (random.chance(800) ? leaderNow(cluster) : null) ?? random.below(servers);
  const other = (one + 1 + random.below(Math.max(1, servers - 1))) % servers;
  return random.chance(500) ? [one, other] : [other, one];
}

/** One message is late, comes twice or is lost, while the network carries all others. */
export function strayMessage(cluster: Cluster): void {
  const [from, to] = drawLink(cluster);
  cluster.destine(from, to, drawFate(cluster.random));
}

interface May {
  readonly mayRemove: boolean;
  readonly mayShrink: boolean;
}

/** From when a late message was sent to the upheaval that it outlives. */
const BEFORE_MAX_MS = [1, 20, 150];
/** How long the upheaval lasts: shorter than an election, or long enough for one. */
const UPHEAVAL_MAX_MS = [5, 100, 1200];

/**
 * A message outlives what it was sent in: a term, a life of its sender or receiver, or the time of a member. Which of them is drawn, as far
 * as a server may be taken away, or a configuration may lose voters.
 */
export async function outlive(cluster: Cluster, may: May): Promise<void> {
  const { random } = cluster;
  const [from, to] = drawLink(cluster);
  const fate = random.pick(['late', 'again'] as const);
  cluster.destine(from, to, { ...drawFate(random), fate });
  await cluster.sleepMs(random.below(random.pick(BEFORE_MAX_MS) * 1000) / 1000);
  await upheave(cluster, random.pick([from, to]), may);
}

async function upheave(cluster: Cluster, server: number, { mayRemove, mayShrink }: May): Promise<void> {
  const { random } = cluster;
  const leader = leaderNow(cluster);
  const pause = (): Promise<void> => cluster.sleepMs(random.below(random.pick(UPHEAVAL_MAX_MS) * 1000) / 1000);
  switch (random.below(4)) {
    case 0:
      // Who has lost its disk must not come back under its name.
      if (!mayRemove || cluster.world.process(server).disk.lost) return;
      cluster.crash(server);
      await pause();
      return cluster.restart(server);
    case 1:
      if (!mayRemove) return;
      cluster.disconnect(leader ?? server);
      await pause();
      return cluster.connect(leader ?? server);
    case 2:
      return cluster.transfer(leader ?? server, random.below(cluster.servers));
    default:
      return leader === null || !mayShrink ? undefined : await leaveAndReturn(cluster, leader, server, pause);
  }
}

/** A member is removed and let in again, perhaps within one term and with what it had. */
async function leaveAndReturn(cluster: Cluster, leader: number, server: number, pause: () => Promise<void>): Promise<void> {
  const voters = votersOf(cluster, leader);
  const without = voters.filter((voter) => voter !== server);
  if (without.length === voters.length || without.length === 0) return;
  cluster.change(leader, without);
  await pause();
  cluster.change(leaderNow(cluster) ?? leader, voters);
}

/** The voters of the configuration that the server uses. */
export function votersOf(cluster: Cluster, server: number): number[] {
  const names = cluster.state(server)?.voters ?? [];
  return cluster.all.filter((number) => names.includes(cluster.name(number)));
}
