import { type Event, encodeLine, type Opcode } from '@raftlens/events';

type Step = Partial<Event> & { readonly op: Opcode };

/** A follower that has seen nothing yet. */
export const BLANK = { term: 0, role: 'follower', vote: null, commit: 0, applied: 0, last: 0, lastTerm: 0 } as const;

/** Fills in what a test does not care about: 1 ms and one seq an event, S1 speaking. */
export function eventsOf(steps: readonly Step[]): Event[] {
  return steps.map((step, i) => {
    const node = step.node ?? 'S1';
    return { seq: i + 1, time: i + 1, node, boot: 1, src: node, dst: node, ...step };
  });
}

export function textOfLog(steps: readonly Step[]): string {
  return eventsOf(steps)
    .map((event) => `${encodeLine(event)}\n`)
    .join('');
}

/** S1 is elected by S2 in term 1 and sends a heartbeat, which is answered. A vote to S3 is lost. */
export const ELECTION: readonly Step[] = [
  { op: 'Boot', node: 'S1', ...BLANK, snapshotIndex: 0, snapshotTerm: 0, voters: ['S1', 'S2', 'S3'] },
  { op: 'Boot', node: 'S2', ...BLANK, snapshotIndex: 0, snapshotTerm: 0, voters: ['S1', 'S2', 'S3'] },
  { op: 'BecomeCandidate', node: 'S1', ...BLANK, term: 1, role: 'candidate', vote: 'S1' },
  {
    op: 'RequestVote',
    node: 'S1',
    dir: 'send',
    src: 'S1',
    dst: 'S2',
    id: 1,
    ...BLANK,
    term: 1,
    role: 'candidate',
    msgTerm: 1,
    lastLogIndex: 0,
    lastLogTerm: 0,
  },
  {
    op: 'RequestVote',
    node: 'S1',
    dir: 'send',
    src: 'S1',
    dst: 'S3',
    id: 2,
    ...BLANK,
    term: 1,
    role: 'candidate',
    msgTerm: 1,
    lastLogIndex: 0,
    lastLogTerm: 0,
  },
  { op: 'RequestVote', node: 'S1', dir: 'drop', src: 'S1', dst: 'S3', id: 2, msgTerm: 1, lastLogIndex: 0, lastLogTerm: 0 },
  { op: 'RequestVote', node: 'S2', dir: 'recv', src: 'S1', dst: 'S2', id: 1, ...BLANK, msgTerm: 1, lastLogIndex: 0, lastLogTerm: 0 },
  { op: 'Vote', node: 'S2', ...BLANK, term: 1, vote: 'S1', for: 'S1' },
  {
    op: 'RequestVoteReply',
    node: 'S2',
    dir: 'send',
    src: 'S2',
    dst: 'S1',
    id: 3,
    re: 1,
    ...BLANK,
    term: 1,
    vote: 'S1',
    msgTerm: 1,
    granted: true,
  },
  {
    op: 'RequestVoteReply',
    node: 'S1',
    dir: 'recv',
    src: 'S2',
    dst: 'S1',
    id: 3,
    re: 1,
    ...BLANK,
    term: 1,
    role: 'candidate',
    msgTerm: 1,
    granted: true,
  },
  { op: 'BecomeLeader', node: 'S1', ...BLANK, term: 1, role: 'leader', vote: 'S1' },
  {
    op: 'AppendEntries',
    node: 'S1',
    dir: 'send',
    src: 'S1',
    dst: 'S2',
    id: 4,
    ...BLANK,
    term: 1,
    role: 'leader',
    msgTerm: 1,
    prev: 0,
    prevTerm: 0,
    n: 0,
    leaderCommit: 0,
  },
  {
    op: 'AppendEntries',
    node: 'S2',
    dir: 'recv',
    src: 'S1',
    dst: 'S2',
    id: 4,
    ...BLANK,
    term: 1,
    msgTerm: 1,
    prev: 0,
    prevTerm: 0,
    n: 0,
    leaderCommit: 0,
  },
  {
    op: 'AppendEntriesReply',
    node: 'S2',
    dir: 'send',
    src: 'S2',
    dst: 'S1',
    id: 5,
    re: 4,
    ...BLANK,
    term: 1,
    msgTerm: 1,
    success: true,
    match: 0,
  },
  {
    op: 'Append',
    node: 'S1',
    ...BLANK,
    term: 1,
    role: 'leader',
    last: 2,
    lastTerm: 1,
    index: 1,
    n: 2,
    entries: [
      { term: 1, hash: '00000001' },
      { term: 1, hash: '00000002' },
    ],
  },
  { op: 'Truncate', node: 'S1', ...BLANK, term: 1, role: 'leader', last: 1, lastTerm: 1, index: 2, n: 1 },
  {
    op: 'Append',
    node: 'S1',
    ...BLANK,
    term: 1,
    role: 'leader',
    last: 2,
    lastTerm: 1,
    index: 2,
    n: 1,
    entries: [{ term: 1, hash: '00000003' }],
  },
  { op: 'Crash', node: 'TEST', boot: 0, target: 'S2' },
];
