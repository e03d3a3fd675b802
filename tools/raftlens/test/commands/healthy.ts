import { type Event, encodeLine } from '@raftlens/events';

type Step = Partial<Event> & Pick<Event, 'op' | 'node'>;

const FOLLOWER = { term: 0, role: 'follower', vote: null, commit: 0, applied: 0, last: 0, lastTerm: 0 } as const;
const CANDIDATE = { ...FOLLOWER, term: 1, role: 'candidate', vote: 'S1' } as const;
const LEADER = { ...CANDIDATE, role: 'leader' } as const;
const VOTER = { ...FOLLOWER, term: 1, vote: 'S1' } as const;
const ONE_ENTRY = { last: 1, lastTerm: 1 } as const;
const BOOT = { snapshotIndex: 0, snapshotTerm: 0, voters: ['S1', 'S2'] } as const;
const VOTE_DURABLE = { what: 'vote', durableTerm: 1, durableVote: 'S1', durableLast: 0, durableLastTerm: 0 } as const;
const LOG_DURABLE = { what: 'log', durableTerm: 1, durableVote: 'S1', durableLast: 1, durableLastTerm: 1 } as const;
const ENTRY = { index: 1, n: 1, entries: [{ term: 1, hash: '0000000a' }] } as const;

const ask = { src: 'S1', dst: 'S2', id: 1, msgTerm: 1, lastLogIndex: 0, lastLogTerm: 0 } as const;
const grant = { src: 'S2', dst: 'S1', id: 2, re: 1, msgTerm: 1, granted: true } as const;
const append = { src: 'S1', dst: 'S2', id: 3, msgTerm: 1, prev: 0, prevTerm: 0, n: 1, leaderCommit: 0, entries: ENTRY.entries } as const;
const accept = { src: 'S2', dst: 'S1', id: 4, re: 3, msgTerm: 1, success: true, match: 1 } as const;

/** Two servers: an election, a command that is replicated, committed and applied. Figure 2 to the letter. */
const STEPS: readonly Step[] = [
  { op: 'Boot', node: 'S1', ...FOLLOWER, ...BOOT },
  { op: 'Boot', node: 'S2', ...FOLLOWER, ...BOOT },
  { op: 'Timeout', node: 'S1', ...FOLLOWER, timer: 'election' },
  { op: 'BecomeCandidate', node: 'S1', ...CANDIDATE },
  { op: 'Persist', node: 'S1', ...CANDIDATE, ...VOTE_DURABLE },
  { op: 'RequestVote', node: 'S1', dir: 'send', ...CANDIDATE, ...ask },
  { op: 'RequestVote', node: 'S2', dir: 'recv', ...FOLLOWER, ...ask },
  { op: 'BecomeFollower', node: 'S2', ...FOLLOWER, term: 1, why: 'a higher term' },
  { op: 'Vote', node: 'S2', ...VOTER, for: 'S1' },
  { op: 'Persist', node: 'S2', ...VOTER, ...VOTE_DURABLE },
  { op: 'RequestVoteReply', node: 'S2', dir: 'send', ...VOTER, ...grant },
  { op: 'RequestVoteReply', node: 'S1', dir: 'recv', ...CANDIDATE, ...grant },
  { op: 'BecomeLeader', node: 'S1', ...LEADER },
  { op: 'Start', node: 'S1', ...LEADER, index: 1, hash: '0000000a', cmd: 'put x 1' },
  { op: 'Append', node: 'S1', ...LEADER, ...ONE_ENTRY, ...ENTRY },
  { op: 'Persist', node: 'S1', ...LEADER, ...ONE_ENTRY, ...LOG_DURABLE },
  { op: 'AppendEntries', node: 'S1', dir: 'send', ...LEADER, ...ONE_ENTRY, ...append },
  { op: 'AppendEntries', node: 'S2', dir: 'recv', ...VOTER, ...append },
  { op: 'Append', node: 'S2', ...VOTER, ...ONE_ENTRY, ...ENTRY },
  { op: 'Persist', node: 'S2', ...VOTER, ...ONE_ENTRY, ...LOG_DURABLE },
  { op: 'AppendEntriesReply', node: 'S2', dir: 'send', ...VOTER, ...ONE_ENTRY, ...accept },
  { op: 'AppendEntriesReply', node: 'S1', dir: 'recv', ...LEADER, ...ONE_ENTRY, ...accept },
  { op: 'Commit', node: 'S1', ...LEADER, ...ONE_ENTRY, commit: 1, index: 1, from: 0 },
  { op: 'Apply', node: 'S1', ...LEADER, ...ONE_ENTRY, commit: 1, applied: 1, index: 1, entryTerm: 1, hash: '0000000a' },
];

export const HEALTHY_EVENTS: readonly Event[] = STEPS.map((step, i) => ({
  seq: i + 1,
  time: (i + 1) * 1.5,
  boot: 1,
  src: step.node,
  dst: step.node,
  ...step,
}));

export const HEALTHY = HEALTHY_EVENTS.map((event) => `${encodeLine(event)}\n`).join('');
