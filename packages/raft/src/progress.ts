import type { ServerId } from './configuration.ts';
import type { Snapshot } from './durable-state.ts';

/**
 * How the leader treats a peer. `probe`: one message at a time, until it is known where the logs match. `replicate`: messages follow each
 * other without waiting, within the limits. `snapshot`: the entries that the peer needs are compacted away, it gets a snapshot.
 */
export type ProgressState = 'probe' | 'replicate' | 'snapshot';

/** The messages under way to a peer, oldest first: the index of the last entry of each, and its bytes. The room is used again. */
export class Inflights {
  readonly #lastIndices: number[] = [];
  readonly #sizes: number[] = [];
  // Those under way stand from #start to before #end.
  #start = 0;
  #end = 0;
  #bytes = 0;

  get messages(): number {
    return this.#end - this.#start;
  }

  get bytes(): number {
    return this.#bytes;
  }

  add(lastIndex: number, bytes: number): void {
    if (this.#start > this.messages) {
      this.#moveToFront();
    }
    this.#lastIndices[this.#end] = lastIndex;
    this.#sizes[this.#end] = bytes;
    this.#end++;
    this.#bytes += bytes;
  }

  /** Forgets the messages whose entries are all acknowledged by `match`. */
  acknowledge(match: number): void {
    while (this.#start < this.#end && (this.#lastIndices[this.#start] ?? 0) <= match) {
      this.#bytes -= this.#sizes[this.#start] ?? 0;
      this.#start++;
    }
  }

  clear(): void {
    this.#start = 0;
    this.#end = 0;
    this.#bytes = 0;
  }

  #moveToFront(): void {
    this.#lastIndices.copyWithin(0, this.#start, this.#end);
    this.#sizes.copyWithin(0, this.#start, this.#end);
    this.#end -= this.#start;
    this.#start = 0;
  }
}

/** A snapshot on its way to a peer, one chunk at a time. */
export interface SnapshotTransfer {
  readonly snapshot: Snapshot;
  /** The first byte that the peer has not acknowledged; the chunk that starts there is under way. */
  offset: number;
  /** When that chunk was sent. */
  sentMs: number;
}

/** What a leader knows of one member, itself included (figure 2, volatile state on leaders). */
export class Progress {
  readonly id: ServerId;
  /** matchIndex: the highest index known to be durable there and equal to the leader's. For the leader itself, what its own disk holds. */
  match: number;
  /** nextIndex: the next entry to send; always above `match`. */
  next: number;
  state: ProgressState = 'probe';
  /** A probe is under way: nothing more is sent until it is answered, or the next heartbeat asks again. */
  probing = false;
  /** The id of the newest message sent to it, and of the newest when its state last changed. */
  sent = 0;
  sentBefore = 0;
  /** How many messages may be under way while it replicates. */
  window = 1;
  /** Something was heard from it since the quorum was last checked. */
  active = false;
  /** The newest heartbeat round that it answered. */
  round = 0;
  transfer: SnapshotTransfer | null = null;
  readonly inflights = new Inflights();

  constructor(id: ServerId, next: number) {
    this.id = id;
    this.match = 0;
    this.next = next;
  }

  /** figure 2: matchIndex increases monotonically, so an old acknowledgement changes nothing. Returns whether this one did. */
  acknowledge(match: number): boolean {
    this.inflights.acknowledge(match);
    this.next = Math.max(this.next, match + 1);
    if (match <= this.match) {
      return false;
    }
    this.match = match;
    return true;
  }

  becomeProbe(next: number): void {
    this.#leave('probe');
    this.next = next;
  }

  becomeReplicate(): void {
    this.#leave('replicate');
    this.next = this.match + 1;
  }

  becomeSnapshot(snapshot: Snapshot): void {
    this.#leave('snapshot');
    this.transfer = { snapshot, offset: 0, sentMs: Number.NEGATIVE_INFINITY };
  }

  #leave(state: ProgressState): void {
    this.state = state;
    this.probing = false;
    this.sentBefore = this.sent;
    this.window = 1;
    this.transfer = null;
    this.inflights.clear();
  }
}
