import type { Event } from '@raftlens/events';
import { Choices } from '../cluster/choices.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { Task } from '../engine/virtual-time.ts';
import { assert } from '../protocol/assert.ts';
import type { KvClients, KvService } from './kv.ts';
import { KvClient } from './kv-client.ts';
import type { KvFunction } from './kv-state.ts';
import { Submissions } from './submit.ts';

interface Caller {
  readonly client: KvClient;
  /** The client's operation that was called last; the next one waits for it. */
  last: Promise<unknown> | null;
}

/** The clients of a key/value service in one run, and the history of what they called and were told. */
export class KvSession implements KvClients {
  readonly cluster: Cluster;
  readonly submissions: Submissions;
  readonly history: Event[] = [];
  readonly random: Choices;
  readonly #service: KvService;
  readonly #sessions = new Map<string, Caller>();
  readonly #tasks: Task[] = [];
  #going = true;

  /** Connects the service with the cluster whose servers it lives on. */
  constructor(cluster: Cluster, service: KvService) {
    this.cluster = cluster;
    this.#service = service;
    this.random = new Choices(cluster.world.deck.draws('load'));
    this.submissions = new Submissions(cluster);
    assert(service.clients === null, 'a service has one session');
    service.clients = this;
    // The clients of a plan: it tells when each operation was called, and which.
    cluster.world.onClient = ({ client, f, key, value }) => {
      if (isFunction(f)) this.#tasks.push(cluster.spawn(async () => void (await this.call(client, f, key, value ?? '')), client));
    };
  }

  get going(): boolean {
    return this.#going;
  }

  /** Calls an operation for the client and waits for its end; null when the run ended first. */
  async call(name: string, f: KvFunction, key: string, value: string): Promise<string | null> {
    const session = this.#session(name);
    const before = session.last;
    const mine = this.#after(before, async () => {
      if (!this.#going) return null;
      this.cluster.world.recorded({ do: 'client', client: name, f, key, value: f === 'get' ? null : value });
      return await session.client.call(f, key, value, () => this.#going);
    });
    session.last = mine;
    return await mine;
  }

  /** A client's operations come one after the other, however they are called. */
  async #after<T>(before: Promise<unknown> | null, body: () => Promise<T>): Promise<T> {
    if (before !== null) await this.cluster.world.time.parked(before);
    return await body();
  }

  /** Starts clients that call operations on so many keys until the end. */
  start(clients: number, keys: number, pauseMaxMs: number): void {
    for (let n = 1; n <= clients; n += 1) {
      const name = `C${n}`;
      this.#tasks.push(this.cluster.spawn(() => this.#loop(name, keys, pauseMaxMs), name));
    }
  }

  async #loop(name: string, keys: number, pauseMaxMs: number): Promise<void> {
    // Some clients hardly ever write: they stay with a server that answers their reads, an old leader perhaps, while others move on.
    const readsPerMille = this.random.pick([200, 500, 970]);
    for (let n = 1; this.#going; n += 1) {
      const key = `k${this.random.below(keys)}`;
      const f = this.random.chance(readsPerMille) ? 'get' : this.random.pick(['put', 'append'] as const);
      await this.call(name, f, key, f === 'get' ? '' : `${name}.${n};`);
      await this.cluster.sleepMs(this.random.below(pauseMaxMs * 1000) / 1000);
    }
  }

  /** Calls no more operations, and waits until those that are open have given up. */
  async end(): Promise<void> {
    assert(this.#going, 'a session ends once');
    this.#going = false;
    for (const task of this.#tasks) await task;
  }

  #session(name: string): Caller {
    const known = this.#sessions.get(name);
    if (known !== undefined) return known;
    const client = new KvClient(name, this.cluster, this.#service, this.submissions, {
      reads: this.#service.options.reads,
      record: (event) => {
        this.history.push(event);
        this.cluster.world.emit(event);
      },
    });
    const session: Caller = { client, last: null };
    this.#sessions.set(name, session);
    return session;
  }
}

function isFunction(f: string): f is KvFunction {
  return f === 'get' || f === 'put' || f === 'append';
}
