import type { EventRule, FormatDefinition } from './definition.ts';
import { LEVELS } from './levels.ts';
import { step, TIME } from './phrases.ts';

/** ra_server.erl and ra_server_proc.erl, by RabbitMQ's logger. A queue is a group; its members are Erlang's nodes. */
const rules: readonly EventRule[] = [
  step('^election called for in term (?<t>\\d+)', 'BecomeCandidate'),
  step('^pre_vote election called for in term (?<t>\\d+)', 'BecomePreCandidate'),
  step('^\\w+ -> leader in term: (?<t>\\d+)', 'BecomeLeader'),
  step('^\\w+ -> follower in term: (?<t>\\d+)', 'BecomeFollower'),
  step(
    "^granting vote for \\{[^,}]+,\\s*'?(?<for>[^}']+)'?\\} with last (?:.*?\\{(?<li>\\d+),\\s*(?<lt>\\d+)\\}|.*) for term (?<t>\\d+) previous term was",
    'Vote',
    {
      for: '{for}',
      lastLogIndex: '{li}',
      lastLogTerm: '{lt}',
    },
  ),
  {
    when: { text: '^(?:\\w+ -> \\w+ in term|pre_vote granted|vote granted|declining vote|leader saw|follower |detected a new leader)' },
    op: 'Note',
  },
];

export const raDefinition: FormatDefinition = {
  name: 'ra',
  title: 'rabbitmq/ra (quorum queues, streams, Khepri)',
  line: [
    {
      pattern: `^(?<time>${TIME}) \\[(?<level>\\w+)\\] <[\\d.]+> (?<group>.{1,200}?): (?<text>(?:\\w+ -> \\w+ in term|(?:pre_vote )?election called for|granting vote for|declining vote|(?:pre_)?vote granted|leader saw|detected a new leader).*)$`,
    },
    { pattern: `^(?<time>${TIME}) \\[(?<level>\\w+)\\] <[\\d.]+> (?<text> ?node +: \\S+)$` },
  ],
  time: { from: 'time', unit: 'auto' },
  node: ['{speaker}'],
  level: { from: 'level', names: LEVELS },
  events: rules,
  detail: '{text}',
  group: 'group',
  identity: [{ when: { text: '^ ?node +: (?<self>\\S+)$' }, self: '{self}' }],
};
