import type { ServerId } from '../configuration.ts';

/** The end of a log, as a vote request tells of it. */
export interface LogEnd {
  readonly lastLogIndex: number;
  readonly lastLogTerm: number;
}

/**
 * Whether the candidate's log is at least as up-to-date as the voter's: the later last term wins, and of two logs with the same last
 * term the longer one (5.4.1).
 */
export function isUpToDate(candidate: LogEnd, lastIndex: number, lastTerm: number): boolean {
  if (candidate.lastLogTerm !== lastTerm) return candidate.lastLogTerm > lastTerm;
  return candidate.lastLogIndex >= lastIndex;
}

/** The vote of this term is still to give, or it is this candidate's already (5.2: first come, first served). */
export function hasVoteFor(vote: ServerId | null, candidate: ServerId): boolean {
  return vote === null || vote === candidate;
}

/** Figure 2, RequestVote receiver rule 2, in the candidate's own term (5.2, 5.4). */
export function grantsVote(vote: ServerId | null, candidate: ServerId, candidateLog: LogEnd, lastIndex: number, lastTerm: number): boolean {
  return hasVoteFor(vote, candidate) && isUpToDate(candidateLog, lastIndex, lastTerm);
}

/** A pre-vote says whether a vote would be granted in `term`. It is given by nobody, so that it is given to many (thesis 9.6). */
export function grantsPreVote(term: number, currentTerm: number, candidateLog: LogEnd, lastIndex: number, lastTerm: number): boolean {
  return term > currentTerm && isUpToDate(candidateLog, lastIndex, lastTerm);
}

/**
 * A server that heard from a current leader within the minimum election timeout ignores candidates, so that removed or returning
 * servers do not depose a good leader (6, last paragraph; thesis 4.2.3).
 */
export function sticksToLeader(nowMs: number, heardFromLeaderMs: number, electionTimeoutMinMs: number): boolean {
  return nowMs - heardFromLeaderMs < electionTimeoutMinMs;
}
