import type { Event } from '@raftlens/events';
import type { ClientOutcome } from '@raftlens/raft/client';
import { Choices } from '../cluster/choices.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { lineOf } from '../cluster/trace.ts';
import { assert } from '../protocol/assert.ts';
import type { KvService, ReadMode } from './kv.ts';
import { encodeKv, type KvFunction } from './kv-state.ts';
import type { Submissions } from './submit.ts';

export interface KvClientOptions {
  readonly reads: ReadMode;
  /** Where the operations are written down. */
  readonly record: (event: Event) => void;
}

const RETRY_MS = 20;
const READ_MAX_MS = 300;
const WRITE_MAX_MS = 300;
/** A client that heard nothing this long tries another server. */
const TIMEOUT_MS = 100;

/** What came of trying an operation at one server; the result is of one that was done. */
interface Attempt {
  readonly outcome: ClientOutcome;
  readonly result: string;
}

const UNKNOWN: Attempt = { outcome: 'unknown', result: '' };

/** One client of the key/value service: one operation at a time, each tried again at other servers until one of them has done it. */
export class KvClient {
  readonly name: string;
  readonly #cluster: Cluster;
  readonly #service: KvService;
  readonly #submissions: Submissions;
  readonly #options: KvClientOptions;
  readonly #random: Choices;
  /** The server that did the last operation. */
  #server = 0;
  #opid = 0;
  /** The operation that has been called and has not yet ended. */
  #open: { readonly f: KvFunction; readonly key: string; readonly value: string } | null = null;

  constructor(name: string, cluster: Cluster, service: KvService, submissions: Submissions, options: KvClientOptions) {
    this.name = name;
    this.#cluster = cluster;
    this.#service = service;
    this.#submissions = submissions;
    this.#options = options;
    this.#random = new Choices(cluster.world.deck.draws(`client ${name}`));
  }

  /** Gives the result, or null when `going` became false before any server confirmed it. The operation may then have taken place, or still do so (8). */
  async call(f: KvFunction, key: string, value: string, going: () => boolean): Promise<string | null> {
    assert(this.#open === null, 'a client calls one operation at a time');
    this.#opid += 1;
    this.#open = { f, key, value };
    this.#say('Invoke', value);
    const heard: ClientOutcome[] = [];
    while (going()) {
      const { outcome, result } = await this.#attempt(f, key, value);
      if (outcome === 'done') {
        this.#open = null;
        this.#say('Ok', f === 'get' ? result : value, f, key);
        return result;
      }
      heard.push(outcome);
      this.#server = (this.#server + 1) % this.#cluster.servers;
      if (this.#server === 0) await this.#cluster.sleepMs(RETRY_MS + this.#random.below(RETRY_MS));
    }
    this.#say(this.#cluster.world.core.givenUpAs(heard) === 'failed' ? 'Fail' : 'Info', value);
    this.#open = null;
    return null;
  }

  async #attempt(f: KvFunction, key: string, value: string): Promise<Attempt> {
    if (!(await this.#cross())) return UNKNOWN;
    const attempt = f === 'get' && this.#options.reads === 'read-index' ? await this.#read(key) : await this.#submit(f, key, value);
    return attempt.outcome !== 'done' || (await this.#cross()) ? attempt : UNKNOWN;
  }

  async #read(key: string): Promise<Attempt> {
    const result = await this.#service.read(this.#cluster, this.#server, key, READ_MAX_MS);
    return result === null ? UNKNOWN : { outcome: 'done', result };
  }

  async #submit(f: KvFunction, key: string, value: string): Promise<Attempt> {
    const command = encodeKv({ client: this.name, opid: this.#opid, f, key, value });
    const submitted = await this.#submissions.submitForClient(this.#server, command, WRITE_MAX_MS);
    return submitted.kind === 'done' ? { outcome: 'done', result: submitted.result } : { outcome: submitted.kind, result: '' };
  }

  /** Carries a request or a reply over the servers' network; false when it was lost. */
  async #cross(): Promise<boolean> {
    const { model } = this.#cluster.world.network;
    if (model.requestLossPerMille > 0 && this.#random.chance(model.requestLossPerMille)) {
      await this.#cluster.sleepMs(TIMEOUT_MS);
      return false;
    }
    await this.#cluster.world.time.sleepUs(
      model.handlingMinUs + this.#random.below(model.handlingMaxUs - model.handlingMinUs + model.requestDelayMaxUs + 1),
    );
    return true;
  }

  #say(op: 'Invoke' | 'Ok' | 'Fail' | 'Info', value: string, f = this.#open?.f ?? '', key = this.#open?.key ?? ''): void {
    const shown: { readonly value?: string } = op === 'Invoke' && f === 'get' ? {} : { value };
    this.#options.record(lineOf(this.name, { op, client: this.name, opid: this.#opid, f, key, ...shown }));
  }
}
