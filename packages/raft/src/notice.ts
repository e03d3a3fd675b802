import type { ServerId } from './configuration.ts';

/** Something that whoever runs the cluster has to know. */
export type Notice = LostEntriesNotice | TransferGivenUpNotice | TransferEndedNotice;

/**
 * A peer has lost entries that it had acknowledged as durable: its disk was wiped, or it forgets what it was told to keep. What it
 * acknowledged counts for nothing any more, and unless `allowLogReversion` is set it gets no entries in this term. Remove it and add it
 * again as a learner, or give it its disk back.
 */
export interface LostEntriesNotice {
  readonly kind: 'lost-entries';
  readonly peer: ServerId;
  /** The last entry that the peer had acknowledged. */
  readonly acknowledged: number;
  /** The entry at or below it that the peer does not hold any more. */
  readonly missing: number;
}

/**
 * A transfer of leadership was given up by the leader that began it. `timeout`: within an election timeout the target did not catch up, or
 * nobody has heard that it leads. `replaced`: a transfer to another server was asked for. `stepped-down`: this server leads no more,
 * though nobody has a newer term: it lost its quorum, or was removed. The target keeps its vote: no change of members begins meanwhile.
 */
export interface TransferGivenUpNotice {
  readonly kind: 'transfer-given-up';
  readonly target: ServerId;
  /** It was told to stand, and may still win. */
  readonly told: boolean;
  readonly why: 'timeout' | 'replaced' | 'stepped-down';
}

/** Somebody leads in place of the server that began a transfer: the target, where it went well, or another that won meanwhile. */
export interface TransferEndedNotice {
  readonly kind: 'transfer-ended';
  readonly target: ServerId;
  readonly leader: ServerId;
  /** The term of that leader. */
  readonly term: number;
}
