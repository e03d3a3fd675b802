import type { ServerId } from '../configuration.ts';

/** A read that waits for proof that this leader still leads. */
export interface PendingRead {
  readonly ctx: string;
  /** The follower that asked, or the leader itself. */
  readonly from: ServerId;
  /** The id of the follower's request, 0 for a read of the leader's own. */
  readonly requestId: number;
  readonly index: number;
  /** The heartbeat round that has to be answered by a quorum. */
  readonly round: number;
}

/** A read that came before the leader had committed an entry of its own term. */
export type EarlyRead = Pick<PendingRead, 'ctx' | 'from' | 'requestId'>;

/** A question to the leader. The answer to another one, asked earlier under the same name, may be too old. */
export interface AskedRead {
  readonly requestId: number;
  readonly dueMs: number;
}

/** A read that is confirmed, and waits for the service to apply up to its index. It stays good whoever leads. */
export interface ReadyRead {
  readonly ctx: string;
  readonly index: number;
  readonly lease: boolean;
}

/** The reads of a leader, and the heartbeat rounds that they wait for (8; thesis 6.4). */
export class ReadQueue {
  /** The newest heartbeat round, 0 before the first, and when it was sent. */
  round = 0;
  /** A round that has to be sent with the next messages, because reads wait for it. */
  roundDue = false;
  early: EarlyRead[] = [];
  pending: PendingRead[] = [];
  ready: ReadyRead[] = [];
  /** The reads of a follower's own that the leader has not answered yet, oldest first: the question, and when its answer is given up. */
  readonly asked = new Map<string, AskedRead>();
  /** The rounds that no quorum has answered yet, oldest first, with the time at which each was sent. */
  sent: { readonly round: number; readonly sentMs: number }[] = [];
  /** The send time of the newest round that a quorum has answered: the lease counts from there. */
  confirmedMs = Number.NEGATIVE_INFINITY;

  /** A term of leadership starts or ends. */
  clear(): void {
    this.round = 0;
    this.roundDue = false;
    this.early = [];
    this.pending = [];
    this.sent = [];
    this.confirmedMs = Number.NEGATIVE_INFINITY;
  }
}
