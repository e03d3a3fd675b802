import type { LogEntry, RaftCore, Snapshot } from '@raftlens/raft';
import type { Cluster } from '../cluster/cluster.ts';
import { ScenarioError } from '../engine/failure.ts';
import type { ReadMode } from './kv-client.ts';
import { KvSession } from './kv-session.ts';
import { decodeKv, KvState } from './kv-state.ts';
import type { Service } from './service.ts';

export interface KvOptions {
  /** A snapshot is due when the durable log is larger than this; 0 is never. */
  readonly logBytesMax: number;
  readonly reads: ReadMode;
}

interface WaitingRead {
  readonly key: string;
  readonly done: (value: string | null) => void;
}

/** The replicated key/value store: one state a server, fed by the log; reads from the log or by ReadIndex (8). */
export class KvService implements Service {
  readonly #states: KvState[];
  readonly #reads: Map<string, WaitingRead>[];
  readonly #options: KvOptions;
  readonly #core: RaftCore;
  #session: KvSession | null = null;
  #contexts = 0;

  constructor(servers: number, core: RaftCore, options: KvOptions) {
    const each = <T>(make: () => T): T[] => Array.from({ length: servers }, make);
    this.#states = each(() => new KvState(core));
    this.#reads = each(() => new Map<string, WaitingRead>());
    this.#options = options;
    this.#core = core;
  }

  /** Connects the service with the cluster whose servers it lives on, and with its clients. */
  attach(cluster: Cluster): KvSession {
    const session = new KvSession(cluster, this, this.#options.reads);
    this.#session = session;
    return session;
  }

  /** The session of an attached service. */
  get session(): KvSession {
    if (this.#session === null) throw new ScenarioError('script', 'the key/value service is not attached to a cluster');
    return this.#session;
  }

  /** Asks the server to confirm that it leads, then reads its state; null when it could not within the time. */
  async read(cluster: Cluster, server: number, key: string, withinMs: number): Promise<string | null> {
    this.#contexts += 1;
    const ctx = `r${this.#contexts}`;
    const waiter = cluster.world.time.wait(withinMs * 1000);
    const answer: { value: string | null } = { value: null };
    this.#reads[server]?.set(ctx, {
      key,
      done: (value) => {
        answer.value = value;
        waiter.settle();
      },
    });
    if (cluster.world.process(server).read(ctx)) await waiter.promise;
    else waiter.settle();
    this.#reads[server]?.delete(ctx);
    return answer.value;
  }

  booted(server: number): void {
    this.#states[server] = new KvState(this.#core);
    for (const read of this.#reads[server]?.values() ?? []) read.done(null);
    this.#reads[server]?.clear();
    this.#session?.submissions.forget(server);
  }

  applied(server: number, entry: LogEntry): string | null {
    const state = this.#state(server);
    const command = entry.kind === 'command' && typeof entry.command === 'string' ? decodeKv(entry.command) : null;
    const result = command === null ? '' : state.apply(command);
    this.#session?.submissions.applied(server, entry, result);
    return null;
  }

  restored(server: number, snapshot: Snapshot): string | null {
    this.#state(server).restore(snapshot.data);
    this.#session?.submissions.forget(server);
    return null;
  }

  snapshotDue(server: number, _index: number, logBytes: number): Uint8Array | null {
    if (this.#options.logBytesMax === 0 || logBytes < this.#options.logBytesMax) return null;
    return this.#state(server).snapshot();
  }

  readStarted(): void {}

  readReady(server: number, ctx: string, index: number): null {
    const read = this.#reads[server]?.get(ctx);
    if (read === undefined) return null;
    read.done(index < 0 ? null : this.#state(server).get(read.key));
    return null;
  }

  #state(server: number): KvState {
    const state = this.#states[server];
    if (state === undefined) throw new ScenarioError('script', `there is no server ${server}`);
    return state;
  }
}
