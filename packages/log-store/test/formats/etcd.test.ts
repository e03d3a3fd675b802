import { assert, suite } from '@raftlens/testing';
import { lines, toldBy } from './told.ts';

const SENTENCES = [
  '7b switched to configuration voters=(123 8c)&&(123) learners=(9d)',
  'newRaft 7b [peers: [7b,8c], term: 4, commit: 9, applied: 0, lastindex: 9, lastterm: 3]',
  '7b is starting a new election at term 4',
  '7b became candidate at term 5',
  '7b [logterm: 3, index: 9] sent MsgVote request to 8c at term 5',
  '7b received MsgVoteResp from 7b at term 5',
  '7b received MsgVoteResp from 8c at term 5',
  '7b became leader at term 5',
  'raft.node: 7b elected leader 7b at term 5',
];
const TOLD = [
  '7b ConfigChange voters=123,8c outgoing=123 learners=9d',
  '7b Boot T4 disk=9/3 commit=9 voters=7b,8c',
  '7b Timeout T4 timer=election',
  '7b BecomeCandidate T5',
  '7b->8c RequestVote T5 last=9/3',
  '7b Vote T5 for=7b',
  '7b<-8c RequestVoteReply T5 granted',
  '7b BecomeLeader T5',
];

const HEADS: readonly (readonly [logger: string, format: string, head: (text: string) => string])[] = [
  ['the default logger', 'etcd', (text) => `raft2026/03/03 14:20:00 INFO: ${text}`],
  ['the default logger with its place in the code', 'etcd', (text) => `raft2026/03/03 14:20:00 logger.go:91: INFO: ${text}`],
  ['capnslog', 'etcd', (text) => `2026-03-03 14:20:00.000001 I | raft: ${text}`],
  ["zap's JSON", 'etcd-zap', (msg) => JSON.stringify({ level: 'info', ts: 1772547600.5, logger: 'raft', msg })],
  ["zap's console", 'etcd', (text) => `2026-03-03T14:20:00.000Z\tinfo\traft\traft/raft.go:77\t${text}`],
  ['glog, as of Dgraph', 'etcd', (text) => `I0303 14:20:00.000001      17 node.go:85] ${text}`],
  ["CockroachDB's", 'etcd', (text) => `I260303 14:20:00.000001 77 raft/raft.go:912 ⋮ [T1,n1,s1,r3/1:‹/System›] 64  ${text}`],
  ['logrus, as of swarmkit', 'etcd', (text) => `time="2026-03-03T14:20:00Z" level=info msg="${text}" module=raft node=abc`],
  ['log/slog in JSON', 'etcd', (msg) => JSON.stringify({ time: '2026-03-03T14:20:00Z', level: 'INFO', msg })],
  ['a time in brackets', 'etcd', (text) => `[2026-03-03 14:20:00.123] [raft] ${text}`],
];

const etcd = suite("etcd's raft");

for (const [logger, format, head] of HEADS) {
  etcd(`is read from ${logger}`, async () => {
    const { formats, told } = await toldBy(['x.log', lines(...SENTENCES.map(head))]);
    assert.equal(formats, [format]);
    assert.equal(told, TOLD);
  });
}

etcd('is read in the words of its first versions', async () => {
  const { told } = await toldBy([
    'x.log',
    lines(
      '2016/01/02 10:00:00 raft: 1 became candidate at term 2',
      '2016/01/02 10:00:00 raft: 1 received vote from 1 at term 2',
      '2016/01/02 10:00:00 raft: 1 [logterm: 1, index: 3] sent vote request to 2 at term 2',
      '2016/01/02 10:00:00 raft: 2 [logterm: 1, index: 3, vote: 0] voted for 1 [logterm: 1, index: 3] at term 2',
    ),
  ]);
  assert.equal(told, ['1 BecomeCandidate T2', '1 Vote T2 for=1', '1->2 RequestVote T2 last=3/1', '2 Vote T2 for=1 last=3/1']);
});
