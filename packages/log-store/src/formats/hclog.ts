import type { EventRule, FormatDefinition, Head, IdentityRule } from './definition.ts';
import { TEXT_FORM } from './text-form.ts';

/** A value that a line has beside its message: how it stands in the text (`from=n2`), and where in JSON. */
interface HclogValue {
  readonly text: string;
  readonly path: string;
  readonly json: string;
}

const value = (key: string, group = key, pattern = '[^\\s"]+'): HclogValue => ({
  text: `\\b${key}="?(?<${group}>${pattern})`,
  path: key,
  json: `^(?<${group}>${pattern})`,
});
const TERM = value('term', 'term', '\\d+');
const INDEX = value('index', 'index', '\\d+');
const SERVERS = value('servers', 'servers', '\\[.*');
const VOTERS = {
  voters: { list: 'servers', find: 'Suffrage:Voter ID:([^ }]+)', each: '{}' },
  learners: { list: 'servers', find: 'Suffrage:(?:Nonvoter|Staging) ID:([^ }]+)', each: '{}' },
};
/** A candidate's own id, which its newer versions tell. */
const OWN: HclogValue = { text: '\\bid="?(?<own>[^\\s"]+)|', path: 'id', json: '^(?<own>.*)' };
const PEER: HclogValue = { text: 'peer="?\\{\\w+ (?<from>\\S+) \\S+\\}', path: 'peer.ID', json: '(?<from>.+)' };

/** What a message of hashicorp/raft means: the rule without its conditions, the message's text, and the values that it must have. */
interface Meaning extends Omit<EventRule, 'when'> {
  readonly says: string;
  readonly values?: readonly HclogValue[];
}

type RuleStep = Omit<Meaning, 'says' | 'values'>;
const vote = (granted: 'true' | 'false'): RuleStep => ({
  op: 'RequestVoteReply',
  dir: 'recv',
  fields: { src: '{from}', msgTerm: '{term}', granted },
});
const refusal: RuleStep = { op: 'RequestVoteReply', dir: 'send', fields: { dst: '{to}', granted: 'false' } };

/**
 * The messages of hashicorp/raft since it uses hclog (raft.go, replication.go, snapshot.go). Its log is of one side: who grants a vote, who
 * appends and who applies says nothing. A server enters the state of a candidate before its pre-vote, while its term is what it was, so that
 * the term told there is only what it would stand in; it stands where it votes for itself.
 */
