import type { EventRule, FormatDefinition } from './definition.ts';
import { ZAP_LEVELS } from './levels.ts';

const MESSAGE = { src: 'S{event.msg.from}', dst: 'S{event.msg.to}', msgTerm: '{event.msg.term}' };

/** Facts about etcd's messages that a pattern on one of them tells. */
interface MessageRule {
  readonly type: string;
  readonly op: string;
  readonly reject?: 'true' | 'false';
  readonly fields?: EventRule['fields'];
  /** What the line of a send tells otherwise than its state. */
  readonly sent?: EventRule['fields'];
}

const CANDIDATE = { lastLogIndex: '{event.msg.index}', lastLogTerm: '{event.msg.logTerm}' };

/**
 * The messages of etcd's raft and what they are called in the paper. The state of a `Receive` line is that before the message
 * is handled, of a `Send` line that in which it is sent, with one exception: etcd sends a vote and notes it right after, in the same
 * step, so that the line of the reply still has the vote from before. The reply itself says whom the vote went to.
 */
const TYPES: readonly MessageRule[] = [
  { type: 'MsgVote', op: 'RequestVote', fields: CANDIDATE },
  { type: 'MsgPreVote', op: 'PreVote', fields: CANDIDATE },
  { type: 'MsgVoteResp', op: 'RequestVoteReply', reject: 'false', fields: { granted: 'true' }, sent: { vote: 'S{event.msg.to}' } },
  { type: 'MsgVoteResp', op: 'RequestVoteReply', reject: 'true', fields: { granted: 'false' } },
  { type: 'MsgPreVoteResp', op: 'PreVoteReply', reject: 'false', fields: { granted: 'true' } },
  { type: 'MsgPreVoteResp', op: 'PreVoteReply', reject: 'true', fields: { granted: 'false' } },
  {
    type: 'MsgApp',
    op: 'AppendEntries',
    fields: { prev: '{event.msg.index}', prevTerm: '{event.msg.logTerm}', n: '{event.msg.entries}', leaderCommit: '{event.msg.commit}' },
  },
  // Heartbeats of etcd do not compare logs: they have no prevLogIndex.
  { type: 'MsgHeartbeat', op: 'AppendEntries', fields: { n: '0', leaderCommit: '{event.msg.commit}' } },
  { type: 'MsgAppResp', op: 'AppendEntriesReply', reject: 'false', fields: { success: 'true', match: '{event.msg.index}' } },
  { type: 'MsgAppResp', op: 'AppendEntriesReply', reject: 'true', fields: { success: 'false', conflictIndex: '{event.msg.rejectHint}' } },
  { type: 'MsgHeartbeatResp', op: 'AppendEntriesReply', fields: { success: 'true' } },
  // The trace has the index of the snapshot where other messages have the number of entries, and no term of it.
  { type: 'MsgSnap', op: 'InstallSnapshot', fields: { lastIncludedIndex: '{event.msg.entries}' } },
];

const messageRules: readonly EventRule[] = TYPES.flatMap(({ type, op, reject, fields, sent }) =>
  (['send', 'recv'] as const).map((dir) => ({
    when: {
      'event.name': dir === 'send' ? '^Send' : '^Receive',
      'event.msg.type': `^${type}$`,
      ...(reject === undefined ? {} : { 'event.msg.reject': `^${reject}$` }),
    },
    op,
    dir,
    fields: { ...MESSAGE, ...fields, ...(dir === 'send' ? sent : {}) },
    pair: '{event.msg}',
  })),
);

/** The trace of etcd's raft library (build tag with_tla): one JSON object an event, by zap. */
export const etcdTraceDefinition: FormatDefinition = {
  name: 'etcd-trace',
  title: "etcd raft's trace (NDJSON, with_tla)",
  line: { json: true, has: ['event.name', 'event.nid', 'event.state'] },
  time: { from: 'ts', unit: 'auto' },
  node: ['S{event.nid}'],
  level: { from: 'level', names: ZAP_LEVELS },
  fields: {
    term: '{event.state.term}',
    vote: { from: '{event.state.vote}', map: { '0': null }, otherwise: 'S{event.state.vote}' },
    commit: '{event.state.commit}',
    last: '{event.log}',
    role: {
      from: '{event.role}',
      map: { StateFollower: 'follower', StatePreCandidate: 'precandidate', StateCandidate: 'candidate', StateLeader: 'leader' },
    },
  },
  events: [
    ...messageRules,
    { when: { 'event.name': '^InitState$' }, op: 'Boot' },
    { when: { 'event.name': '^BecomeFollower$' }, op: 'BecomeFollower' },
    { when: { 'event.name': '^BecomeCandidate$' }, op: 'BecomeCandidate' },
    { when: { 'event.name': '^BecomePreCandidate$' }, op: 'BecomePreCandidate' },
    { when: { 'event.name': '^BecomeLeader$' }, op: 'BecomeLeader' },
    { when: { 'event.name': '^Commit$' }, op: 'Commit', fields: { index: '{event.state.commit}' } },
    {
      when: { 'event.name': '^ApplyConfChange$' },
      op: 'ConfigChange',
      // `conf` is the configuration that is left; the new one is a property of its own.
      fields: { voters: { list: 'event.prop.cc.newconf', each: 'S{}' } },
    },
  ],
  detail: '{event.name}',
};
