import type { EventRule, FormatDefinition } from './definition.ts';
import { LEVELS } from './levels.ts';
import { note, received, sent, step, TIME } from './phrases.ts';

/** Raft numbers a shard and its replicas; a line begins with where the log stands, who speaks, and its term. */
const rules: readonly EventRule[] = [
  { when: { text: '^became follower' }, op: 'BecomeFollower', fields: { term: '{t}' } },
  { when: { text: '^became PreVote candidate' }, op: 'BecomePreCandidate', fields: { term: '{t}' } },
  { when: { text: '^became candidate' }, op: 'BecomeCandidate', fields: { term: '{t}' } },
  { when: { text: '^became leader' }, op: 'BecomeLeader', fields: { term: '{t}' } },
  { ...sent('^sent RequestVote to n(?<to>\\d+)', 'RequestVote'), fields: { dst: 'n{to}', msgTerm: '{t}' } },
  step('^cast vote from n(?<for>\\d+) index (?<li>\\d+) term (?<vt>\\d+), log term: (?<lt>\\d+)', 'Vote', {
    term: '{vt}',
    for: 'n{for}',
    lastLogIndex: '{li}',
    lastLogTerm: '{lt}',
  }),
  { ...sent('^rejected vote n(?<to>\\d+) index', 'RequestVoteReply'), fields: { dst: 'n{to}', granted: 'false' } },
  {
    ...received('^received RequestVoteResp from n(?<from>\\d+)', 'RequestVoteReply'),
    fields: { src: 'n{from}', msgTerm: '{t}', granted: 'true' },
  },
  {
    ...received('^received RequestVoteResp rejection from n(?<from>\\d+)', 'RequestVoteReply'),
    fields: { src: 'n{from}', msgTerm: '{t}', granted: 'false' },
  },
  note('.'),
];

export const dragonboatDefinition: FormatDefinition = {
  name: 'dragonboat',
  title: 'Dragonboat',
  line: {
    pattern: `^(?:(?<time>${TIME}|\\d\\d:\\d\\d:\\d\\d\\.\\d+) )?(?:(?<level>[A-Z]) \\| )?(?:raft: )?\\[f:\\d+,l:\\d+,t:\\d+,c:\\d+,a:\\d+\\] \\[(?<shard>\\d+):(?<me>\\d+)\\] t(?<t>\\d+),? (?<text>.*)$`,
  },
  time: { from: 'time', unit: 'auto' },
  node: ['n{me}'],
  level: { from: 'level', names: LEVELS },
  events: rules,
  detail: '{text}',
  group: 'shard',
};
