import { createEntry, type LogEntry } from '@raftlens/raft';
import { type Cluster, defineScenario, RELIABLE, runScenario, type Scenario, type Task } from '@raftlens/simulator';
import type { TimeoutRange } from './timeout-range.ts';

/** What a trial of an election stands on. */
export interface TrialOptions {
  /** Servers of the cluster; one of them is the leader that has just died. */
  readonly servers: number;
  /** The time for a request to every server and its reply. One way takes between a third and two thirds of it. */
  readonly broadcastMs: number;
  /** A trial without a leader after this long is given up. */
  readonly limitMs: number;
}

/** A disk's user that is never called: the disk is written while its server is down, and it is synchronous. */
const NOBODY = { durable: (): void => {}, killed: (): void => {} };

/**
 * How long a cluster is without a leader after a crash, as the paper measures it (9.3): the leader sends one last heartbeat to all at once,
 * which makes split votes likely, and dies at a random moment of the heartbeat interval that follows, which is half of the shortest timeout.
 * The logs differ in length: some of the survivors cannot win. In milliseconds, or null where nobody won within the limit.
 *
 * For the rules of figure 2 a server that has just heard its leader's last heartbeat equals one that starts at that moment with the same
 * disk. So the survivors start from prepared disks, each when the heartbeat reaches it, and the leader not at all.
 */
export async function electionMs(range: TimeoutRange, seed: string, options: TrialOptions): Promise<number | null> {
  let elected: number | null = null;
  const scenario = leaderCrash(range, options, (ms) => {
    elected = ms;
  });
  await runScenario(scenario, { seed, check: false });
  return elected;
}

function leaderCrash(range: TimeoutRange, options: TrialOptions, report: (ms: number) => void): Scenario {
  const handlingMinUs = Math.round((options.broadcastMs * 1000) / 3);
  const handlingMaxUs = 2 * handlingMinUs;
  return defineScenario({
    name: 'leader-crash',
    summary: 'the leader dies; how long until there is another one',
    servers: options.servers,
    network: { ...RELIABLE, handlingMinUs, handlingMaxUs },
    config: { electionTimeoutMinMs: range.minMs, electionTimeoutMaxMs: range.maxMs, heartbeatIntervalMs: range.minMs / 2 },
    limitMs: options.limitMs + range.maxMs + options.broadcastMs,
    run: async (cluster) => {
      for (const server of cluster.all) cluster.crash(server);
      for (const server of survivors(cluster)) writeLog(cluster, server);
      const crashedAtMs = (cluster.random.below(range.minMs * 500) + 1) / 1000;
      const arrivals = survivors(cluster).map((server) =>
        startAfter(cluster, server, cluster.random.between(handlingMinUs, handlingMaxUs)),
      );
      const won = await cluster.waitFor((event) => event.op === 'BecomeLeader', options.limitMs + crashedAtMs);
      if (won !== null) report(won.time - crashedAtMs);
      for (const arrival of arrivals) await arrival;
    },
  });
}

/** All but the last server, which was the leader. */
function survivors(cluster: Cluster): number[] {
  return cluster.all.slice(0, -1);
}

/** The first server's log has one entry, the next one's two, and so on: the shortest half of the survivors cannot win. */
function writeLog(cluster: Cluster, server: number): void {
  const entries: LogEntry[] = [];
  for (let index = 1; index <= server + 1; index += 1) entries.push(createEntry(index, 1, 'command', `command ${index}`));
  const { disk } = cluster.world.process(server);
  disk.write(
    { kind: 'persist', id: 1, hardState: { term: 1, vote: null }, truncateFrom: 0, entries, snapshot: null, keepLog: true },
    NOBODY,
  );
}

function startAfter(cluster: Cluster, server: number, us: number): Task {
  return cluster.spawn(async () => {
    await cluster.sleepMs(us / 1000);
    cluster.restart(server);
  });
}