const MEANINGS: readonly Meaning[] = [
  // What a server says first, each time that it starts.
  // With the index of the entry that it comes from: 0 at the very first start.
  { says: 'initial configuration', values: [INDEX, SERVERS], op: 'Boot', fields: { ...VOTERS, index: '{index}' } },
  { says: 'initial configuration', values: [SERVERS], op: 'Boot', fields: VOTERS },
  { says: 'updating configuration', values: [SERVERS], op: 'ConfigChange', fields: VOTERS },
  { says: 'entering follower state', op: 'BecomeFollower' },
  { says: 'entering candidate state', op: 'BecomePreCandidate' },
  { says: 'voting for self', values: [TERM, OWN], op: 'BecomeCandidate', fields: { term: '{term}' } },
  { says: 'pre-vote successful, starting election', values: [TERM], op: 'BecomeCandidate', fields: { term: '{term}' } },
  { says: 'election won', values: [TERM], op: 'BecomeLeader', fields: { term: '{term}' } },
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

/** Which of several servers in one file enters a state, its line says by its address. */
const ADDRESS = '(?=.*?"Node at (?<addr>\\S+) \\[|)';

const textRules = MEANINGS.map(
  ({ says, values = [], ...rule }): EventRule => ({
    ...rule,
    when: { text: `^${says}(?:: |$)${ADDRESS}${values.map(({ text }) => `(?=.*?${text})`).join('')}` },
  }),
);

const old = (text: string, op: string, fields: EventRule['fields'] = {}, dir?: 'send' | 'recv'): EventRule => ({
  when: { text },
  op,
  ...(dir === undefined ? {} : { dir }),
  fields,
});
const OLD_NODE = '^Node at (?<addr>\\S+) \\[\\w+\\] entering';
const OLD_SERVERS = '(?<servers>\\[\\{Suffrage.*\\])';

/** The sentences of hashicorp/raft before it used hclog (0.x to 1.0), by Go's log package with a level in brackets. */
const oldRules: readonly EventRule[] = [
  old(`^Initial configuration \\(index=(?<index>\\d+)\\): ${OLD_SERVERS}`, 'Boot', { ...VOTERS, index: '{index}' }),
  old(`^Updating configuration with .* to ${OLD_SERVERS}`, 'ConfigChange', VOTERS),
  old(`${OLD_NODE} Follower state`, 'BecomeFollower'),
  old(`${OLD_NODE} Candidate state`, 'BecomePreCandidate'),
  old(`${OLD_NODE} Leader state`, 'BecomeLeader'),
  old('^Heartbeat timeout from ".*" reached, starting election', 'Timeout', { timer: 'heartbeat' }),
  old('^Election timeout reached, restarting election', 'Timeout', { timer: 'election' }),
  old(
    '^Vote granted from (?<from>\\S+) in term (?<term>\\d+)\\.',
    'RequestVoteReply',
    { src: '{from}', msgTerm: '{term}', granted: 'true' },
    'recv',
  ),
  old('^Rejecting vote request from (?<to>\\S+) since (?:we have a leader|our last)', 'RequestVoteReply', refusal.fields, 'send'),
  old('^Clearing log suffix from (?<index>\\d+) to', 'Truncate', { index: '{index}' }),
  old('^Starting snapshot up to (?<index>\\d+)', 'SnapshotTaken', { index: '{index}' }),
];

const LEVELS = { trace: 10, debug: 20, info: 30, warn: 40, err: 50, error: 50 };

/** Where several servers of a test write into one file, their loggers are named: "n1", "raft.s2". A program's modules have no number. */
const NAMED = '(?<member>[A-Za-z]+[-_]?\\d+)';
const TIME = '\\d{4}[-/]\\d\\d[-/]\\d\\d[T ][\\d:.,]+(?:Z|[+-]\\d\\d:?\\d\\d)?';

/** A server's own lines say which id, or which address, is its own; a configuration says whose address it is. */
const identity: readonly IdentityRule[] = [
  { when: { text: '"?Node at (?<addr>[^\\s"]+) \\[' }, self: '{addr}' },
  { when: { text: '^(?:pre-)?voting for self: (?=.*?\\bid="?(?<id>[^\\s"]+))' }, self: '{id}' },
  {
    when: { text: '^(?:initial|updating|Initial|Updating) configuration' },
    from: '{text}',
    members: 'Suffrage:\\w+ ID:(?<name>[^ }]+) Address:(?<alias>[^ }]+)',
  },
];

/** hashicorp/raft by hclog, or by Go's log package with levels as before: one module, then the text. */
export const hclogDefinition: FormatDefinition = {
  name: 'hclog',
  title: 'hashicorp/raft (hclog, and the log package before it)',
  line: {
    pattern: `^(?<time>${TIME}) \\[(?<level>[A-Z]+)\\]\\s+(?=(?:[\\w@-]+\\.)*${NAMED}(?:\\.[\\w@-]+)*: |)(?<module>[\\w.@-]+): (?<text>.*)$`,
  },
  time: { from: 'time', unit: 'iso' },
  node: ['{peer_of_file}', '{member}', '{addr}', '{own}', '{speaker}'],
  level: { from: 'level', names: LEVELS },
  events: [{ when: { text: TEXT_FORM }, op: 'text' }, ...textRules, ...oldRules],
  detail: '{module}: {text}',
  identity,
};

const ANY_MODULE = `^(?:(?:.*\\.)?${NAMED}(?:\\..*)?$)?`;

const jsonRules = MEANINGS.map(({ says, values = [], ...rule }): EventRule => {
  const conditions = values.map(({ path, json }) => [path, json] as const);
  return { ...rule, when: { message: `^${says}$`, module: ANY_MODULE, ...Object.fromEntries(conditions) } };
});

/** Its own JSON, and that of loggers which programs put behind it: zap, log/slog, logrus. */
const jsonHeads: readonly Head[] = [
  {
    json: true,
    has: ['@timestamp', '@level', '@message'],
    parts: { time: '@timestamp', level: '@level', message: '@message', module: '@module' },
  },
  { json: true, has: ['ts', 'level', 'msg'], parts: { time: 'ts', message: 'msg', module: 'logger' } },
  { json: true, has: ['time', 'level', 'msg'], parts: { message: 'msg', module: 'logger' } },
];

/** The same with `JSONFormat`. */
export const hclogJsonDefinition: FormatDefinition = {
  ...hclogDefinition,
  name: 'hclog-json',
  title: 'hashicorp/raft (hclog, JSON)',
  line: jsonHeads[0] ?? [],
  time: { from: 'time', unit: 'auto' },
  level: { from: 'level', names: LEVELS },
  events: [
    { when: { message: `(?<text>${TEXT_FORM}.*)`, module: ANY_MODULE }, op: 'text' },
    ...jsonRules,
    { when: { module: ANY_MODULE }, op: 'Note' },
  ],
  detail: '{module}: {message}',
  identity: [
    { when: { message: '^(?:pre-)?voting for self$', id: '^(?<id>.+)' }, self: '{id}' },
    ...['node', 'leader', 'follower'].map((part) => ({ when: { [part]: '^Node at (?<addr>\\S+) \\[' }, self: '{addr}' })),
    {
      when: { message: '^(?:initial|updating) configuration$' },
      from: '{servers}',
      members: 'Suffrage:\\w+ ID:(?<name>[^ }]+) Address:(?<alias>[^ }]+)',
    },
  ],
};

/** The same by another JSON logger that a program has put behind hclog. */
export const hclogEmbeddedDefinition: FormatDefinition = {
  ...hclogJsonDefinition,
  name: 'hclog-embedded',
  title: 'hashicorp/raft by another logger (zap, log/slog, logrus as JSON)',
  line: jsonHeads.slice(1),
  events: jsonRules,
  detail: '{message}',
};
