import type { ServerId } from '../configuration.ts';
import { type Command, createEntry, type EntryKind, type LogEntry } from '../entry.ts';
import { InvariantError } from '../errors.ts';
import { majorityIndex } from '../quorum.ts';
import { followerCommit, leaderCommit } from '../rules/commit.ts';
import { raisesTerm } from '../rules/term.ts';
import {
  traceAppend,
  traceBecomeCandidate,
  traceBecomeFollower,
  traceBecomeLeader,
  traceCommit,
  traceStart,
  traceTruncate,
  traceVote,
} from '../trace.ts';
import type { Context } from './context.ts';
import type { Peer } from './state.ts';

/** Converts to follower in `term` (figure 2, all servers; 5.1). A new term comes without a vote given in it. */
export function becomeFollower(context: Context, term: number, leader: ServerId | null, why: string): void {
  const { state } = context;
  const wasLeader = state.role === 'leader';
  invariant(context, term >= state.term, `currentTerm would fall from ${state.term} to ${term}`);
  if (term > state.term) {
    state.term = term;
    state.vote = null;
    context.write.hardState = true;
  }
  state.role = 'follower';
  state.leader = leader;
  if (wasLeader) context.resetElectionTimer();
  traceBecomeFollower(context.traced, leader, why);
}

/** Figure 2, all servers: a higher term in a request or reply makes a follower (5.1). */
export function adoptTerm(context: Context, term: number): void {
  if (raisesTerm(term, context.state.term)) becomeFollower(context, term, null, 'higher term');
}

/** Figure 2, candidates: raise currentTerm, vote for self, restart the election timer (5.2). */
export function becomeCandidate(context: Context): void {
  const { state } = context;
  state.term += 1;
  state.vote = context.id;
  context.write.hardState = true;
  state.role = 'candidate';
  state.leader = null;
  state.votes = new Map([[context.id, true]]);
  context.resetElectionTimer();
  traceBecomeCandidate(context.traced);
}

/** Figure 2, state on leaders: nextIndex starts after the leader's last entry, matchIndex at 0 (5.3). */
export function becomeLeader(context: Context): void {
  const { state } = context;
  invariant(context, state.role === 'candidate', `a ${state.role} cannot become leader`);
  const voters = [...state.votes].flatMap(([id, granted]) => (granted ? [id] : []));
  state.role = 'leader';
  state.leader = context.id;
  const peer: Peer = {
    next: state.log.lastIndex + 1,
    match: 0,
    offset: 0,
    underWay: 0,
    sent: 0,
    sentAtMatch: 0,
    toldCommit: 0,
    retries: 0,
    heardMs: null,
    lost: false,
  };
  state.peers = new Map(context.others.map((id): [ServerId, Peer] => [id, { ...peer }]));
  state.uncommittedBytes = bytesBetween(context, state.commit, state.log.lastIndex);
  traceBecomeLeader(context.traced, voters);
}

/** Figure 2, RequestVote receiver rule 2: the vote of this term, once (5.2). */
export function giveVote(context: Context, candidate: ServerId): void {
  const { state } = context;
  if (state.vote !== candidate) {
    state.vote = candidate;
    context.write.hardState = true;
  }
  traceVote(context.traced, candidate);
}

/** Figure 2, leaders: a new entry at the end of the own log (5.3). */
export function appendOwn(context: Context, kind: EntryKind, command: Command): LogEntry {
  const { state } = context;
  invariant(context, state.role === 'leader', `a ${state.role} appends an entry of its own`);
  const entry = createEntry(state.log.lastIndex + 1, state.term, kind, command);
  if (kind === 'command') traceStart(context.traced, entry);
  state.uncommittedBytes += entry.size;
  appendAll(context, [entry]);
  return entry;
}

/** Adds entries, which follow each other, to the end of the log. */
export function appendAll(context: Context, entries: readonly LogEntry[]): void {
  const [first] = entries;
  if (first === undefined) return;
  const { log } = context.state;
  invariant(context, first.index === log.lastIndex + 1, `entry ${first.index} cannot follow entry ${log.lastIndex}`);
  log.append(entries);
  for (const entry of entries) context.write.entries.push(entry);
  traceAppend(context.traced, first.index);
}

/** Deletes the entry at `index` and all that follow. A committed entry never goes (figure 3, state machine safety). */
export function truncateFrom(context: Context, index: number): void {
  const { log, commit } = context.state;
  const removed = log.lastIndex - index + 1;
  log.truncateFrom(index);
  context.write.truncateFrom = index;
  traceTruncate(context.traced, index, removed);
  invariant(context, index > commit, `entry ${index} was truncated although ${commit} is committed`);
}

/** Figure 2, leaders, last rule (5.3, 5.4.2). The leader's own log is durable whenever somebody has the lock, so that it counts whole. */
export function advanceLeaderCommit(context: Context, task: string): void {
  const { state } = context;
  const members = context.configuration.voters.map((id) => ({ counted: countedOf(context, id) }));
  commitTo(context, task, leaderCommit(state.log, state.term, state.commit, majorityIndex(members)));
}

function countedOf({ state }: Context, id: ServerId): number {
  const peer = state.peers.get(id);
  if (peer === undefined) return state.log.lastIndex;
  return peer.lost ? 0 : peer.match;
}

/** Figure 2, AppendEntries receiver rule 5 (5.3). */
export function advanceFollowerCommit(context: Context, task: string, leaderCommitIndex: number, lastNewIndex: number): void {
  commitTo(context, task, followerCommit(context.state.commit, leaderCommitIndex, lastNewIndex));
}

function commitTo(context: Context, task: string, index: number): void {
  const { state } = context;
  const from = state.commit;
  if (index === from) return;
  invariant(context, index <= state.log.lastIndex, `commit index ${index} is beyond the last entry ${state.log.lastIndex}`);
  if (state.role === 'leader') state.uncommittedBytes -= bytesBetween(context, from, index);
  state.commit = index;
  traceCommit(context.traced, from);
  invariant(context, index > from, `commitIndex fell from ${from} to ${index}`);
  invariant(context, state.uncommittedBytes >= 0, 'more bytes were committed than waited for it');
  context.applyReady.broadcast(task);
}

function bytesBetween({ state }: Context, after: number, to: number): number {
  let bytes = 0;
  for (let index = Math.max(after, state.log.offset) + 1; index <= to; index++) bytes += state.log.at(index)?.size ?? 0;
  return bytes;
}

/** Stops the server where an impossible thing would go on and do harm. */
export function invariant(context: Context, holds: boolean, what: string): asserts holds {
  if (!holds) throw new InvariantError(context.id, what);
}
