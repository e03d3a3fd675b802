import type { Event } from '@raftlens/events';
import type { Loss } from './proven-state.ts';
import type { ServerModel } from './server-model.ts';
import type { Asks } from './step.ts';
import type { StepRecord } from './step-record.ts';

/**
 * Starts that tell less than the server must have had on its disk. One file may hold several runs, and in the first start of another run a
 * server tells nothing of the one before. So a start that is like the first one waits until it is known to be in the same cluster.
 */
export class LostState {
  readonly #step: StepRecord;
  readonly #asks: Asks;

  constructor(step: StepRecord, asks: Asks) {
    this.#step = step;
    this.#asks = asks;
  }

  /** A Boot line. Where the log tells of disks, they are compared themselves. */
  boots(server: ServerModel, event: Event): void {
    const { proven, durable } = server;
    const { newest } = this.#step.cluster.configs;
    // Who was removed may be let in again with an empty disk.
    const isStranger = newest !== null && newest.index > 0 && ![newest.voters, newest.outgoing, newest.learners].flat().includes(server.id);
    const lost = durable.tellsState || durable.tellsLog || isStranger ? null : proven.lossAt(event);
    this.#forget(server);
    proven.boots(event, lost);
    if (proven.pending !== null) this.#step.cluster.blankStarts++;
    else if (lost !== null) this.#ask(lost, true);
  }

  /** A message has arrived: what binds its sender was on the sender's disk before it left. */
  arrives(receiver: ServerModel, event: Event): void {
    const { cluster } = this.#step;
    const binds = event.msgTerm !== undefined && isBinding(event);
    if (!binds && cluster.blankStarts === 0) return;
    const sender = cluster.find(event.src);
    if (sender === null) return;
    if (binds && event.msgTerm !== undefined) {
      if (event.op === 'RequestVoteReply') sender.proven.votes(event.msgTerm, event.dst, event.seq);
      else sender.proven.binds(event.msgTerm, event.seq);
    }
    if (cluster.blankStarts === 0) return;
    meets(receiver, sender);
    meets(sender, receiver);
    const { pending } = sender.proven;
    if (pending !== null && pending.hasContact && pending.term < 0) this.#isLost(sender, pending);
  }

  /** After a line of the server, while it is not known whether its start was that of another run. */
  goesOn(server: ServerModel, { op, term }: Event): void {
    const { pending } = server.proven;
    if (pending === null || op === 'Boot') return;
    if (pending.term >= 0 && term !== undefined && term >= pending.term && !pending.isRead) {
      // It has read its disk after the line, or has heard of the term: nobody knows.
      this.#forget(server);
      return;
    }
    const isLow = pending.term < 0 || (term !== undefined && term < pending.term);
    if (pending.hasContact && isLow) this.#isLost(server, pending);
  }

  /** The log ends, and nothing has told whether it was another run. */
  ends(): void {
    const { cluster } = this.#step;
    for (const server of cluster.servers) {
      const { pending } = server.proven;
      if (pending === null || !pending.isRead || this.#isAnotherRun(server, pending)) continue;
      this.#step.server = server;
      this.#ask(pending, false);
    }
  }

  /** It is the same cluster, and the server has lost what it had. */
  #isLost(server: ServerModel, loss: Loss): void {
    this.#forget(server);
    server.proven.vote = null;
    const { server: serverNow } = this.#step;
    this.#step.server = server;
    this.#ask(loss, true);
    this.#step.server = serverNow;
  }

  /** Whether another one has begun again as well, and nobody who has not goes on. */
  #isAnotherRun(server: ServerModel, { seq }: Loss): boolean {
    const others = this.#step.cluster.servers.filter((other) => other !== server && other.bootSeq > 0);
    const isBlank = ({ proven }: ServerModel) => proven.pending !== null;
    return others.some(isBlank) && others.every((other) => isBlank(other) || other.lineSeq < seq);
  }

  /** The harness has taken away what the disk held. */
  wiped(server: ServerModel): void {
    this.#forget(server);
    server.proven.wiped();
  }

  #forget({ proven }: ServerModel): void {
    if (proven.pending === null) return;
    proven.pending = null;
    this.#step.cluster.blankStarts--;
  }

  #ask(loss: Loss, isSameCluster: boolean): void {
    this.#step.loss = loss;
    this.#step.isSameCluster = isSameCluster;
    this.#asks['starts with less than it had'](this.#step);
  }
}

/** Whether the sender has given its word: a candidate that only asks, or a server that refuses, has not. */
function isBinding({ op, granted, success }: Event): boolean {
  switch (op) {
    case 'AppendEntries':
    case 'InstallSnapshot':
      return true;
    case 'RequestVoteReply':
      return granted === true;
    case 'AppendEntriesReply':
    case 'InstallSnapshotReply':
      return success === true;
    default:
      return false;
  }
}

/** A message has passed between the two: the other runs since before that which is missing, so that it cannot be of another run. */
function meets({ proven: { pending } }: ServerModel, { bootSeq }: ServerModel): void {
  if (pending !== null && bootSeq > 0 && bootSeq < pending.beforeSeq) pending.hasContact = true;
}
