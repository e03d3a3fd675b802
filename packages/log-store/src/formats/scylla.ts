import type { EventRule, FormatDefinition } from './definition.ts';
import { LEVELS } from './levels.ts';
import { note, step, TIME } from './phrases.ts';

/** Where the log of a candidate ends. */
const LAST = { lastLogIndex: '{li}', lastLogTerm: '{lt}' };
const ID = '[0-9a-f]{8}-[0-9a-f-]{27}';

/**
 * raft/fsm.cc, which speaks at the level of traces. The line of a granted vote is that of a granted pre-vote too, so that it tells neither; whoever
 * asks for votes of its term without "prevote" stands in it.
 */
const rules: readonly EventRule[] = [
  step(`^fsm\\[(?<me>${ID})\\]: starting, current term (?<t>\\d+)(?:, log length \\d+, commit index (?<commit>\\d+)|)`, 'Boot', {
    durableCommit: '{commit}',
  }),
  step(`^tick\\[(?<me>${ID})\\]: becoming a candidate at term (?<t>\\d+)`, 'Timeout', { timer: 'election' }),
  step(
    `^(?<me>${ID}) \\[term: (?<t>\\d+), index: (?<li>\\d+), last log term: (?<lt>\\d+)(?:, force)?\\] sent vote request to`,
    'BecomeCandidate',
    LAST,
  ),
  { when: { text: `^fsm::become_leader\\(\\) (?<me>${ID}) ` }, op: 'BecomeLeader' },
  note(`(?<me>${ID})`),
];

export const scyllaDefinition: FormatDefinition = {
  name: 'scylla',
  title: 'ScyllaDB',
  line: { pattern: `^(?<level>[A-Z]+) +(?<time>${TIME}) \\[shard [^\\]]{1,40}\\] raft - (?:\\[[^\\]]{1,80}\\] )?(?<text>.*)$` },
  time: { from: 'time', unit: 'auto' },
  node: ['{me}', '{speaker}'],
  level: { from: 'level', names: LEVELS },
  events: rules,
  detail: '{text}',
};
