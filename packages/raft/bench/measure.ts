import { MemoryCluster } from './memory-cluster.ts';

/** One row of the table: how the commands come in. */
export interface Load {
  readonly servers: number;
  /** Bytes of a command. */
  readonly size: number;
  /** Commands outstanding. */
  readonly window: number;
  /** The window is proposed as one batch, or one by one. Messages are handed over after it in both cases. */
  readonly batch: boolean;
}

export interface Measured {
  /** Per second of the process's CPU time, its collector's included: what one core does, however busy the machine is. */
  readonly commitsPerS: number;
  readonly messagesPerCommit: number;
  /** Bytes that were allocated, and so become garbage, for one commit on all servers together. */
  readonly bytesPerCommit: number;
}

const ROUNDS = 16;

/** Commits for at least `durationMs` after a warm-up of a quarter of that; every server has applied every command in the end. */
export function measure(load: Load, durationMs: number): Measured {
  const cluster = new MemoryCluster(load.servers);
  const window = Array.from({ length: load.window }, () => new Uint8Array(load.size));
  const warm = commitFor(cluster, window, load.batch, durationMs / 4);
  const before = cluster.messages;
  const begin = process.cpuUsage();
  const commits = commitFor(cluster, window, load.batch, durationMs);
  const { user, system } = process.cpuUsage(begin);
  const messagesPerCommit = (cluster.messages - before) / commits;
  const { commits: extra, bytesPerCommit } = measureGarbage(cluster, window, load.batch);
  cluster.finish(warm + commits + extra);
  return { commitsPerS: (commits * 1e6) / (user + system), messagesPerCommit, bytesPerCommit };
}

function commitFor(cluster: MemoryCluster, window: readonly Uint8Array[], batch: boolean, durationMs: number): number {
  let commits = 0;
  for (const end = performance.now() + durationMs; performance.now() < end; ) {
    commits += commitRounds(cluster, window, batch, ROUNDS);
  }
  return commits;
}

function commitRounds(cluster: MemoryCluster, window: readonly Uint8Array[], batch: boolean, rounds: number): number {
  for (let round = 0; round < rounds; round++) {
    if (batch) {
      cluster.propose(window);
    } else {
      for (const command of window) {
        cluster.propose([command]);
      }
    }
    cluster.pump();
  }
  return rounds * window.length;
}

/** Short stretches, of which those count in which the collector did not run: there the heap grows by what is allocated. */
function measureGarbage(
  cluster: MemoryCluster,
  window: readonly Uint8Array[],
  batch: boolean,
): { commits: number; bytesPerCommit: number } {
  const rounds = Math.max(1, Math.floor(512 / window.length));
  const samples: number[] = [];
  let commits = 0;
  for (let sample = 0; sample < 51; sample++) {
    const before = process.memoryUsage().heapUsed;
    const committed = commitRounds(cluster, window, batch, rounds);
    const grown = process.memoryUsage().heapUsed - before;
    commits += committed;
    if (grown > 0) {
      samples.push(grown / committed);
    }
  }
  return { commits, bytesPerCommit: median(samples) };
}

export function median(samples: readonly number[]): number {
  const sorted = samples.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
