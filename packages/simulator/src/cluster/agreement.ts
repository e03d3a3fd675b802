import type { LogEntry } from '@raftlens/raft';
import { ScenarioError } from '../protocol/failure.ts';
import type { ClusterControl } from './control.ts';
import { msText } from './ms-text.ts';

const AGREEMENT_MAX_MS = 10_000;
const ATTEMPT_MAX_MS = 2000;
const POLL_MS = 20;
const RETRY_MS = 50;

export async function one(cluster: ClusterControl, command: string, expected: number, retry: boolean): Promise<number> {
  const startMs = cluster.nowMs;
  let first = 0;
  let put = 0;
  while (cluster.nowMs - startMs < AGREEMENT_MAX_MS) {
    first = (first + 1) % cluster.servers;
    const index = await proposeSomewhere(cluster, first, command);
    if (index === null) {
      await cluster.sleepMs(RETRY_MS);
      continue;
    }
    put = index;
    if (await attempt(cluster, index, command, expected)) return index;
    if (!retry) break;
  }
  const lacking = cluster.all.filter((server) => cluster.isUp(server) && cluster.world.log.upTo(server) < put);
  throw new ScenarioError(
    'agreement',
    `${expected} servers did not agree on ${JSON.stringify(command.slice(0, 40))} within ${msText(cluster.nowMs - startMs)}`,
    { about: { command, servers: (lacking.length === 0 ? cluster.all : lacking).map((server) => cluster.name(server)) } },
  );
}

/** Tries each connected server in turn, from `first` on; the index where the one that leads put the command. */
async function proposeSomewhere(cluster: ClusterControl, first: number, command: string): Promise<number | null> {
  for (let step = 0; step < cluster.servers; step += 1) {
    const server = (first + step) % cluster.servers;
    if (!cluster.isUp(server) || !cluster.isConnected(server)) continue;
    const proposed = await cluster.propose(server, command);
    if (proposed !== null) return proposed.index;
  }
  return null;
}

async function attempt(cluster: ClusterControl, index: number, command: string, expected: number): Promise<boolean> {
  const startMs = cluster.nowMs;
  while (cluster.nowMs - startMs < ATTEMPT_MAX_MS) {
    const { count, entry } = cluster.committed(index);
    if (count > 0 && count >= expected && entry?.command === command) return true;
    await cluster.sleepMs(POLL_MS);
  }
  return false;
}

export async function waitApplied(
  cluster: ClusterControl,
  index: number,
  expected: number,
  startTerm: number | null,
): Promise<LogEntry | null> {
  let pauseMs = 10;
  for (let round = 0; round < 30; round += 1) {
    if (cluster.committed(index).count >= expected) break;
    await cluster.sleepMs(pauseMs);
    if (pauseMs < 1000) pauseMs *= 2;
    if (startTerm !== null && cluster.all.some((server) => (cluster.state(server)?.term ?? 0) > startTerm)) return null;
  }
  const { count, entry } = cluster.committed(index);
  if (count < expected || entry === undefined) {
    const lacking = cluster.all.filter((server) => cluster.world.log.upTo(server) < index).map((server) => cluster.name(server));
    throw new ScenarioError('agreement', `only ${count} of ${expected} servers applied index ${index} (at ${msText(cluster.nowMs)})`, {
      about: { index, servers: lacking },
    });
  }
  return entry;
}
