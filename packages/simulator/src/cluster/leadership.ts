import { ScenarioError } from '../protocol/failure.ts';
import type { ClusterControl } from './control.ts';
import { msText } from './ms-text.ts';

/** The labs poll ten times, 450 to 550 ms apart: about five seconds in all. */
const POLLS = 10;

function reachable(cluster: ClusterControl): number[] {
  return cluster.all.filter((server) => cluster.isUp(server) && cluster.isConnected(server));
}

export async function checkOneLeader(cluster: ClusterControl): Promise<number> {
  for (let poll = 0; poll < POLLS; poll += 1) {
    await cluster.sleepMs(450 + cluster.random.below(100));
    const leader = leaderNow(cluster);
    if (leader !== null) return leader;
  }
  throw new ScenarioError('leader', `no leader among the connected servers within 5 s (at ${msText(cluster.nowMs)})`, {
    about: { servers: reachable(cluster).map((server) => cluster.name(server)) },
  });
}

/** The connected leader of the highest term that has one. Two in one term break Election Safety (figure 3; 5.2). */
export function leaderNow(cluster: ClusterControl): number | null {
  const leaders = new Map<number, number>();
  let lastTerm = -1;
  for (const server of cluster.all) {
    if (!cluster.leads(server) || !cluster.isConnected(server)) continue;
    const state = cluster.state(server);
    if (state === null) continue;
    const other = leaders.get(state.term);
    if (other !== undefined) {
      throw new ScenarioError(
        'leader',
        `term ${state.term} has two leaders, ${cluster.name(other)} and ${cluster.name(server)} (figure 3, Election Safety)`,
        { about: { term: state.term } },
      );
    }
    leaders.set(state.term, server);
    lastTerm = Math.max(lastTerm, state.term);
  }
  return leaders.get(lastTerm) ?? null;
}

export function checkNoLeader(cluster: ClusterControl): void {
  for (const server of reachable(cluster)) {
    if (cluster.leads(server)) {
      throw new ScenarioError(
        'leader',
        `${cluster.name(server)} believes that it leads although no majority is connected (at ${msText(cluster.nowMs)})`,
        { about: { servers: [cluster.name(server)] } },
      );
    }
  }
}

export function checkTerms(cluster: ClusterControl): number {
  let term = -1;
  for (const server of reachable(cluster)) {
    const state = cluster.state(server);
    if (state === null) continue;
    if (term >= 0 && state.term !== term) {
      throw new ScenarioError('leader', `servers disagree on the term: ${cluster.name(server)} is in ${state.term}, another in ${term}`, {
        about: { servers: reachable(cluster).map((other) => cluster.name(other)) },
      });
    }
    term = state.term;
  }
  return term;
}
