import type {
  AppendEntriesReply,
  AppendEntriesRequest,
  InstallSnapshotRequest,
  VoteReply,
  VoteRequest,
} from '../src/entry-points/messages.ts';
import { createEntry, type DurableState, type LogEntry, type Snapshot } from '../src/index.ts';

let lastId = 1_000_000;

function envelope(): { id: number; re: number; from: string; to: string; term: number } {
  lastId++;
  return { id: lastId, re: 0, from: 'S2', to: 'S1', term: 1 };
}

export function requestVote(fields: Partial<VoteRequest> = {}): VoteRequest {
  return { ...envelope(), kind: 'RequestVote', lastLogIndex: 0, lastLogTerm: 0, transfer: false, ...fields };
}

export function voteReply(fields: Partial<VoteReply> = {}): VoteReply {
  return { ...envelope(), kind: 'RequestVoteReply', granted: true, ...fields };
}

export function appendEntries(fields: Partial<AppendEntriesRequest> = {}): AppendEntriesRequest {
  return { ...envelope(), kind: 'AppendEntries', prevLogIndex: 0, prevLogTerm: 0, entries: [], leaderCommit: 0, round: 0, ...fields };
}

export function appendReply(fields: Partial<AppendEntriesReply> = {}): AppendEntriesReply {
  return {
    ...envelope(),
    kind: 'AppendEntriesReply',
    success: true,
    match: 0,
    conflictIndex: 0,
    conflictTerm: 0,
    prevLogIndex: 0,
    round: 0,
    ...fields,
  };
}

export function installSnapshot(snapshot: Snapshot, fields: Partial<InstallSnapshotRequest> = {}): InstallSnapshotRequest {
  return { ...envelope(), kind: 'InstallSnapshot', snapshot, offset: 0, chunk: snapshot.data, done: true, ...fields };
}

/** Entries from `from` on with these terms; the command of entry 3 of term 2 is "3/2". */
export function entriesOf(from: number, ...terms: readonly number[]): readonly LogEntry[] {
  return terms.map((term, position) => createEntry(from + position, term, 'command', `${from + position}/${term}`));
}

/** A disk with a log whose entries have these terms, in the term of the last of them unless said otherwise. */
export function diskWith(terms: readonly number[], fields: Partial<DurableState> = {}): DurableState {
  return { term: terms.at(-1) ?? 0, vote: null, snapshot: null, entries: entriesOf(1, ...terms), ...fields };
}
