import type { EventRule, FormatDefinition } from './definition.ts';
import { LEVELS } from './levels.ts';
import { note, received, step } from './phrases.ts';

const ELECTION = '^\\[CANDIDATE\\]: Term (?<t>\\d+) election: ';

/** raft_consensus.cc and leader_election.cc, which Kudu has too. A tablet is a group. */
const rules: readonly EventRule[] = [
  { when: { text: '^\\[CANDIDATE\\]: Term \\d+ pre-election: Requesting vote' }, op: 'BecomePreCandidate' },
  step(`${ELECTION}Requesting vote from peer`, 'BecomeCandidate'),
  received(`${ELECTION}Vote granted by peer (?<from>[0-9a-f]+)`, 'RequestVoteReply', { granted: 'true' }),
  // A refusal carries the voter's term, which the line does not tell.
  { ...received(`${ELECTION}Vote denied by peer (?<from>[0-9a-f]+)`, 'RequestVoteReply'), fields: { src: '{from}', granted: 'false' } },
  step(
    '^\\[term \\d+ \\w+\\]: +Leader election vote request: Granting yes vote for candidate (?<for>[0-9a-f]+) in term (?<t>\\d+)',
    'Vote',
    {
      for: '{for}',
    },
  ),
  step('^\\[term \\d+ \\w+\\]: Leader election won for term (?<t>\\d+)', 'BecomeLeader'),
  note('.'),
];

export const yugabyteDefinition: FormatDefinition = {
  name: 'yugabyte',
  title: 'YugabyteDB, Apache Kudu',
  line: {
    pattern:
      '^(?:\\[[\\w-]{1,20}\\] )?(?<level>[IWEF])(?<time>\\d{4} [\\d:.]+) +\\d+ [^\\]]{1,120}\\] T (?<tablet>[0-9a-f]{32}) P (?<me>[0-9a-f]{32}) (?<text>\\[.*)$',
  },
  time: { from: 'time', unit: 'auto' },
  node: ['{me}'],
  level: { from: 'level', names: LEVELS },
  events: rules,
  detail: '{text}',
  group: 'tablet',
};
