import type { Event } from '@raftlens/events';

/**
 * Whether a line can be held against a rule at all. Facts that mean something only together (an index and its term, what a request says of
 * the leader's log) are unknown where one of them is not told: what is left out is not 0. Then nobody knows what the line tells, as if it
 * were not there.
 */
export function isHalfTold(event: Event): boolean {
  switch (event.op) {
    case 'AppendEntries': {
      const { prev, prevTerm, n, leaderCommit } = event;
      return isTorn(prev, prevTerm) || isTorn(prev, n) || isTorn(prev, leaderCommit);
    }
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

/** Whether one of them is told, and the other not. Asked of every message, so that nothing is made for it. */
function isTorn(one: unknown, other: unknown): boolean {
  return (one === undefined) !== (other === undefined);
}
