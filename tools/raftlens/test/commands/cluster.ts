import { assembleEvent, type Event, type EventFields, encodeLine } from '@raftlens/events';

const STATE = { term: 1, role: 'follower', vote: 'S1', commit: 0, applied: 0, last: 0, lastTerm: 0 } as const;
const LEADER = { ...STATE, role: 'leader' } as const;

type Fields = Partial<Omit<EventFields, 'op'>>;
type Step = Fields & Pick<Event, 'op'>;

const message = (src: string, dst: string, id: number, op: Event['op'], fields: Fields): readonly Step[] => [
  { op, node: src, dir: 'send', src, dst, id, ...(src === 'S1' ? LEADER : STATE), msgTerm: 1, ...fields },
  { op, node: dst, dir: 'recv', src, dst, id, ...(dst === 'S1' ? LEADER : STATE), msgTerm: 1, ...fields },
];

/** S1 is elected, replicates one command to S2, loses a message to S3 and sends a heartbeat. */
const STEPS: readonly Step[] = [
  { op: 'BecomeCandidate', node: 'S1', ...STATE, role: 'candidate' },
  ...message('S1', 'S2', 1, 'RequestVote', { lastLogIndex: 0, lastLogTerm: 0 }),
  { op: 'BecomeFollower', node: 'S2', ...STATE, why: 'a higher term' },
  ...message('S2', 'S1', 2, 'RequestVoteReply', { re: 1, granted: true }),
  { op: 'BecomeLeader', node: 'S1', ...LEADER },
  { op: 'Start', node: 'S1', ...LEADER, index: 1, hash: '0000000a', cmd: 'put x, "1"' },
  ...message('S1', 'S2', 3, 'AppendEntries', { prev: 0, prevTerm: 0, n: 1, leaderCommit: 0 }),
  {
    op: 'AppendEntries',
    node: 'S1',
    dir: 'send',
    src: 'S1',
    dst: 'S3',
    id: 4,
    ...LEADER,
    msgTerm: 1,
    prev: 0,
    prevTerm: 0,
    n: 1,
    leaderCommit: 0,
  },
  {
    op: 'AppendEntries',
    node: 'S1',
    boot: 0,
    dir: 'drop',
    src: 'S1',
    dst: 'S3',
    id: 4,
    msgTerm: 1,
    prev: 0,
    prevTerm: 0,
    n: 1,
    leaderCommit: 0,
  },
  ...message('S2', 'S1', 5, 'AppendEntriesReply', { re: 3, success: true, match: 1 }),
  { op: 'Commit', node: 'S1', ...LEADER, commit: 1, index: 1, from: 0 },
  ...message('S1', 'S2', 6, 'AppendEntries', { prev: 1, prevTerm: 1, n: 0, leaderCommit: 1 }),
];

export const EVENTS: readonly Event[] = STEPS.map((step, i) => {
  const node = step.node ?? 'S1';
  return assembleEvent({ seq: i + 1, time: (i + 1) * 1.5, node, boot: 1, src: node, dst: node, ...step });
});

export const LOG = EVENTS.map((event) => `${encodeLine(event)}\n`).join('');
