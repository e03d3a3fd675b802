import type { EventRule, FormatDefinition } from './definition.ts';
import { LEVELS } from './levels.ts';
import { note, received, step } from './phrases.ts';

/** The message, as TiKV quotes it and as slog's terminal does not. */
const SAYS = '^(?:\\["?)?';
const key = (name: string, group: string, value: string) => `(?=.*?\\b"?${name}"?(?:=|: )"?(?<${group}>${value})\\b)`;
const perhaps = (name: string, group: string) => `(?=.*?\\b"?${name}"?(?:=|: )"?(?<${group}>\\d+)\\b|)`;
/** What the disk holds at a start. */
const ON_DISK = perhaps('commit', 'commit') + perhaps('last index', 'li') + perhaps('last term', 'lt');
const VOTES = `${SAYS}received votes response${key('from', 'from', '\\d+')}${key('term', 't', '\\d+')}(?=.*?\\btype(?:=|: )MsgRequestVoteResponse)`;
const CAST = `${SAYS}\\[?logterm: \\d+, index: \\d+, vote: \\d+\\]? cast vote for (?<to>\\d+) \\[?logterm: (?<lt>\\d+), index: (?<li>\\d+)\\]? at term (?<t>\\d+)(?=.*?\\bMsgRequestVote\\b)`;

const rules: readonly EventRule[] = [
  step(`${SAYS}newRaft"?(?=.*?(?<!last )\\bterm"?(?:=|: )(?<t>\\d+))${ON_DISK}`, 'Boot', {
    durableCommit: '{commit}',
    durableLast: '{li}',
    durableLastTerm: '{lt}',
  }),
  step(`${SAYS}starting a new election"?.*?\\bterm(?:=|: )(?<t>\\d+)`, 'Timeout', { timer: 'election' }),
  step(`${SAYS}became follower at term (?<t>\\d+)`, 'BecomeFollower'),
  step(`${SAYS}became pre-candidate at term (?<t>\\d+)`, 'BecomePreCandidate'),
  step(`${SAYS}became candidate at term (?<t>\\d+)`, 'BecomeCandidate'),
  step(`${SAYS}became leader at term (?<t>\\d+)`, 'BecomeLeader'),
  // The same phrase answers a pre-vote: which it is, the type of the message tells.
  step(CAST, 'Vote', { for: '{to}', lastLogIndex: '{li}', lastLogTerm: '{lt}' }),
  received(`${VOTES}(?=.*?\\bvote(?:=|: )true)`, 'RequestVoteReply', { granted: 'true' }),
  received(`${VOTES}(?=.*?\\bvote(?:=|: )false)`, 'RequestVoteReply', { granted: 'false' }),
  note('.'),
];

const ID = '(?=.*?\\braft_id(?:=|: )(?<me>\\d+))';
const REGION = '(?=.*?\\bregion_id(?:=|: )(?<region>\\d+)|)';

/** TiKV's own log, and raft-rs by slog's terminal. A region is a Raft group. */
export const tikvDefinition: FormatDefinition = {
  name: 'tikv',
  title: 'TiKV, raft-rs',
  line: [
    {
      pattern: `^\\[(?<time>\\d{4}/\\d\\d/\\d\\d [\\d:.]+ [+-]\\d\\d:\\d\\d)\\] \\[(?<level>[A-Z]+)\\] \\[[^\\]]{1,120}\\] ${ID}${REGION}(?<text>.*)$`,
    },
    { pattern: `^(?<time>[A-Z][a-z]{2} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3}) (?<level>[A-Z]{4}) ${ID}${REGION}(?<text>.*)$` },
  ],
  time: { from: 'time', unit: 'auto' },
  node: ['{me}'],
  level: { from: 'level', names: { INFO: 30, WARN: 40, ERROR: 50, DEBUG: 20, ERRO: 50, DEBG: 20, TRCE: 10, CRIT: 60, ...LEVELS } },
  events: rules,
  detail: '{text}',
  group: 'region',
};
