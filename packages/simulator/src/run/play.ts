import type { Cluster } from '../cluster/cluster.ts';
import { wholenessOf } from '../cluster/wholeness.ts';
import type { Act } from '../protocol/act.ts';
import { assert } from '../protocol/assert.ts';
import { type LabCheck, SimulatorError } from '../protocol/failure.ts';
import type { Plan } from '../protocol/plan.ts';

/** Performs the actions of a plan at their times, and repeats the check that failed. It takes the place of a scenario's script. */
export async function playActions(cluster: Cluster, plan: Plan): Promise<void> {
  const { world } = cluster;
  assert(world.time.nowUs === 0, 'a plan is played from the start');
  for (const action of plan.actions) {
    const { atUs, ...act } = action;
    world.time.first(atUs, { fire: () => cluster.act(act) });
  }
  const check = plan.failure?.check;
  if (check !== undefined && check.atUs <= plan.endUs) {
    await cluster.sleepMs(check.atUs / 1000);
    if (premiseHolds(cluster, check)) await repeat(cluster, check);
  }
  // Scripts come first in a moment; what else happens in the last one belongs to the run.
  await cluster.world.time.sleepUs(plan.endUs + 1 - cluster.world.time.nowUs);
}

/** A plan for servers that the scenario does not have would do nothing, or something else. */
export function checkServers(plan: Plan, servers: number): void {
  for (const [at, action] of plan.actions.entries()) {
    for (const name of namesIn(action)) {
      const number = Number(name.slice(1));
      if (number > servers)
        throw new SimulatorError('BAD_PLAN', `plan.actions[${at}] names ${name}, but "${plan.scenario}" has ${servers} servers`);
    }
  }
}

function namesIn(act: Act): readonly string[] {
  switch (act.do) {
    case 'partition':
      return act.groups.flat();
    case 'change':
      return [act.server, ...act.voters, ...act.learners];
    case 'transfer':
    case 'unreachable':
      return [act.server, act.target];
    case 'cut':
    case 'join':
    case 'clog':
    case 'unclog':
    case 'message':
      return [act.from, act.to];
    case 'heal':
    case 'calm':
    case 'network':
    case 'client':
      return [];
    default:
      return [act.server];
  }
}

/**
 * A shrunk plan may lack the action that brought a server back. The check would then fail on any core. It is made only
 * where the cluster is at least as whole as it was when the check first failed.
 */
function premiseHolds(cluster: Cluster, check: LabCheck): boolean {
  const { processes, network } = cluster.world;
  if (check.check === 'no-leader') return check.isolated.every((id) => network.topology.isIsolated(cluster.world.numberOf(id)));
  const now = wholenessOf(cluster.world);
  return (
    processes.every(({ paused }) => !paused) &&
    now.down.every((id) => check.down.includes(id)) &&
    now.isolated.every((id) => check.isolated.includes(id)) &&
    (check.links === undefined || now.links.every((link) => check.links?.includes(link) === true)) &&
    (check.reliable !== true || now.reliable) &&
    (check.slowestUs === undefined || now.slowestUs <= check.slowestUs)
  );
}

async function repeat(cluster: Cluster, check: LabCheck): Promise<void> {
  switch (check.check) {
    case 'one':
      await cluster.one(check.command, check.expected);
      return;
    case 'one-leader':
      await cluster.checkOneLeader();
      return;
    case 'no-leader':
      await cluster.checkNoLeader();
      return;
  }
}
