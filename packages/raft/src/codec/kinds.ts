import type { EntryKind } from '../entry.ts';
import type { MessageKind } from '../message.ts';

/** The first byte of each message. It rises when the bytes of any kind change, so that servers of two versions refuse each other. */
export const VERSION = 1;

/** A kind of message is its place in this list: append, and never reorder. */
export const MESSAGE_KINDS: readonly MessageKind[] = [
  'AppendEntries',
  'AppendEntriesReply',
  'RequestVote',
  'RequestVoteReply',
  'PreVote',
  'PreVoteReply',
  'InstallSnapshot',
  'InstallSnapshotReply',
  'TimeoutNow',
  'Propose',
  'ReadIndex',
  'ReadIndexReply',
];

export const ENTRY_KINDS: readonly EntryKind[] = ['command', 'noop', 'config'];

/** What a command is. */
export const TEXT = 0;
export const BYTES = 1;
