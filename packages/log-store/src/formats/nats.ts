import type { EventRule, FormatDefinition } from './definition.ts';
import { note, received, step } from './phrases.ts';

/** Where the log of a candidate ends. */
const LAST = { lastLogIndex: '{li}', lastLogTerm: '{lt}' };
const REQUEST = '&?\\{term:(?<t>\\d+) lastTerm:(?<lt>\\d+) lastIndex:(?<li>\\d+) candidate:(?<from>\\w+)';
const RESPONSE = '&?\\{term:(?<t>\\d+) peer:(?<from>\\w+) granted:';

/**
 * The Raft of JetStream (server/raft.go), which speaks at the level of debugging. A server says that it switches to a candidate before it raises its
 * term; it stands where it sends its request. Whom an answer goes to is not told.
 */
const rules: readonly EventRule[] = [
  { when: { text: '^Switching to follower' }, op: 'BecomeFollower' },
  { when: { text: '^Switching to candidate' }, op: 'BecomePreCandidate' },
  step('^Sending out voteRequest &?\\{term:(?<t>\\d+) (?:lastTerm:(?<lt>\\d+) lastIndex:(?<li>\\d+) )?', 'BecomeCandidate', LAST),
  { when: { text: '^Switching to leader' }, op: 'BecomeLeader' },
  received(`^Received a voteRequest ${REQUEST}`, 'RequestVote', LAST),
  received(`^Received a voteResponse ${RESPONSE}true`, 'RequestVoteReply', { granted: 'true' }),
  received(`^Received a voteResponse ${RESPONSE}false`, 'RequestVoteReply', { granted: 'false' }),
  note('.'),
];

export const natsDefinition: FormatDefinition = {
  name: 'nats',
  title: 'NATS JetStream',
  line: {
    pattern:
      '^(?:\\[\\d+\\] )?(?:(?<time>\\d{4}/\\d\\d/\\d\\d \\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?) )?\\[(?<level>[A-Z]{3})\\] RAFT \\[(?<me>\\w+) - (?<group>[^\\]]+)\\] (?<text>.*)$',
  },
  time: { from: 'time', unit: 'auto' },
  node: ['{me}'],
  level: { from: 'level', names: { TRC: 10, DBG: 20, INF: 30, WRN: 40, ERR: 50, FTL: 60 } },
  events: rules,
  detail: '{text}',
  group: 'group',
};
