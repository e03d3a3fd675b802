import type { Cluster } from '../cluster/cluster.ts';
import type { Task } from '../engine/virtual-time.ts';
import { FaultMix, type FaultMixOptions } from '../faults/fault-mix.ts';
import { ScenarioError } from '../protocol/failure.ts';

const CALM_MAX_MS = 20_000;
const READ_PAUSE_MAX_MS = 25;

async function propose(cluster: Cluster, going: () => boolean, pauseMaxMs: number, tag: string): Promise<void> {
  for (let n = 0; going(); n += 1) {
    // Every server that believes that it leads gets the command: the safety rules are about the entries of deposed leaders.
    for (const server of cluster.all) {
      if (cluster.leads(server)) await cluster.propose(server, `${tag}${cluster.name(server)}-${n}`);
    }
    await cluster.sleepMs(cluster.random.below(pauseMaxMs * 1000) / 1000);
  }
}

/** Proposes in the background; what it gives back ends it. Loads that follow each other have tags of their own: no command comes twice. */
export function startLoad(cluster: Cluster, pauseMaxMs: number, tag = ''): () => Promise<void> {
  let going = true;
  const task: Task = cluster.spawn(() => propose(cluster, () => going, pauseMaxMs, tag), 'load');
  return async () => {
    going = false;
    await task;
  };
}

/** Asks servers for reads: those that believe that they lead more often, because an old leader is the one that may serve a stale read. */
export async function readers(cluster: Cluster, going: () => boolean, followers: boolean, tag = ''): Promise<void> {
  for (let n = 0; going(); n += 1) {
    for (const server of cluster.all) {
      const leads = cluster.leads(server);
      if (leads || (followers && cluster.random.chance(200))) cluster.read(server, `${tag}${cluster.name(server)}-${n}`);
    }
    await cluster.sleepMs(cluster.random.below(READ_PAUSE_MAX_MS * 1000) / 1000);
  }
}

/**
 * The liveness phase: nothing disturbs the cluster any more, and it must agree on a command within bounded time (5.6). The load ends
 * after the faults: a server that is paused with its lock held answers no client before it goes on.
 */
export async function converge(cluster: Cluster, servers: number, stopLoad?: () => Promise<void>): Promise<void> {
  cluster.calm();
  await stopLoad?.();
  const endMs = cluster.nowMs + CALM_MAX_MS;
  for (;;) {
    try {
      await cluster.one('converge', servers);
      return;
    } catch (thrown) {
      if (!(thrown instanceof ScenarioError)) throw thrown;
      if (cluster.nowMs < endMs) continue;
      const message = `${CALM_MAX_MS} ms after all faults ceased the cluster has not agreed on a command: ${thrown.message}`;
      // The kind of the check that did not hold: a plan makes that check again.
      throw new ScenarioError(thrown.failure.kind, message, thrown.failure);
    }
  }
}

/** The safety phase under a mix of faults and load, then the liveness phase. */
export async function disturbed(
  cluster: Cluster,
  options: FaultMixOptions,
  forMs: number,
  pauseMaxMs: number,
  servers: number,
): Promise<void> {
  const stop = startLoad(cluster, pauseMaxMs);
  await new FaultMix(cluster, options).run(forMs);
  await converge(cluster, servers, stop);
}
