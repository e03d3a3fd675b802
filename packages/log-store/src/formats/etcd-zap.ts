import type { EventRule, FormatDefinition } from './definition.ts';
import { TEXT_FORM } from './text-form.ts';

/** The names of zap's levels. */
export const ZAP_LEVELS = { debug: 20, info: 30, warn: 40, error: 50, dpanic: 60, panic: 60, fatal: 60 };

const HEX = '[0-9a-f]{1,16}';
const SELF = `^(?<self>${HEX})`;
const PEER = `(?<peer>${HEX})`;
const AT_TERM = 'at term (?<t>\\d+)';
const LOG = '\\[logterm: (?<lt>\\d+), index: (?<li>\\d+)\\]';
/** The log and the vote of a server that was asked for its vote. */
const VOTER = '\\[logterm: \\d+, index: \\d+, vote: [0-9a-f]+\\]';
const CANDIDATE = { lastLogIndex: '{li}', lastLogTerm: '{lt}' };

const step = (msg: string, op: string, fields: EventRule['fields'] = {}): EventRule => ({
  when: { msg },
  op,
  fields: { term: '{t}', ...fields },
});

/** Of a pre-vote the lines tell the term of the server, which is not the one that the message carries. */
const carriesTerm = (op: string) => !op.startsWith('PreVote');

const message = (msg: string, op: string, dir: 'send' | 'recv', fields: EventRule['fields'] = {}): EventRule => ({
  when: { msg },
  op,
  dir,
  fields: {
    ...(dir === 'send' ? { src: '{self}', dst: '{peer}' } : { src: '{peer}', dst: '{self}' }),
    ...(carriesTerm(op) ? { msgTerm: '{t}' } : { term: '{t}' }),
    ...fields,
  },
  pair: '{t}',
});

const GRANTED = { granted: 'true' };
const REFUSED = { granted: 'false' };

const elections: readonly EventRule[] = [
  step(`${SELF} is starting a new election ${AT_TERM}`, 'Timeout', { timer: 'election' }),
  step(`${SELF} became follower ${AT_TERM}`, 'BecomeFollower'),
  step(`${SELF} became candidate ${AT_TERM}`, 'BecomeCandidate'),
  step(`${SELF} became pre-candidate ${AT_TERM}`, 'BecomePreCandidate'),
  step(`${SELF} became leader ${AT_TERM}`, 'BecomeLeader'),
  message(`${SELF} ${LOG} sent MsgVote request to ${PEER} ${AT_TERM}`, 'RequestVote', 'send', CANDIDATE),
  message(`${SELF} ${LOG} sent MsgPreVote request to ${PEER} ${AT_TERM}`, 'PreVote', 'send', CANDIDATE),
  step(`${SELF} ${VOTER} cast MsgVote for ${PEER} \\[.*\\] ${AT_TERM}`, 'Vote', { for: '{peer}' }),
  message(`${SELF} ${VOTER} rejected MsgVote from ${PEER} \\[.*\\] ${AT_TERM}`, 'RequestVoteReply', 'send', REFUSED),
  message(`${SELF} ${VOTER} cast MsgPreVote for ${PEER} \\[.*\\] ${AT_TERM}`, 'PreVoteReply', 'send', GRANTED),
  message(`${SELF} ${VOTER} rejected MsgPreVote from ${PEER} \\[.*\\] ${AT_TERM}`, 'PreVoteReply', 'send', REFUSED),
  // A candidate hands its own vote to itself as if it were a message.
  step(`${SELF} received MsgVoteResp from \\k<self> ${AT_TERM}`, 'Vote', { for: '{self}' }),
  message(`${SELF} received MsgVoteResp from ${PEER} ${AT_TERM}`, 'RequestVoteReply', 'recv', GRANTED),
  message(`${SELF} received MsgVoteResp rejection from ${PEER} ${AT_TERM}`, 'RequestVoteReply', 'recv', REFUSED),
  message(`${SELF} received MsgPreVoteResp from ${PEER} ${AT_TERM}`, 'PreVoteReply', 'recv', GRANTED),
  message(`${SELF} received MsgPreVoteResp rejection from ${PEER} ${AT_TERM}`, 'PreVoteReply', 'recv', REFUSED),
  message(`${SELF} \\[term (?<t>\\d+)\\] received MsgTimeoutNow from ${PEER} and starts an election`, 'TimeoutNow', 'recv'),
];

