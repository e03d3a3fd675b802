import type { EventRule, FormatDefinition } from './definition.ts';
import { TEXT_FORM } from './text-form.ts';

const NODE = '"?Node at [^ "]+ \\[\\w+\\]"?';
const rule = (text: string, op: string, fields: EventRule['fields'] = {}): EventRule => ({ when: { text }, op, fields });
const received = (text: string, op: string, fields: EventRule['fields'] = {}): EventRule => ({
  when: { text },
  op,
  dir: 'recv',
  fields: { src: '{from}', ...fields },
});

/** hashicorp/raft by hclog. The server is named in few lines only: the file is the peer. */
export const hclogDefinition: FormatDefinition = {
  name: 'hclog',
  title: 'hashicorp/raft (hclog)',
  line: {
    pattern: '^(?<time>\\d{4}-\\d\\d-\\d\\dT[\\d:.]+(?:Z|[+-]\\d\\d:?\\d\\d)) \\[(?<level>[A-Z]+)\\]\\s+(?<module>[\\w.@-]+): (?<text>.*)$',
  },
  time: { from: 'time', unit: 'iso' },
  node: ['{peer_of_file}', '{file}'],
  level: { from: 'level', names: { trace: 10, debug: 20, info: 30, warn: 40, error: 50 } },
  events: [
    { when: { text: TEXT_FORM }, op: 'text' },
    rule(`entering follower state: follower=${NODE}`, 'BecomeFollower'),
    rule(`entering candidate state: node=${NODE} term=(?<t>\\d+)`, 'BecomeCandidate', { term: '{t}' }),
    rule(`entering leader state: leader=${NODE}`, 'BecomeLeader'),
    rule('heartbeat timeout reached, starting election', 'Timeout', { timer: 'heartbeat' }),
    rule('Election timeout reached, restarting election', 'Timeout', { timer: 'election' }),
    received('vote granted: from=(?<from>\\S+) term=(?<t>\\d+)', 'RequestVoteReply', { msgTerm: '{t}', granted: 'true' }),
    received('vote denied: from=(?<from>\\S+) term=(?<t>\\d+)', 'RequestVoteReply', { msgTerm: '{t}', granted: 'false' }),
    received(
      'appendEntries rejected, sending older logs: peer="?\\{\\w+ (?<from>\\S+) \\S+\\}"? next=(?<next>\\d+)',
      'AppendEntriesReply',
      {
        success: 'false',
        conflictIndex: '{next}',
      },
    ),
    rule('clearing log suffix: from=(?<index>\\d+)', 'Truncate', { index: '{index}' }),
    rule('starting snapshot up to: index=(?<index>\\d+)', 'SnapshotTaken', { index: '{index}' }),
    rule('initial configuration: index=(?<index>\\d+)', 'ConfigChange', { index: '{index}', phase: 'initial' }),
  ],
  detail: '{module}: {text}',
};
