import type { Event } from '@raftlens/events';
import type { ClusterState } from './cluster-state.ts';
import type { LostState } from './lost-state.ts';
import { isMember } from './quorum.ts';
import type { Asks } from './step.ts';
import type { StepRecord } from './step-record.ts';

/** What the harness does to the servers and to what is between them. */
export class HarnessSteps {
  readonly #cluster: ClusterState;
  readonly #step: StepRecord;
  readonly #asks: Asks;
  readonly #lostState: LostState;

  constructor(step: StepRecord, asks: Asks, lostState: LostState) {
    this.#cluster = step.cluster;
    this.#step = step;
    this.#asks = asks;
    this.#lostState = lostState;
  }

  takes(event: Event): void {
    switch (event.op) {
      case 'Violation':
        return;
      case 'Note':
        this.#note(event);
        return;
      case 'Crash':
        if (event.target !== undefined) this.#cluster.server(event.target).up = false;
        break;
      case 'TestBegin':
        this.#step.traffic.begins(event);
        this.#step.event = event;
        this.#asks['budget is told'](this.#step);
        break;
      case 'Fault':
        this.#fault(event);
        break;
      default:
    }
    this.#cluster.elections.ends();
    this.#step.progress.harness(event);
  }

  /** A line that tells no event shows that its server goes on. */
  #note({ node, time, seq }: Event): void {
    const server = this.#cluster.find(node);
    if (server === null) return;
    server.lineMs = time;
    server.lineSeq = seq;
  }

  /**
   * A clock that is bent, or a server that was stopped, has other timers than it tells. A disk that loses what it had called durable breaks
   * the server's promises; what the server may do from then on is little.
   */
  #fault(event: Event): void {
    const { kind, target } = event;
    if (kind === undefined || target === undefined) return;
    if (/clock|skew|drift|pause|stop/i.test(kind)) this.#cluster.server(target).clockIsBent = true;
    const server = /wipe|corrupt|bit-?flip|misdirect/i.test(kind) ? this.#cluster.find(target) : null;
    if (server === null) return;
    server.durable.wasLost = true;
    this.#lostState.wiped(server);
    if (server.durable.isLogKnown) server.durable.lostSeq = event.seq;
    const { newest } = this.#cluster.configs;
    server.durable.lostAsStranger = newest !== null && newest.index > 0 && !isMember(newest, server.id);
  }
}
