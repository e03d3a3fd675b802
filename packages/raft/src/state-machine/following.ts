import type { ServerId } from '../configuration.ts';
import type { AppendEntriesRequest } from '../message.ts';
import { isConsistent } from '../rules/append.ts';
import { type ConflictHint, hintFor } from '../rules/back-up.ts';
import { store } from './appending.ts';
import { commitAsFollower } from './committing.ts';
import { becomeFollower } from './roles.ts';
import type { Server } from './server.ts';
import { hardStateWait, logWait, post } from './storage.ts';
import { heardFromLeader } from './timers.ts';

/**
 * A message of the leader of this term: a candidate of the same term converts to follower (figure 2, candidates; 5.2), and the election
 * timer restarts.
 */
export function acceptLeader(server: Server, leader: ServerId): void {
  server.invariant(server.role !== 'leader', `${leader} leads in term ${server.term} too`);
  if (server.role === 'follower') {
    server.leader = leader;
  } else {
    becomeFollower(server, server.term, leader, 'leader of this term');
  }
  heardFromLeader(server);
}

/** Figure 2, AppendEntries receiver rules 2 to 5, for a leader of this server's term. */
export function onAppendEntries(server: Server, message: AppendEntriesRequest): void {
  acceptLeader(server, message.from);
  const { prevLogIndex, prevLogTerm, entries } = message;
  if (!isConsistent(server.log, prevLogIndex, prevLogTerm)) {
    refuse(server, message, hintFor(server.config.hintsBothWays, server.log, prevLogIndex, prevLogTerm));
    return;
  }
  store(server, prevLogIndex, entries);
  const lastNewIndex = prevLogIndex + entries.length;
  commitAsFollower(server, message.leaderCommit, lastNewIndex);
  acknowledge(server, message, lastNewIndex);
}

const NO_HINT: ConflictHint = { conflictIndex: 0, conflictTerm: 0 };

/** Figure 2, AppendEntries receiver rule 1: the reply tells the old leader of the newer term (5.1). */
export function refuseStaleLeader(server: Server, message: AppendEntriesRequest): void {
  refuse(server, message, NO_HINT);
}

/** The entries acknowledged are durable before the reply leaves (figure 2, persistent state). */
function acknowledge(server: Server, { id: re, from: to, prevLogIndex, round }: AppendEntriesRequest, match: number): void {
  const { id: from, term } = server;
  server.invariant(match <= server.log.lastIndex, `entry ${match} would be acknowledged, and the log does not hold it`);
  const id = server.nextMessageId();
  post(
    server,
    { kind: 'AppendEntriesReply', id, re, from, to, term, success: true, match, conflictIndex: 0, conflictTerm: 0, prevLogIndex, round },
    logWait(server, match),
  );
}

function refuse(server: Server, { id: re, from: to, prevLogIndex, round }: AppendEntriesRequest, hint: ConflictHint): void {
  const { id: from, term } = server;
  const { conflictIndex, conflictTerm } = hint;
  const id = server.nextMessageId();
  post(
    server,
    { kind: 'AppendEntriesReply', id, re, from, to, term, success: false, match: 0, conflictIndex, conflictTerm, prevLogIndex, round },
    hardStateWait(server),
  );
}
