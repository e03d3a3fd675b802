import type { EventRule, FormatDefinition } from './definition.ts';
import { LEVELS } from './levels.ts';
import { note, phraseHeads, received, step, TIME } from './phrases.ts';

const DISK = { durableLast: '{li}', durableLastTerm: '{lt}' };

/**
 * NodeImpl. The line of a server that stands tells the term before, so that only its role is known; who grants a vote does not say so, and neither
 * does who gets it.
 */
const rules: readonly EventRule[] = [
  step('^init, term=(?<t>\\d+),(?: lastLogId=LogId \\[index=(?<li>\\d+), term=(?<lt>\\d+)|)', 'Boot', DISK),
  { when: { text: '^term \\d+ start preVote' }, op: 'BecomePreCandidate' },
  { when: { text: '^start vote and grant vote self, term=' }, op: 'BecomePreCandidate' },
  step('^become leader of group, term=(?<t>\\d+),', 'BecomeLeader'),
  step('^stepDown, term=\\d+, newTerm=(?<t>\\d+)', 'BecomeFollower'),
  received('^received RequestVoteRequest from (?<from>[^\\s,]+), term=(?<t>\\d+), currTerm=(?<mine>\\d+)', 'RequestVote', {
    term: '{mine}',
  }),
  note('.'),
];

export const jraftDefinition: FormatDefinition = {
  name: 'jraft',
  title: 'SOFAJRaft',
  line: phraseHeads('Node <', 'Node <(?<group>[^>/]{1,200})/(?<me>[^>]{1,200})> (?<text>.*)'),
  time: { from: 'time', unit: 'auto' },
  node: ['{me}'],
  level: { from: 'level', names: LEVELS },
  events: rules,
  detail: '{text}',
  group: 'group',
};

const VOTE = '^received RequestVoteResponse from (?<from>\\S+) term (?<t>\\d+) granted ';

/** node.cpp of braft, from which JRaft was made: almost the same words, by glog. */
const braftRules: readonly EventRule[] = [
  step('^init, term: (?<t>\\d+)(?: last_log_id: \\(index=(?<li>\\d+),term=(?<lt>\\d+)|)', 'Boot', DISK),
  { when: { text: '^term \\d+ start pre_vote' }, op: 'BecomePreCandidate' },
  { when: { text: '^term \\d+ start vote and grant vote self' }, op: 'BecomePreCandidate' },
  step('^term (?<t>\\d+) become leader of group', 'BecomeLeader'),
  received('^received RequestVote from (?<from>\\S+) in term (?<t>\\d+) current_term (?<mine>\\d+)', 'RequestVote', { term: '{mine}' }),
  received(`${VOTE}1`, 'RequestVoteReply', { granted: 'true' }),
  received(`${VOTE}0`, 'RequestVoteReply', { granted: 'false' }),
  note('.'),
];

export const braftDefinition: FormatDefinition = {
  ...jraftDefinition,
  name: 'braft',
  title: 'braft',
  line: {
    pattern: `^(?<level>[IWEF])(?<time>(?:\\d{4}|\\d{8}) [\\d:.]+|${TIME}) +\\d+ [^\\]]{1,200}\\] node (?<group>[^\\s:]+):(?<me>[\\d.]+:\\d+:\\d+(?::\\d+)?) (?<text>.*)$`,
  },
  events: braftRules,
};
