import type { ServerId } from './configuration.ts';
import type { Snapshot } from './durable-state.ts';

/**
 * How the leader treats a peer. `probe`: one message at a time, until it is known where the logs match. `replicate`: messages follow each
 * other without waiting, within the limits. `snapshot`: the entries that the peer needs are compacted away, it gets a snapshot.
 */
export type ProgressState = 'probe' | 'replicate' | 'snapshot';

/** The messages under way to a peer, oldest first: the index of the last entry of each, and its bytes. */
export class Inflights {
  readonly #lastIndices: number[] = [];
  readonly #sizes: number[] = [];
  #bytes = 0;

  get messages(): number {
    return this.#lastIndices.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  add(lastIndex: number, bytes: number): void {
    this.#lastIndices.push(lastIndex);
    this.#sizes.push(bytes);
    this.#bytes += bytes;
  }

  /** Forgets the messages whose entries are all acknowledged by `match`. */
  acknowledge(match: number): void {
    let count = 0;
    for (const lastIndex of this.#lastIndices) {
      if (lastIndex > match) {
        break;
      }
      this.#bytes -= this.#sizes[count] ?? 0;
      count++;
    }
    if (count > 0) {
      this.#lastIndices.splice(0, count);
      this.#sizes.splice(0, count);
    }
  }

  clear(): void {
    this.#lastIndices.length = 0;
    this.#sizes.length = 0;
    this.#bytes = 0;
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
    this.transfer = null;
    this.inflights.clear();
  }
}
