import type { LogEntry } from '@raftlens/raft';
import type { Proposed } from '@raftlens/raft/state-machine';
import type { Cluster } from '../cluster/cluster.ts';
import type { Timed } from '../engine/event-queue.ts';
import type { Waiter } from '../engine/virtual-time.ts';
import { assert } from '../protocol/assert.ts';

/** What became of a command that was handed to one server. */
export type Submitted =
  /** It was applied; `result` is what the service gave. */
  | { readonly kind: 'done'; readonly result: string }
  /** The server does not lead, and never took the command. */
  | { readonly kind: 'refused' }
  /** The server took it, and then stepped down, crashed or lost the entry before it was applied. It may be applied later. */
  | { readonly kind: 'unknown' };

interface Submission {
  readonly term: number;
  readonly waiter: Waiter;
  outcome: Submitted;
}

const UNKNOWN: Submitted = { kind: 'unknown' };
/** How often a server with waiting commands is asked: does it still lead in their term? */
const LOOK_MS = 50;

/**
 * The layer between Raft and a service that answers its clients: hands a command to a server and waits until that server has applied
 * it. A command is known by index AND term: another entry at its index tells that it was lost.
 */
export class Submissions {
  readonly #cluster: Cluster;
  readonly #counters: readonly Counter[];

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#counters = cluster.all.map((server) => new Counter(cluster, server));
  }

  /** The server has applied the entry, with this result. */
  applied(server: number, entry: LogEntry, result: string): void {
    this.#counters[server]?.applied(entry, result);
  }

  /** The server restarted, or a snapshot replaced its state: what became of its commands stays unknown. */
  forget(server: number): void {
    this.#counters[server]?.forget();
  }

  /** Waits for as long as the server leads. */
  async submit(server: number, command: string): Promise<Submitted> {
    return await this.#follow(server, await this.#cluster.propose(server, command), Number.POSITIVE_INFINITY);
  }

  /** As `submit`, for clients whose operations are what a plan tells of. */
  async submitForClient(server: number, command: string, withinMs: number): Promise<Submitted> {
    return await this.#follow(server, await this.#cluster.proposeForClient(server, command), withinMs);
  }

  async #follow(server: number, proposed: Proposed | null, withinMs: number): Promise<Submitted> {
    const counter = this.#counters[server];
    return proposed === null || counter === undefined ? { kind: 'refused' } : await counter.wait(proposed, withinMs);
  }
}

/** The commands that wait at one server. */
class Counter implements Timed {
  readonly #cluster: Cluster;
  readonly #server: number;
  /** By index. */
  readonly #pending = new Map<number, Submission>();
  #looking = false;

  constructor(cluster: Cluster, server: number) {
    this.#cluster = cluster;
    this.#server = server;
  }

  async wait({ index, term }: Proposed, withinMs: number): Promise<Submitted> {
    const waiter = this.#cluster.world.time.wait(withinMs * 1000);
    const pending: Submission = { term, waiter, outcome: UNKNOWN };
    const older = this.#pending.get(index);
    if (older !== undefined) this.#end(index, older, UNKNOWN);
    this.#pending.set(index, pending);
    this.#lookLater();
    await waiter.promise;
    if (this.#pending.get(index) === pending) this.#pending.delete(index);
    return pending.outcome;
  }

  applied(entry: LogEntry, result: string): void {
    const pending = this.#pending.get(entry.index);
    if (pending === undefined) return;
    const own = this.#cluster.world.core.isOwnEntry(pending.term, entry.term);
    this.#end(entry.index, pending, own ? { kind: 'done', result } : UNKNOWN);
  }

  forget(): void {
    for (const [index, pending] of this.#pending) this.#end(index, pending, UNKNOWN);
  }

  /** Ends the wait for commands of a term in which the server no longer leads. */
  fire(): void {
    this.#looking = false;
    const state = this.#cluster.state(this.#server);
    const leads = state?.leader === true ? state.term : -1;
    for (const [index, pending] of this.#pending) if (pending.term !== leads) this.#end(index, pending, UNKNOWN);
    this.#lookLater();
  }

  #lookLater(): void {
    if (this.#looking || this.#pending.size === 0) return;
    this.#looking = true;
    const { time } = this.#cluster.world;
    time.first(time.nowUs + LOOK_MS * 1000, this);
  }

  #end(index: number, pending: Submission, outcome: Submitted): void {
    assert(this.#pending.get(index) === pending, 'a command ends once');
    pending.outcome = outcome;
    this.#pending.delete(index);
    pending.waiter.settle();
  }
}
