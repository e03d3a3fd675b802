import type { EventRule, IdentityRule } from './definition.ts';
import { TEXT_FORM } from './text-form.ts';

// Sentences of etcd's raft library (raft.go, log.go, node.go of go.etcd.io/raft), which are the same in all its loggers and versions.
// Etcd before 3.1 names the message otherwise ("sent vote request to", "received vote from"), raft before 2018 has other numbers.
const HEX = '[0-9a-f]{1,16}';
const SELF = `^(?:raft\\.node: )?(?<self>${HEX})`;
const PEER = `(?<peer>${HEX})`;
const AT_TERM = 'at term (?<t>\\d+)';
const LOG = '\\[logterm: (?<lt>\\d+), index: (?<li>\\d+)\\]';
/** The log and the vote of a server that was asked for its vote. */
const VOTER = '\\[logterm: \\d+, index: \\d+, vote: [0-9a-f]+\\]';
const CANDIDATE = { lastLogIndex: '{li}', lastLogTerm: '{lt}' };

const step = (text: string, op: string, fields: EventRule['fields'] = {}): EventRule => ({
  when: { text },
  op,
  fields: { term: '{t}', ...fields },
});

/** Of a pre-vote the lines tell the term of the server, which is not the one that the message carries. */
const carriesTerm = (op: string) => !op.startsWith('PreVote');

