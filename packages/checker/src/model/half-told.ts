import type { Event } from '@raftlens/events';

/**
 * Whether a line can be held against a rule at all. Facts that mean something only together (an index and its term, what a request says of
 * the leader's log) are unknown where one of them is not told: what is left out is not 0. Then nobody knows what the line tells, as if it
 * were not there.
 */
export function isHalfTold(event: Event): boolean {
  switch (event.op) {
    case 'AppendEntries':
      return isTorn(event.prev, event.prevTerm, event.n, event.leaderCommit);
    case 'RequestVote':
    case 'PreVote':
      return isTorn(event.lastLogIndex, event.lastLogTerm);
    case 'RequestVoteReply':
    case 'PreVoteReply':
      return event.granted === undefined;
    case 'AppendEntriesReply':
      return event.success === undefined;
    case 'Persist':
      return isTorn(event.durableTerm, event.durableVote) || (event.durableLast === undefined && event.durableLastTerm !== undefined);
    default:
      return false;
  }
}

/** Whether some of them are told, and others not. */
function isTorn(...facts: readonly unknown[]): boolean {
  const told = facts.filter((fact) => fact !== undefined).length;
  return told > 0 && told < facts.length;
}
