import type { LogEntry } from '@raftlens/raft';
import type { Cluster } from '../cluster/cluster.ts';
import type { Waiter } from '../engine/virtual-time.ts';
import type { Proposed } from '../server/structure.ts';

/** What became of a command that was handed to one server. */
export type Submitted =
  /** It was applied; `result` is what the service gave. */
  | { readonly kind: 'done'; readonly result: string }
  /** The server does not lead, so that it never took the command. */
  | { readonly kind: 'refused' }
  /** The server took it, but lost its office, its life or its place in the log before it was applied. It may be applied later. */
  | { readonly kind: 'unknown' };

interface Pending {
  readonly term: number;
  readonly waiter: Waiter;
  outcome: Submitted | null;
}

/** How often a waiting command looks whether its server still leads in the same term. */
const LOOK_MS = 50;

/**
 * The layer between Raft and a service that answers its clients: hands a command to a server and waits until that server has applied
 * it. A command is known by index AND term: another entry at its index tells that it was lost.
 */
export class Submissions {
  readonly #cluster: Cluster;
  /** By server, then by index. */
  readonly #pending: Map<number, Pending>[];

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#pending = cluster.all.map(() => new Map<number, Pending>());
  }

  /** The server has applied the entry, with this result. */
  applied(server: number, entry: LogEntry, result: string): void {
    const pending = this.#pending[server]?.get(entry.index);
    if (pending === undefined) return;
    this.#end(server, entry.index, pending, pending.term === entry.term ? { kind: 'done', result } : { kind: 'unknown' });
  }

  /** The server started anew, or its state was replaced by a snapshot: nobody will tell what became of what it had taken. */
  forget(server: number): void {
    for (const [index, pending] of this.#pending[server] ?? []) this.#end(server, index, pending, { kind: 'unknown' });
  }

  /** Waits for as long as the server leads. */
  async submit(server: number, command: string): Promise<Submitted> {
    return await this.#follow(server, await this.#cluster.propose(server, command), Number.POSITIVE_INFINITY);
  }

  /** As `submit`, for clients whose operations are what a plan tells of. */
  async submitForClient(server: number, command: string, withinMs: number): Promise<Submitted> {
    return await this.#follow(server, await this.#cluster.proposeForClient(server, command), this.#cluster.nowMs + withinMs);
  }

  async #follow(server: number, proposed: Proposed | null, endMs: number): Promise<Submitted> {
    if (proposed === null) return { kind: 'refused' };
    for (;;) {
      const outcome = await this.#wait(server, proposed.index, proposed.term);
      if (outcome !== null) return outcome;
      const state = this.#cluster.state(server);
      if (state === null || !state.leader || state.term !== proposed.term || this.#cluster.nowMs >= endMs) return { kind: 'unknown' };
    }
  }

  async #wait(server: number, index: number, term: number): Promise<Submitted | null> {
    const waiter = this.#cluster.world.time.wait(LOOK_MS * 1000);
    const pending: Pending = { term, waiter, outcome: null };
    const older = this.#pending[server]?.get(index);
    if (older !== undefined) this.#end(server, index, older, { kind: 'unknown' });
    this.#pending[server]?.set(index, pending);
    await waiter.promise;
    if (this.#pending[server]?.get(index) === pending) this.#pending[server]?.delete(index);
    return pending.outcome;
  }

  #end(server: number, index: number, pending: Pending, outcome: Submitted): void {
    pending.outcome = outcome;
    this.#pending[server]?.delete(index);
    pending.waiter.settle();
  }
}
