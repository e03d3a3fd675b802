import type { Cluster } from '../cluster/cluster.ts';
import { leaderNow } from '../cluster/leadership.ts';
import { votersOf } from './stray-message.ts';

/** Messages take up to half of it. */
const SPREAD_MAX_MS = [0, 1, 5];
/** Long enough for an election, mostly. */
const AWAY_MIN_MS = 100;
const AWAY_MAX_MS = 1500;

/**
 * The leader appends a change of members and is gone before it has spread: others elect a leader that does not know of it, and the
 * configuration is deleted with its entry where it had arrived. A server uses the last configuration in its log: after the deletion, the one before (4.1).
 */
export async function truncateChange(cluster: Cluster): Promise<void> {
  const { random, all } = cluster;
  const leader = leaderNow(cluster);
  if (leader === null) return;
  const voters = votersOf(cluster, leader);
  const others = random.shuffled(all.filter((server) => !voters.includes(server)));
  const fewer = random.shuffled(voters).slice(0, Math.max(1, voters.length - 1));
  const wanted = others.length > 0 && random.chance(500) ? [...voters, ...others.slice(0, 1 + random.below(others.length))] : fewer;
  cluster.change(leader, wanted, random.chance(300) ? others.filter((server) => !wanted.includes(server)).slice(0, 1) : []);
  if (random.chance(500)) await cluster.propose(leader, `with the change ${cluster.random.word(3)}`);
  await cluster.sleepMs(random.below(random.pick(SPREAD_MAX_MS) * 1000) / 1000);
  const crash = random.chance(300);
  if (crash) cluster.crash(leader);
  else cluster.disconnect(leader);
  await cluster.sleepMs(AWAY_MIN_MS + random.below(AWAY_MAX_MS));
  if (crash) cluster.restart(leader);
  else cluster.connect(leader);
}
