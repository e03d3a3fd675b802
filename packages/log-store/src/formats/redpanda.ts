import type { EventRule, FormatDefinition } from './definition.ts';
import { LEVELS } from './levels.ts';
import { note, step, TIME } from './phrases.ts';

/** consensus.cc and vote_stm.cc. Lines do not say which broker speaks: the file or its container does. */
const rules: readonly EventRule[] = [
  step('^Starting with voted_for .* term (?<t>\\d+) initial_state', 'Boot'),
  { when: { text: '^starting pre-vote leader election, current term: (?<t>\\d+)' }, op: 'BecomePreCandidate', fields: { term: '{t}' } },
  step('^\\[pre-vote: false\\] voting for self in term (?<t>\\d+)', 'BecomeCandidate'),
  step('^becoming the leader term: ?(?<t>\\d+)', 'BecomeLeader'),
  step('^became the leader term: ?(?<t>\\d+)', 'BecomeLeader'),
  step('^Stepping down as leader in term (?<t>\\d+)', 'BecomeFollower'),
  note('.'),
];

export const redpandaDefinition: FormatDefinition = {
  name: 'redpanda',
  title: 'Redpanda',
  line: {
    pattern: `^(?<level>[A-Z]+) +(?<time>${TIME}) \\[shard [^\\]]{1,40}\\] raft - \\[(?:follower: [^\\]]*\\] \\[)?group_id: ?(?<group>\\d+), [^\\]]*\\] (?:[\\w.]+:\\d+ - )?(?<text>.*)$`,
  },
  time: { from: 'time', unit: 'auto' },
  node: ['{speaker}'],
  level: { from: 'level', names: LEVELS },
  events: rules,
  detail: '{text}',
  group: 'group',
};
