import type { EventRule, FormatDefinition } from './definition.ts';
import { LEVELS } from './levels.ts';
import { note, received, step } from './phrases.ts';

const NOT_PRE_VOTE = '(?=.*isPreVote = (?:0|false))';
const LAST = '.*?lastLogId = (?<li>\\d+), lastLogTerm = (?<lt>\\d+)';
const CANDIDATE = '(?=.*?candidateIP = "?(?<ip>[^",\\s]+)"?, candidatePort = (?<port>\\d+))';

/** raftex/RaftPart.cpp, of which most speaks at glog's higher levels. A part of a space is a group. */
const rules: readonly EventRule[] = [
  step(`^Sending out an election request .*?\\bterm = (?<t>\\d+)(?:${LAST}|)${NOT_PRE_VOTE}`, 'BecomeCandidate', {
    lastLogIndex: '{li}',
    lastLogTerm: '{lt}',
  }),
  step('^Partition is elected as the new leader for term (?<t>\\d+)', 'BecomeLeader'),
  step('^The current role is \\w+\\. Will follow the new leader .* on term (?<t>\\d+)', 'BecomeFollower'),
  received(`^Received a VOTING request.*?candidateAddr = "?(?<from>[^",\\s]+)"?, term = (?<t>\\d+)${LAST}${NOT_PRE_VOTE}`, 'RequestVote', {
    lastLogIndex: '{li}',
    lastLogTerm: '{lt}',
  }),
  note('.'),
];

export const nebulaDefinition: FormatDefinition = {
  name: 'nebula',
  title: 'NebulaGraph',
  line: {
    pattern:
      '^(?<level>[IWEF])(?<time>(?:\\d{4}|\\d{8}) [\\d:.]+) +\\d+ [^\\]]{1,120}\\] \\[Port: (?<raftport>\\d+), (?<group>Space: \\d+, Part: \\d+)\\] (?<text>.*)$',
  },
  time: { from: 'time', unit: 'auto' },
  node: ['{speaker}', 'port-{raftport}'],
  level: { from: 'level', names: LEVELS },
  events: rules,
  detail: '{text}',
  group: 'group',
  identity: [{ when: { text: `^Sending out an election request ${CANDIDATE}` }, self: '{ip}:{port}' }],
};