/**
 * Of the messages that a server takes in, the log tells those of a higher term. They have no `msgTerm` here: figure 2 cannot be held against
 * what a server received where most of that is not told, and a message without a term says so.
 */
const higherTerm = (type: string, op: string, fields: EventRule['fields'] = {}): EventRule => ({
  when: { msg: `${SELF} \\[term: (?<before>\\d+)\\] received a ${type} message with higher term from ${PEER} \\[term: (?<t>\\d+)\\]` },
  op,
  dir: 'recv',
  fields: { src: '{peer}', dst: '{self}', term: '{before}', ...fields },
  pair: '{t}',
});

const replication: readonly EventRule[] = [
  higherTerm('MsgVote', 'RequestVote'),
  higherTerm('MsgApp', 'AppendEntries'),
  higherTerm('MsgHeartbeat', 'AppendEntries', { n: '0' }),
  higherTerm('MsgSnap', 'InstallSnapshot'),
  higherTerm('MsgAppResp', 'AppendEntriesReply'),
  higherTerm('MsgVoteResp', 'RequestVoteReply', REFUSED),
  {
    when: { msg: `${SELF} \\[logterm: \\d+, index: \\d+\\] rejected MsgApp \\[logterm: \\d+, index: (?<i>\\d+)\\] from ${PEER}` },
    op: 'AppendEntriesReply',
    dir: 'send',
    fields: { src: '{self}', dst: '{peer}', success: 'false' },
    pair: '{i}',
  },
  {
    when: {
      msg:
        `${SELF} received MsgAppResp\\((?:MsgApp was )?rejected, (?:lastindex: |hint: \\(index )(?<hint>\\d+)(?:, term \\d+\\))?\\) ` +
        `from ${PEER} for index (?<i>\\d+)`,
    },
    op: 'AppendEntriesReply',
    dir: 'recv',
    fields: { src: '{peer}', dst: '{self}', success: 'false', conflictIndex: '{hint}' },
    pair: '{i}',
  },
];

/**
 * The start of a server. It has told its term by becoming a follower just before. Where its log ends is left out, for no later line tells how
 * it grows: figure 2 would be held against a log that is long out of date.
 */
const boot: EventRule = step(
  `^newRaft (?<self>${HEX}) \\[peers: \\[(?:(?<peers>[0-9a-f,]+))?\\], term: (?<t>\\d+), commit: \\d+, applied: \\d+, lastindex: \\d+, lastterm: \\d+\\]`,
  'Boot',
  { voters: '{peers}' },
);

/** Other sentences about a server. A word of the letters a to f is not yet the name of one, as in "added member". */
const other: EventRule = {
  when: {
    msg: `^(?:raft\\.node: )?(?<self>${HEX}) (?:\\[|(?:became|changed|decreased|elected|failed|has|ignor\\w*|is|lost|no|not|paused|received|recovered|sends|sent|snapshot|switched)\\b)`,
  },
  op: 'Note',
};

/**
 * etcd's own log, or that of any program over etcd's raft: zap JSON whose raft lines are sentences. Elections, roles and restarts are
 * told there, and of replication what went wrong.
 */
export const etcdZapDefinition: FormatDefinition = {
  name: 'etcd-zap',
  title: "etcd's server log (zap JSON)",
  line: { json: true, has: ['level', 'ts', 'msg'] },
  time: { from: 'ts', unit: 'auto' },
  node: ['{self}', '{local-member-id}', '{node}', '{peer_of_file}', '{file}'],
  level: { from: 'level', names: ZAP_LEVELS },
  events: [{ when: { msg: `(?<text>${TEXT_FORM}.*)` }, op: 'text' }, ...elections, boot, ...replication, other],
  detail: '{msg}',
};
