import type { EventRule, FormatDefinition } from './definition.ts';
import { TEXT_FORM } from './text-form.ts';

/** A value that a line has beside its message: how it stands in the text (`from=n2`), and where in JSON. */
interface Value {
  readonly text: string;
  readonly path: string;
  readonly json: string;
}

const value = (key: string, group = key, pattern = '\\S+'): Value => ({
  text: `\\b${key}="?(?<${group}>${pattern})`,
  path: key,
  json: `^(?<${group}>${pattern})`,
});
const TERM = value('term', 'term', '\\d+');
const INDEX = value('index', 'index', '\\d+');
const SERVERS = value('servers', 'servers', '\\[.*');
const VOTERS = { voters: { list: 'servers', find: 'Suffrage:Voter ID:([^ }]+)', each: '{}' } };
const PEER: Value = { text: 'peer="?\\{\\w+ (?<from>\\S+) \\S+\\}', path: 'peer.ID', json: '(?<from>.+)' };

/** What a message of hashicorp/raft means: the rule without its conditions, the message's text, and the values that it must have. */
interface Meaning extends Omit<EventRule, 'when'> {
  readonly says: string;
  readonly values?: readonly Value[];
}

type Step = Omit<Meaning, 'says' | 'values'>;
const vote = (granted: 'true' | 'false'): Step => ({
  op: 'RequestVoteReply',
  dir: 'recv',
  fields: { src: '{from}', msgTerm: '{term}', granted },
});
const refusal: Step = { op: 'RequestVoteReply', dir: 'send', fields: { dst: '{to}', granted: 'false' } };

const MEANINGS: readonly Meaning[] = [
  // What a server says first, each time that it starts.
  { says: 'initial configuration', values: [SERVERS], op: 'Boot', fields: VOTERS },
  { says: 'updating configuration', values: [SERVERS], op: 'ConfigChange', fields: VOTERS },
  { says: 'entering follower state', op: 'BecomeFollower' },
  { says: 'entering candidate state', values: [TERM], op: 'BecomeCandidate', fields: { term: '{term}' } },
  { says: 'entering leader state', op: 'BecomeLeader' },
  { says: 'heartbeat timeout reached, starting election', op: 'Timeout', fields: { timer: 'heartbeat' } },
  { says: 'Election timeout reached, restarting election', op: 'Timeout', fields: { timer: 'election' } },
  { says: 'vote granted', values: [value('from'), TERM], ...vote('true') },
  { says: 'vote denied', values: [value('from'), TERM], ...vote('false') },
  { says: 'rejecting vote request since we have a leader', values: [value('from', 'to')], ...refusal },
  { says: 'rejecting vote request since our last (?:term|index) is greater', values: [value('candidate', 'to')], ...refusal },
  {
    says: 'appendEntries rejected, sending older logs',
    values: [PEER, value('next', 'next', '\\d+')],
    op: 'AppendEntriesReply',
    dir: 'recv',
    fields: { src: '{from}', success: 'false', conflictIndex: '{next}' },
  },
  { says: 'clearing log suffix', values: [value('from', 'index', '\\d+')], op: 'Truncate', fields: { index: '{index}' } },
  { says: 'starting snapshot up to', values: [INDEX], op: 'SnapshotTaken', fields: { index: '{index}' } },
];

const textRules = MEANINGS.map(
  ({ says, values = [], ...rule }): EventRule => ({
    ...rule,
    when: { text: `^${says}(?:: |$)${values.map(({ text }) => `(?=.*?${text})`).join('')}` },
  }),
);

const LEVELS = { trace: 10, debug: 20, info: 30, warn: 40, error: 50 };

/** Where several servers of a test write into one file, their loggers are named: "n1", "raft.s2". A program's modules have no number. */
const NAMED = '(?<member>[A-Za-z]+[-_]?\\d+)';

/** hashicorp/raft by hclog. The server is named in few lines only: the file is the peer. */
export const hclogDefinition: FormatDefinition = {
  name: 'hclog',
  title: 'hashicorp/raft (hclog)',
  line: {
    pattern:
      '^(?<time>\\d{4}-\\d\\d-\\d\\dT[\\d:.]+(?:Z|[+-]\\d\\d:?\\d\\d)) \\[(?<level>[A-Z]+)\\]\\s+' +
      `(?=(?:[\\w@-]+\\.)*${NAMED}(?:\\.[\\w@-]+)*: |)(?<module>[\\w.@-]+): (?<text>.*)$`,
  },
  time: { from: 'time', unit: 'iso' },
  node: ['{peer_of_file}', '{member}', '{file}'],
  level: { from: 'level', names: LEVELS },
  events: [{ when: { text: TEXT_FORM }, op: 'text' }, ...textRules],
  detail: '{module}: {text}',
};

const ANY_MODULE = `^(?:(?:.*\\.)?${NAMED}(?:\\..*)?$)?`;

const jsonRules = MEANINGS.map(({ says, values = [], ...rule }): EventRule => {
  const conditions = values.map(({ path, json }) => [path, json] as const);
  return { ...rule, when: { '@message': `^${says}$`, '@module': ANY_MODULE, ...Object.fromEntries(conditions) } };
});

/** The same with `JSONFormat`. */
export const hclogJsonDefinition: FormatDefinition = {
  ...hclogDefinition,
  name: 'hclog-json',
  title: 'hashicorp/raft (hclog, JSON)',
  line: { json: true, has: ['@timestamp', '@level', '@message'] },
  time: { from: '@timestamp', unit: 'iso' },
  level: { from: '@level', names: LEVELS },
  events: [
    { when: { '@message': `(?<text>${TEXT_FORM}.*)`, '@module': ANY_MODULE }, op: 'text' },
    ...jsonRules,
    { when: { '@module': ANY_MODULE }, op: 'Note' },
  ],
  detail: '{@module}: {@message}',
};
