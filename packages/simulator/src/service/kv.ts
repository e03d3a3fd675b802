import type { LogEntry, Snapshot } from '@raftlens/raft';
import type { RaftCore } from '@raftlens/raft/core';
import type { ClusterControl } from '../cluster/control.ts';
import { ScenarioError } from '../protocol/failure.ts';
import type { Service } from '../protocol/service.ts';
import { decodeKv, KvState } from './kv-state.ts';
import type { Submissions } from './submit.ts';

export interface KvOptions {
  /** A snapshot is due when the durable log is larger than this; 0 is never. */
  readonly logBytesMax: number;
  readonly reads: ReadMode;
}

/** How a client reads: by an entry in the log, or by ReadIndex without one. */
export type ReadMode = 'log' | 'read-index';

/** The clients of the service in a run. They hear what became of the commands that they handed to a server. */
export interface KvClients {
  readonly submissions: Submissions;
}

interface WaitingRead {
  readonly key: string;
  readonly done: (value: string | null) => void;
}

/** The replicated key/value store: one state a server, fed by the log; reads from the log or by ReadIndex (8). */
export class KvService implements Service {
  readonly #states: KvState[];
  readonly #reads: Map<string, WaitingRead>[];
  readonly options: KvOptions;
  readonly #core: RaftCore;
  /** Null until there are any. */
  clients: KvClients | null = null;
  #contexts = 0;

  constructor(servers: number, core: RaftCore, options: KvOptions) {
    const each = <T>(make: () => T): T[] => Array.from({ length: servers }, make);
    this.#states = each(() => new KvState(core));
    this.#reads = each(() => new Map<string, WaitingRead>());
    this.options = options;
    this.#core = core;
  }

  /** Asks the server to confirm that it leads, then reads its state; null when it could not within the time. */
  async read(cluster: ClusterControl, server: number, key: string, withinMs: number): Promise<string | null> {
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
    const asked = cluster.world.process(server).ask((structure) => {
      structure.read(ctx);
      return true;
    });
    if (asked === true) await waiter.promise;
    else waiter.settle();
    this.#reads[server]?.delete(ctx);
    return answer.value;
  }

  booted(server: number): void {
    this.#states[server] = new KvState(this.#core);
    for (const read of this.#reads[server]?.values() ?? []) read.done(null);
    this.#reads[server]?.clear();
    this.clients?.submissions.forget(server);
  }

  applied(server: number, entry: LogEntry): string | null {
    const state = this.#state(server);
    const command = entry.kind === 'command' && typeof entry.command === 'string' ? decodeKv(entry.command) : null;
    const result = command === null ? '' : state.apply(command);
    this.clients?.submissions.applied(server, entry, result);
    return null;
  }

  restored(server: number, snapshot: Snapshot): string | null {
    this.#state(server).restore(snapshot.data);
    this.clients?.submissions.forget(server);
    return null;
  }

  snapshotDue(server: number, _index: number, logBytes: number): Uint8Array | null {
    if (this.options.logBytesMax === 0 || logBytes < this.options.logBytesMax) return null;
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
