import type { ServerId } from './configuration.ts';
import type { Snapshot } from './durable-state.ts';
import { RETRIES_MAX } from './rules/back-up.ts';

/**
 * How the leader treats a peer. `probe`: one message at a time, until it is known where the logs match. `replicate`: messages follow each
 * other without waiting, within the limits. `snapshot`: the entries that the peer needs are compacted away, it gets a snapshot. `lost`: the
 * peer has lost entries that it had acknowledged, and gets heartbeats alone.
 */
export type ProgressState = 'probe' | 'replicate' | 'snapshot' | 'lost';

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
    if (this.#start > this.messages) this.#moveToFront();
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
  /** When that chunk was sent, and as which message. */
  sentMs: number;
  sentId: number;
}

/** Where the replication to a member begins. */
export interface ProgressStart {
  /** nextIndex. */
  readonly next: number;
  readonly nowMs: number;
  /** The newest message that the leader has sent to anybody. */
  readonly lastMessageId: number;
  /** The server joins during this leader's term: replies to what was sent before are of an earlier replication session. */
  readonly joins: boolean;
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
  sent: number;
  sentBefore: number;
  /** The newest message sent to it when `match` rose last: whatever is sent later meets a log that holds everything up to `match`. */
  sentAtMatch: number;
  /** Replies to this message and to older ones belong to an earlier replication session. */
  sessionAfter: number;
  /** When this session began, and when the peer last answered in it. */
  readonly sinceMs: number;
  heardMs = Number.NEGATIVE_INFINITY;
  /** How far back it was asked at once, and how often, since the last heartbeat or the last rise of `match`. */
  #lowestTried = Number.POSITIVE_INFINITY;
  #retries = 0;
  /** How many messages may be under way while it replicates. */
  window = 1;
  /** Something was heard from it since the quorum was last checked. */
  active = false;
  /** The commit index that it must know once it has taken all that was sent to it. */
  toldCommit = 0;
  /** The newest heartbeat round that it answered. */
  round = 0;
  transfer: SnapshotTransfer | null = null;
  /** The entry that removes it from the cluster, 0 for a member; since when; and the newest message sent before that was committed. */
  leavesAt = 0;
  leavingMs = 0;
  farewellAfter = Number.POSITIVE_INFINITY;
  readonly inflights = new Inflights();

  constructor(id: ServerId, { next, nowMs, lastMessageId, joins }: ProgressStart) {
    this.id = id;
    this.match = 0;
    this.next = next;
    this.sinceMs = nowMs;
    this.sent = lastMessageId;
    this.sentBefore = lastMessageId;
    this.sentAtMatch = lastMessageId;
    // What was sent in an older term is told apart by the term of its acknowledgement, but for a refusal: see `isFreshRefusal`.
    this.sessionAfter = joins ? lastMessageId : -1;
  }

  /** What counts for a majority: the word of a peer that loses what it acknowledged counts for nothing. */
  get counted(): number {
    return this.state === 'lost' ? 0 : this.match;
  }

  /** figure 2: matchIndex increases monotonically, so an old acknowledgement changes nothing. Returns whether this one did. */
  acknowledge(match: number): boolean {
    this.inflights.acknowledge(match);
    this.next = Math.max(this.next, match + 1);
    if (match <= this.match) return false;
    this.match = match;
    this.sentAtMatch = this.sent;
    this.allowRetries();
    return true;
  }

  /** A message with `leaderCommit` that ends at `lastIndex` leaves: the peer commits no further than what that verifies (receiver rule 5). */
  tells(leaderCommit: number, lastIndex: number): void {
    this.toldCommit = Math.max(this.toldCommit, Math.min(leaderCommit, lastIndex));
  }

  /** A heartbeat is due, or the peer has moved on: refusals may be answered at once again. */
  allowRetries(): void {
    this.#lowestTried = Number.POSITIVE_INFINITY;
    this.#retries = 0;
  }

  /**
   * A refusal: ask again from `next` on. At once only where that is further back than ever since the last heartbeat, so that no reply,
   * whatever it says, makes the leader send without a pause.
   */
  backUp(next: number): void {
    this.becomeProbe(next);
    if (next >= this.#lowestTried || this.#retries >= RETRIES_MAX) {
      this.probing = true;
      return;
    }
    this.#lowestTried = next;
    this.#retries++;
  }

  /** The peer lost what it had acknowledged and is fed again from `next` on, with the next heartbeat. */
  revert(next: number): void {
    this.match = 0;
    this.toldCommit = 0;
    this.becomeProbe(next);
    this.probing = true;
    this.sessionAfter = this.sent;
  }

  /** The entry `next` removes it. */
  leave({ next, nowMs }: Pick<ProgressStart, 'next' | 'nowMs'>): void {
    this.leavesAt = next;
    this.leavingMs = nowMs;
  }

  /** The chunk under way is lost: it goes out again with the next heartbeat. */
  repeatChunk(): void {
    if (this.transfer !== null) this.transfer.sentMs = Number.NEGATIVE_INFINITY;
  }

  becomeLost(): void {
    this.#leave('lost');
    this.next = this.match + 1;
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
    this.transfer = { snapshot, offset: 0, sentMs: Number.NEGATIVE_INFINITY, sentId: 0 };
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

/**
 * How far a peer is, as the leader knows. A learner may be made a voter once its `match` has come near to the leader's `lastLogIndex`, and
 * `heardMs` is younger than an election timeout.
 */
export interface PeerStatus {
  readonly id: ServerId;
  /** matchIndex and nextIndex. */
  readonly match: number;
  readonly next: number;
  readonly state: ProgressState;
  /** When it answered last, on this server's clock in ms; null where it has not in this term. */
  readonly heardMs: number | null;
  /** The snapshot on its way to the peer: its index, the bytes that the peer has acknowledged, and all of them; null where there is none. */
  readonly snapshot: { readonly index: number; readonly offset: number; readonly bytes: number } | null;
}

export function statusOf({ id, match, next, state, heardMs, transfer }: Progress): PeerStatus {
  return {
    id,
    match,
    next,
    state,
    heardMs: heardMs === Number.NEGATIVE_INFINITY ? null : heardMs,
    snapshot: transfer === null ? null : { index: transfer.snapshot.index, offset: transfer.offset, bytes: transfer.snapshot.data.length },
  };
}
