import type { EventRule, FormatDefinition } from './definition.ts';
import { LEVELS } from './levels.ts';
import { note, REFUSED, step } from './phrases.ts';

const REQUEST = 'VoteRequest\\{(?=[^}]*\\bterm=(?<t>\\d+))(?=[^}]*\\bcandidate=(?<peer>[^,}]+))';

/** Where the log of the candidate ends. */
const LAST = '(?:(?=[^}]*\\blastLogIndex=(?<li>\\d+))(?=[^}]*\\blastLogTerm=(?<lt>\\d+))|)';

/** RaftContext and the roles of Zeebe's Raft (Atomix). A partition is a group; who speaks stands in the name of the thread. */
const rules: readonly EventRule[] = [
  { when: { text: '^Transitioning to CANDIDATE' }, op: 'BecomePreCandidate' },
  step('^Requesting votes for term (?<t>\\d+)', 'BecomeCandidate'),
  { when: { text: '^Transitioning to LEADER' }, op: 'BecomeLeader' },
  { when: { text: '^Transitioning to FOLLOWER' }, op: 'BecomeFollower' },
  step(`^Accepted ${REQUEST}${LAST}`, 'Vote', { for: '{peer}', lastLogIndex: '{li}', lastLogTerm: '{lt}' }),
  { when: { text: `^Rejected ${REQUEST}` }, op: 'RequestVoteReply', dir: 'send', fields: { dst: '{peer}', ...REFUSED }, pair: '{t}' },
  note('.'),
];

export const zeebeDefinition: FormatDefinition = {
  name: 'zeebe',
  title: 'Zeebe (Camunda), Atomix',
  line: {
    pattern:
      '^(?<time>(?:\\d{4}-\\d\\d-\\d\\d )?[\\d:.,]+) (?=.{0,300}?\\[raft-server-(?<me>\\d+)-|)(?=.{0,300}?\\b(?<level>TRACE|DEBUG|INFO|WARN|ERROR)\\b|).{0,400}?RaftServer\\{(?:(?<old>\\d+)-)?(?<group>[\\w-]+)\\}(?:\\{role=\\w+\\})? - (?<text>.*)$',
  },
  time: { from: 'time', unit: 'auto' },
  node: ['{me|old}', '{speaker}'],
  level: { from: 'level', names: LEVELS },
  events: rules,
  detail: '{text}',
  group: 'group',
};
