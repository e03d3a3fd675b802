import type { Cluster } from '../cluster/cluster.ts';
import { ScenarioError } from '../protocol/failure.ts';

/** What still hinders the cluster in the liveness phase. Whoever is not hindered must make progress all the same. */
export const ENDINGS = ['whole', 'minority-down', 'minority-apart', 'link-cut'] as const;
export type ScenarioEnding = (typeof ENDINGS)[number];

const CALM_MAX_MS = 20_000;

/**
 * The liveness phase: faults cease, but for a minority that stays down or cut off, or one link that carries nothing. All others must agree
 * on a command within bounded time (5.6). Where what is left could not, by the configurations that there are, nothing is left out.
 */
export async function progress(cluster: Cluster, ending: ScenarioEnding): Promise<void> {
  cluster.calm();
  const hindered = hinder(cluster, ending);
  await agree(cluster, 'progress', 1);
  const members = await steadyMembers(cluster);
  const expected =
    members.filter((server) => cluster.isUp(server) && cluster.isConnected(server)).length - (hindered === 'link-cut' ? 1 : 0);
  await agree(cluster, 'progress of all', Math.max(1, expected));
}

/** Proposes until so many servers have applied the command, for as long as a cluster may need that nothing disturbs. */
async function agree(cluster: Cluster, command: string, expected: number): Promise<void> {
  const endMs = cluster.nowMs + CALM_MAX_MS;
  for (;;) {
    try {
      await cluster.one(command, expected);
      return;
    } catch (thrown) {
      if (!(thrown instanceof ScenarioError)) throw thrown;
      if (cluster.nowMs < endMs) continue;
      const message = `${CALM_MAX_MS} ms after the faults ceased the cluster has not agreed on a command: ${thrown.message}`;
      // The kind of the check that did not hold: a plan makes that check again.
      throw new ScenarioError(thrown.failure.kind, message, thrown.failure);
    }
  }
}

/** Does it where those that are left still can agree; gives what was done. */
function hinder(cluster: Cluster, ending: ScenarioEnding): ScenarioEnding {
  const configurations = configurationsOf(cluster);
  switch (ending) {
    case 'whole':
      return 'whole';
    case 'minority-down':
    case 'minority-apart': {
      const away = minorityOf(cluster, configurations);
      for (const server of away) {
        if (ending === 'minority-down') cluster.crash(server);
        else cluster.disconnect(server);
      }
      return away.length === 0 ? 'whole' : ending;
    }
    case 'link-cut':
      return cutLink(cluster, configurations) ? ending : 'whole';
  }
}

/** Every set of voters whose majority somebody may need: those in force at a server, and of joint ones both. */
function configurationsOf(cluster: Cluster): readonly (readonly number[])[] {
  const numbers = (names: readonly string[]): number[] => cluster.all.filter((server) => names.includes(cluster.name(server)));
  return cluster.all
    .map((server) => cluster.state(server))
    .flatMap((state) => (state === null ? [] : [numbers(state.voters), numbers(state.outgoing)]))
    .filter((voters) => voters.length > 0);
}

/** Servers without which each configuration still has its majority. A disk that was lost has taken its server away already. */
function minorityOf(cluster: Cluster, configurations: readonly (readonly number[])[]): number[] {
  const left = new Set(cluster.all.filter((server) => cluster.isUp(server)));
  const away: number[] = [];
  const most = 1 + cluster.random.below(2);
  for (const server of cluster.random.shuffled([...left])) {
    if (away.length === most) break;
    left.delete(server);
    if (configurations.every((voters) => 2 * voters.filter((voter) => left.has(voter)).length > voters.length)) away.push(server);
    else left.add(server);
  }
  return away;
}

/** Between two of at least three voters that are all up: who is linked with everybody can lead. */
function cutLink(cluster: Cluster, configurations: readonly (readonly number[])[]): boolean {
  const { random, all } = cluster;
  if (configurations.some((voters) => voters.length < 3) || !all.every((server) => cluster.isUp(server))) return false;
  const [a = 0, b = 1] = random.shuffled(all);
  cluster.cut(a, b);
  if (random.chance(500)) cluster.cut(b, a);
  return true;
}

/** Asks until the leader's configuration is not joint, for a while; gives its members. */
async function steadyMembers(cluster: Cluster): Promise<number[]> {
  const endMs = cluster.nowMs + CALM_MAX_MS;
  for (;;) {
    const leader = cluster.all.find((server) => cluster.leads(server) && cluster.isConnected(server));
    const state = leader === undefined ? null : cluster.state(leader);
    if (state !== null && !state.changing) {
      const names = [...state.voters, ...state.learners];
      return cluster.all.filter((server) => names.includes(cluster.name(server)));
    }
    if (cluster.nowMs >= endMs)
      throw new ScenarioError('liveness', `${CALM_MAX_MS} ms after the faults ceased there is no leader with a configuration that is done`);
    await cluster.sleepMs(50);
  }
}
