import type { MessageKind } from '@raftlens/raft/messages';

/** What may become of a single message: it comes late, comes a second time, or never arrives. */
export const FATES = ['late', 'again', 'lost'] as const;
export type Fate = (typeof FATES)[number];

/** The kinds of messages that servers send one another, as the core names them. */
export const MESSAGE_KINDS = [
  'RequestVote',
  'RequestVoteReply',
  'PreVote',
  'PreVoteReply',
  'AppendEntries',
  'AppendEntriesReply',
  'InstallSnapshot',
  'InstallSnapshotReply',
  'TimeoutNow',
  'Propose',
  'ReadIndex',
  'ReadIndexReply',
] as const satisfies readonly MessageKind[];

/** The fate of the `nth` message of a kind that a link takes from now on. */
export interface MessageFate {
  readonly kind: MessageKind | 'any';
  readonly nth: number;
  readonly fate: Fate;
  readonly us: number;
}