const message = (text: string, op: string, dir: 'send' | 'recv', fields: EventRule['fields'] = {}): EventRule => ({
  when: { text },
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
  message(`${SELF} ${LOG} sent (?:MsgVote|vote) request to ${PEER} ${AT_TERM}`, 'RequestVote', 'send', CANDIDATE),
  message(`${SELF} ${LOG} sent MsgPreVote request to ${PEER} ${AT_TERM}`, 'PreVote', 'send', CANDIDATE),
  step(`${SELF} ${VOTER} (?:cast MsgVote|voted) for ${PEER} (?:${LOG}|\\[[^\\]]*\\]) ${AT_TERM}`, 'Vote', { for: '{peer}', ...CANDIDATE }),
  message(`${SELF} ${VOTER} rejected (?:MsgVote|vote) from ${PEER} \\[[^\\]]*\\] ${AT_TERM}`, 'RequestVoteReply', 'send', REFUSED),
  message(`${SELF} ${VOTER} cast MsgPreVote for ${PEER} \\[[^\\]]*\\] ${AT_TERM}`, 'PreVoteReply', 'send', GRANTED),
  message(`${SELF} ${VOTER} rejected MsgPreVote from ${PEER} \\[[^\\]]*\\] ${AT_TERM}`, 'PreVoteReply', 'send', REFUSED),
  // A candidate hands its own vote to itself as if it were a message.
  step(`${SELF} received (?:MsgVoteResp|vote) from \\k<self> ${AT_TERM}`, 'Vote', { for: '{self}' }),
  message(`${SELF} received (?:MsgVoteResp|vote) from ${PEER} ${AT_TERM}`, 'RequestVoteReply', 'recv', GRANTED),
  message(`${SELF} received (?:MsgVoteResp|vote) rejection from ${PEER} ${AT_TERM}`, 'RequestVoteReply', 'recv', REFUSED),
  message(`${SELF} received MsgPreVoteResp from ${PEER} ${AT_TERM}`, 'PreVoteReply', 'recv', GRANTED),
  message(`${SELF} received MsgPreVoteResp rejection from ${PEER} ${AT_TERM}`, 'PreVoteReply', 'recv', REFUSED),
  message(`${SELF} \\[term (?<t>\\d+)\\] received MsgTimeoutNow from ${PEER} and starts an election`, 'TimeoutNow', 'recv'),
];

/**
 * Of the messages that a server takes in, the log tells those of a higher term. They have no `msgTerm` here: figure 2 cannot be held against
 * what a server received where most of that is not told, and a message without a term says so.
 */
const higherTerm = (type: string, op: string, fields: EventRule['fields'] = {}): EventRule => ({
  when: { text: `${SELF} \\[term: (?<before>\\d+)\\] received a ${type} message with higher term from ${PEER} \\[term: (?<t>\\d+)\\]` },
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
    when: {
      text: `${SELF} \\[logterm: \\d+, index: \\d+\\] rejected (?:MsgApp|msgApp) \\[logterm: \\d+, index: (?<i>\\d+)\\] from ${PEER}`,
    },
    op: 'AppendEntriesReply',
    dir: 'send',
    fields: { src: '{self}', dst: '{peer}', success: 'false' },
    pair: '{i}',
  },
  {
    when: {
      text:
        `${SELF} received (?:MsgAppResp|msgApp rejection)\\((?:MsgApp was )?rejected, (?:lastindex: |hint: \\(index )(?<hint>\\d+)(?:, term \\d+\\))?\\) ` +
        `from ${PEER} for index (?<i>\\d+)`,
    },
    op: 'AppendEntriesReply',
    dir: 'recv',
    fields: { src: '{peer}', dst: '{self}', success: 'false', conflictIndex: '{hint}' },
    pair: '{i}',
  },
];

/** Who votes, by each server's own word: `voters=(1 2 3)`, and in a joint configuration `voters=(1 2)&&(1 2 3)`. */
const configuration: EventRule = {
  when: {
    text: `${SELF} switched to configuration voters=\\((?<voters>[0-9a-f ]*)\\)(?:&&\\((?<outgoing>[0-9a-f ]*)\\))?(?: learners=\\((?<learners>[0-9a-f ]*)\\))?`,
  },
  op: 'ConfigChange',
  fields: {
    voters: { list: 'voters', find: '[0-9a-f]+', each: '{}' },
    outgoing: { list: 'outgoing', find: '[0-9a-f]+', each: '{}' },
    learners: { list: 'learners', find: '[0-9a-f]+', each: '{}' },
  },
};

/**
 * The start of a server. It has told its term by becoming a follower just before. Where its log ends is told as what its disk holds and not as
 * the log that it goes by, for no later line tells how that grows: figure 2 would be held against a log that is long out of date.
 */
const boot: EventRule = step(
  `^newRaft (?<self>${HEX}) \\[peers: \\[(?:(?<peers>[0-9a-f,]+))?\\], term: (?<t>\\d+), commit: (?<commit>\\d+), applied: \\d+, ` +
    'lastindex: (?<li>\\d+), lastterm: (?<lt>\\d+)\\]',
  'Boot',
  { voters: '{peers}', durableCommit: '{commit}', durableLast: '{li}', durableLastTerm: '{lt}' },
);

/** Other sentences about a server. A word of the letters a to f is not yet the name of one, as in "added member". */
const other: EventRule = {
  when: {
    text: `${SELF} (?:\\[|(?:became|changed|decreased|elected|failed|has|ignor\\w*|is|lost|no|not|paused|received|recovered|restored|sends|sent|snapshot|switched)\\b)`,
  },
  op: 'Note',
};

export const etcdRules: readonly EventRule[] = [
  { when: { text: TEXT_FORM }, op: 'text' },
  ...elections,
  boot,
  ...replication,
  configuration,
  other,
];

const SENTENCE = `(?:became|is starting|\\[logterm|\\[term|switched to|received|has received|lost|elected|no leader)\\b`;

/** A member tells its number with each sentence about itself. Its name stands beside it where it has told the cluster of it. */
export const etcdIdentity: readonly IdentityRule[] = [
  { when: { text: `${SELF} ${SENTENCE}` }, self: '{self}' },
  { when: { text: `^newRaft (?<self>${HEX}) \\[` }, self: '{self}' },
  { when: { text: `^raft\\.node: (?<self>${HEX}) ` }, self: '{self}' },
];
