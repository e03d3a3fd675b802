import { membersOf, type ServerId } from '../configuration.ts';
import { traceBecomeCandidate, traceBecomeFollower, traceBecomeLeader, traceBecomePreCandidate, traceVote } from '../trace.ts';
import { refuseAskedReads, refuseReads } from './reads.ts';
import type { Server } from './server.ts';
import { beforeHardStateChange } from './storage.ts';
import { resetElectionTimer } from './timers.ts';
import { leaveTransfer } from './transfer.ts';

/**
 * Converts to follower in `term` (figure 2, all servers; 5.1). A new term comes without a vote given in it. The election timer of one who
 * was a follower goes on: a higher term alone is no sign of life of a leader (figure 2, followers).
 */
export function becomeFollower(server: Server, term: number, leader: ServerId | null, why: string): void {
  server.invariant(term >= server.term, `currentTerm would fall from ${server.term} to ${term}`);
  if (term > server.term) {
    beforeHardStateChange(server);
    server.term = term;
    server.vote = null;
    refuseAskedReads(server);
  }
  const wasLeader = server.role === 'leader';
  server.role = 'follower';
  server.leader = leader;
  server.votes.clear();
  if (wasLeader) leaveLeadership(server);
  traceBecomeFollower(server, leader, why);
}

function leaveLeadership(server: Server): void {
  refuseReads(server);
  server.members.clear();
  server.heartbeatDeadlineMs = Number.POSITIVE_INFINITY;
  server.quorumDeadlineMs = Number.POSITIVE_INFINITY;
  leaveTransfer(server);
  server.abdicated = false;
  server.uncommittedBytes = 0;
  resetElectionTimer(server);
}

/** Asks around first, in the term that it has (thesis 9.6). */
export function becomePreCandidate(server: Server): void {
  refuseAskedReads(server);
  server.role = 'precandidate';
  server.leader = null;
  server.votes.clear();
  server.votes.set(server.id, true);
  resetElectionTimer(server);
  traceBecomePreCandidate(server);
}

/**
 * Figure 2, candidates: raise currentTerm, vote for self, restart the election timer (5.2). Its own vote counts once it is durable, like
 * that of any other voter: see `countOwnVote`.
 */
export function becomeCandidate(server: Server): void {
  beforeHardStateChange(server);
  server.term++;
  server.vote = server.id;
  server.role = 'candidate';
  server.leader = null;
  server.votes.clear();
  resetElectionTimer(server);
  refuseAskedReads(server);
  traceBecomeCandidate(server);
}

/** Figure 2, state on leaders: nothing is known of the peers; nextIndex starts after the leader's last entry, matchIndex at 0 (5.3). */
export function becomeLeader(server: Server): void {
  server.invariant(server.role === 'candidate', `a ${server.role} cannot become leader`);
  server.invariant(server.vote === server.id, `a candidate has given its vote to ${server.vote}`);
  const voters = [...server.votes].filter(([, granted]) => granted).map(([id]) => id);
  server.role = 'leader';
  server.leader = server.id;
  server.votes.clear();
  server.members.clear();
  const { configuration, configurations, members, id, log, nowMs, lastMessageId } = server;
  const start = { next: log.lastIndex + 1, nowMs, lastMessageId, joins: false };
  members.configure(configuration, id, start);
  if (configurations.index > server.commit) members.tellFormer(membersOf(configurations.before), id, start, configurations.index);
  server.reads.clear();
  server.uncommittedBytes = bytesAfter(server, server.commit);
  traceBecomeLeader(server, voters);
}

function bytesAfter({ log }: Server, index: number): number {
  return log.slice(Math.max(index, log.offset) + 1, log.lastIndex).reduce((sum, entry) => sum + entry.size, 0);
}

/** Gives the vote of this term, which has to be durable before the reply tells of it (figure 2, RequestVote rule 2 and persistent state). */
export function giveVote(server: Server, candidate: ServerId): void {
  if (server.vote !== candidate) {
    beforeHardStateChange(server);
    server.vote = candidate;
  }
  traceVote(server, candidate);
}
