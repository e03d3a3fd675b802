import type { ServerId } from './configuration.ts';

/** Something that whoever runs the cluster has to know, and that Raft cannot mend by itself. */
export type Notice = LostEntriesNotice | TransferGivenUpNotice;

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

/** A transfer of leadership was given up: the target did not catch up, or it was told to stand and nobody has heard that it leads. */
export interface TransferGivenUpNotice {
  readonly kind: 'transfer-given-up';
  readonly target: ServerId;
  /** It was told to stand, and may still win. */
  readonly told: boolean;
}
