import type { Event } from '@raftlens/events';

/**
 * Whether a line leaves out a part of a fact whose parts mean something only together (an index and its term, what a request says of the
 * leader's log): what is left out is unknown and not 0. Such a line is held against no rule, and shows that something was said.
 */
export function isHalfTold(event: Event): boolean {
  switch (event.op) {
    case 'AppendEntries': {
      const { prev, prevTerm, leaderCommit, entries } = event;
      const n = event.n ?? entries?.length;
      // etcd's heartbeats compare no logs.
      if (prev === undefined && prevTerm === undefined && n === 0) return false;
      return prev === undefined || prevTerm === undefined || n === undefined || leaderCommit === undefined;
    }
    case 'RequestVote':
    case 'PreVote':
      return (event.lastLogIndex === undefined) !== (event.lastLogTerm === undefined);
    case 'RequestVoteReply':
    case 'PreVoteReply':
      return event.granted === undefined;
    case 'AppendEntriesReply':
      return event.success === undefined;
    case 'InstallSnapshot':
      return event.lastIncludedIndex === undefined || event.lastIncludedTerm === undefined || event.done === undefined;
    case 'InstallSnapshotReply':
      return event.success === undefined || event.lastIncludedIndex === undefined;
    default:
      return false;
  }
}
