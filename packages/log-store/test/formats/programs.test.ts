import { assert, suite } from '@raftlens/testing';
import { lines, toldBy } from './told.ts';

/** A small log of one program, in our own words, and what is told by it. */
interface Program {
  readonly format: string;
  readonly log: readonly string[];
  readonly told: readonly string[];
}

const A = '5b0c3d1e-0000-4000-8000-00000000000a';
const TABLET = '0123456789abcdef0123456789abcdef';
const PEER = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';
const OTHER = 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb';
const yb = (file: string, text: string) => `I0608 15:03:22.114363 16581 ${file}:215] T ${TABLET} P ${PEER} ${text}`;
const kraft = (text: string) => `[2026-10-25 08:09:29,701] INFO [RaftManager id=1] ${text} (org.apache.kafka.raft.QuorumState)`;
const request = (epoch: number, more = '') =>
  `Vote request VoteRequestData(clusterId='x', topics=[TopicData(partitions=[PartitionData(candidateEpoch=${epoch}, candidateId=2, lastOffset=9${more})])]) with epoch ${epoch} is `;
const tikv = (text: string) => `[2026/03/01 10:00:00.123 +00:00] [INFO] [raft.rs:1177] ${text} [raft_id=4] [region_id=2]`;
const nats = (text: string) => `[77] 2026/03/01 10:00:00.123456 [DBG] RAFT [cnrtt3eg - _meta_] ${text}`;
const redpanda = (text: string) =>
  `INFO  2026-03-01 10:00:00,123 [shard 0:main] raft - [group_id:1, {redpanda/controller/0}] vote_stm.cc:279 - ${text}`;
const ratis = (text: string) => `2026-03-01 10:00:00,123 [s1-impl-thread1] INFO impl.RaftServerImpl (RaftServerImpl.java:400) - ${text}`;
const jraft = (text: string) => `2026-03-01 10:00:00.123 [JRaft-VoteTimer-0] INFO  NodeImpl:1166 - Node <kv/10.0.0.1:8081> ${text}`;
const braft = (text: string) => `I0301 10:00:00.000001 77 node.cpp:1684] node kv:10.0.0.1:8100:0 ${text}`;
const dragonboat = (term: number, text: string) =>
  `2026-03-01 10:00:00.000001 W | raft: [f:1,l:3,t:1,c:3,a:3] [00001:00002] t${term} ${text}`;
const ra = (text: string) => `2026-03-01 10:00:00.123456+00:00 [debug] <0.812.0> queue 'orders' in vhost '/': ${text}`;
const scylla = (text: string) => `TRACE 2026-03-01 10:00:00,123 [shard 0] raft - ${text}`;
const nebula = (text: string) => `I20260301 10:00:00.000001 77 RaftPart.cpp:1279] [Port: 9780, Space: 1, Part: 3] ${text}`;
const zeebe = (role: string, text: string) =>
  `2026-03-01 10:00:00.123 [] [raft-server-0-raft-partition-partition-1] INFO io.atomix.raft.${role} - RaftServer{raft-partition-partition-1}${text}`;
const openraft = (text: string) =>
  `2026-03-01T10:00:00.123456Z  INFO openraft::engine::engine_impl: openraft/src/engine/engine_impl.rs:286: ${text}`;

const PROGRAMS: readonly Program[] = [
  {
    format: 'kraft',
    log: [
      kraft('Completed transition to Unattached(epoch=4, votedKey=null, voters=[1, 2, 3], electionTimeoutMs=1900) from null'),
      kraft('Completed transition to ProspectiveState(localId=1, epoch=4, retries=1) from Unattached(epoch=4, voters=[])'),
      kraft(
        'Completed transition to CandidateState(localId=1, epoch=5, retries=1, electionTimeoutMs=1880) from ProspectiveState(localId=1, epoch=4)',
      ),
      kraft(
        'Completed transition to Leader(localReplicaKey=ReplicaKey(id=1, directoryId=x), epoch=5, epochStartOffset=9) from CandidateState(localId=1, epoch=5)',
      ),
      kraft(`${request(6)}rejected`),
      kraft(`${request(6, ', preVote=true')}granted`),
      kraft(`${request(7)}granted`),
      '[2026-10-25 08:09:29,800] INFO Kafka version: 4.0 (org.apache.kafka.common.utils.AppInfoParser)',
    ],
    told: [
      '1 BecomeFollower T4',
      '1 BecomePreCandidate T4',
      '1 BecomeCandidate T5',
      '1 BecomeLeader T5',
      '1->2 RequestVoteReply refused',
      '1->2 PreVoteReply granted',
      '1->2 RequestVoteReply T7 granted',
    ],
  },
  {
    format: 'tikv',
    log: [
      tikv('["newRaft"] [last term=5] [last index=9] [applied=9] [commit=9] [term=5] [peers="Configuration"]'),
      tikv('["became pre-candidate at term 5"] [term=5]'),
      tikv('["became candidate at term 6"] [term=6]'),
      tikv('["received votes response"] [term=6] [type=MsgRequestVoteResponse] [approvals=2] [rejections=0] [from=8] [vote=true]'),
      tikv('["received votes response"] [term=6] [type=MsgRequestPreVoteResponse] [approvals=2] [rejections=0] [from=9] [vote=true]'),
      tikv('["became leader at term 6"] [term=6]'),
      tikv('["[logterm: 6, index: 9, vote: 0] cast vote for 8 [logterm: 6, index: 9] at term 7"] ["msg type"=MsgRequestVote]'),
      tikv('["[logterm: 6, index: 9, vote: 0] cast vote for 9 [logterm: 6, index: 9] at term 7"] ["msg type"=MsgRequestPreVote]'),
    ],
    told: [
      '4 Boot T5 disk=9/5 commit=9',
      '4 BecomePreCandidate T5',
      '4 BecomeCandidate T6',
      '4<-8 RequestVoteReply T6 granted',
      '4 BecomeLeader T6',
      '4 Vote T7 for=8 last=9/6',
    ],
  },
  {
    format: 'nats',
    log: [
      nats('Switching to candidate'),
      nats('Sending out voteRequest {term:2 lastTerm:1 lastIndex:3 candidate:cnrtt3eg reply:}'),
      nats('Received a voteResponse &{term:2 peer:yrzKKRBu granted:true}'),
      nats('Switching to leader'),
      nats('Received a voteRequest &{term:3 lastTerm:1 lastIndex:3 candidate:S1Nunr6R reply:$NRG.R.x}'),
      nats('Switching to follower'),
    ],
    told: [
      'cnrtt3eg BecomePreCandidate',
      'cnrtt3eg BecomeCandidate T2 last=3/1',
      'cnrtt3eg<-yrzKKRBu RequestVoteReply T2 granted',
      'cnrtt3eg BecomeLeader',
      'cnrtt3eg<-S1Nunr6R RequestVote T3 last=3/1',
      'cnrtt3eg BecomeFollower',
    ],
  },
  {
    format: 'redpanda',
    log: [
      redpanda('Starting with voted_for {id: {-1}, revision: {-1}} term 0 initial_state true'),
      redpanda('starting pre-vote leader election, current term: 0, leadership transfer: false'),
      redpanda('[pre-vote: true] voting for self in term 1'),
      redpanda('[pre-vote: false] voting for self in term 1'),
      redpanda('became the leader term: 1'),
    ],
    told: ['redpanda Boot T0', 'redpanda BecomePreCandidate T0', 'redpanda BecomeCandidate T1', 'redpanda BecomeLeader T1'],
  },
  {
    format: 'ratis',
    log: [
      ratis('s1@group-ABB3109A44C1: changes role from  FOLLOWER to CANDIDATE at term 1 for changeToCandidate'),
      ratis('s1@group-ABB3109A44C1-LeaderElection1 PRE_VOTE round 0: submit vote requests at term 1 for conf: {}'),
      ratis('s1@group-ABB3109A44C1-LeaderElection1 ELECTION round 0: submit vote requests at term 2 for conf: {}'),
      ratis('s1@group-ABB3109A44C1: changes role from CANDIDATE to LEADER at term 2 for changeToLeader'),
      ratis(
        "s2@group-ABB3109A44C1 replies to ELECTION vote request: s1<-s2#0:OK-t2-last:(t:1, i:3). Peer's state: s2@group-ABB3109A44C1:t2",
      ),
    ],
    told: ['s1 BecomePreCandidate', 's1 BecomeCandidate T2', 's1 BecomeLeader T2', 's2->s1 RequestVoteReply T2 granted'],
  },
  {
    format: 'jraft',
    log: [
      jraft('init, term=0, lastLogId=LogId [index=0, term=0], conf=10.0.0.1:8081,10.0.0.2:8081, oldConf=.'),
      jraft('term 0 start preVote.'),
      jraft('start vote and grant vote self, term=0.'),
      jraft('become leader of group, term=1, conf=10.0.0.1:8081,10.0.0.2:8081, oldConf=.'),
      jraft('received RequestVoteRequest from 10.0.0.2:8081, term=2, currTerm=1.'),
    ],
    told: [
      '10.0.0.1:8081 Boot T0 disk=0/0',
      '10.0.0.1:8081 BecomePreCandidate',
      '10.0.0.1:8081 BecomePreCandidate',
      '10.0.0.1:8081 BecomeLeader T1',
      '10.0.0.1:8081<-10.0.0.2:8081 RequestVote T2',
    ],
  },
  {
    format: 'braft',
    log: [
      braft('init, term: 0 last_log_id: (index=0,term=0) conf: 10.0.0.1:8100:0 old_conf: '),
      braft('term 0 start vote and grant vote self'),
      braft('received RequestVoteResponse from 10.0.0.2:8100:0 term 1 granted 1 rejected_by_lease 0 disrupted 0'),
      braft('term 1 become leader of group 10.0.0.1:8100:0 '),
    ],
    told: [
      '10.0.0.1:8100:0 Boot T0 disk=0/0',
      '10.0.0.1:8100:0 BecomePreCandidate',
      '10.0.0.1:8100:0<-10.0.0.2:8100:0 RequestVoteReply T1 granted',
      '10.0.0.1:8100:0 BecomeLeader T1',
    ],
  },
  {
    format: 'dragonboat',
    log: [
      dragonboat(2, 'became candidate'),
      dragonboat(2, 'received RequestVoteResp from n00002'),
      dragonboat(2, 'sent RequestVote to n00003'),
      dragonboat(2, 'received RequestVoteResp rejection from n00003'),
      dragonboat(2, 'became leader'),
      dragonboat(3, 'cast vote from n00003 index 4 term 3, log term: 2'),
    ],
    told: [
      'n00002 BecomeCandidate T2',
      'n00002<-n00002 RequestVoteReply T2 granted',
      'n00002->n00003 RequestVote T2',
      'n00002<-n00003 RequestVoteReply T2 refused',
      'n00002 BecomeLeader T2',
      'n00002 Vote T3 for=n00003 last=4/2',
    ],
  },
  {
    format: 'ra',
    log: [
      '2026-03-01 10:00:00.000000+00:00 [info] <0.230.0>  node           : rabbit@n1',
      ra('pre_vote election called for in term 1'),
      ra('election called for in term 2'),
      ra('candidate -> leader in term: 2 machine version: 3, last applied 4'),
      ra("granting vote for {orders,'rabbit@n2'} with last {index, term} {5,2} for term 3 previous term was 2"),
    ],
    told: [
      'rabbit@n1 BecomePreCandidate T1',
      'rabbit@n1 BecomeCandidate T2',
      'rabbit@n1 BecomeLeader T2',
      'rabbit@n1 Vote T3 for=rabbit@n2 last=5/2',
    ],
  },
  {
    format: 'scylla',
    log: [
      scylla(`fsm[${A}]: starting, current term 1, log length 3, commit index 3, start_as_candidate false`),
      scylla(`tick[${A}]: becoming a candidate at term 1, last election: 3, now: 30`),
      scylla(`${A} [term: 2, index: 3, last log term: 1, prevote] sent vote request to ${A.replace(/a$/, 'b')}`),
      scylla(`${A} [term: 2, index: 3, last log term: 1] sent vote request to ${A.replace(/a$/, 'b')}`),
      scylla(`fsm::become_leader() ${A} stable index: 3 last index: 4`),
    ],
    told: [`${A} Boot T1 commit=3`, `${A} Timeout T1 timer=election`, `${A} BecomeCandidate T2 last=3/1`, `${A} BecomeLeader`],
  },
  {
    format: 'yugabyte',
    log: [
      yb('leader_election.cc', `[CANDIDATE]: Term 2 pre-election: Requesting vote from peer ${OTHER}`),
      yb('leader_election.cc', `[CANDIDATE]: Term 2 election: Requesting vote from peer ${OTHER}`),
      yb('leader_election.cc', `[CANDIDATE]: Term 2 election: Vote granted by peer ${OTHER}`),
      yb('raft_consensus.cc', '[term 2 FOLLOWER]: Leader election won for term 2'),
      yb('raft_consensus.cc', `[term 3 FOLLOWER]:  Leader election vote request: Granting yes vote for candidate ${OTHER} in term 3.`),
    ],
    told: [
      `${PEER} BecomePreCandidate`,
      `${PEER} BecomeCandidate T2`,
      `${PEER}<-${OTHER} RequestVoteReply T2 granted`,
      `${PEER} BecomeLeader T2`,
      `${PEER} Vote T3 for=${OTHER}`,
    ],
  },
  {
    format: 'nebula',
    log: [
      nebula(
        'Sending out an election request (space = 1, part = 3, term = 2, lastLogId = 4, lastLogTerm = 1, candidateIP = n1, candidatePort = 9780), isPreVote = 0',
      ),
      nebula('Partition is elected as the new leader for term 2'),
      nebula(
        'Received a VOTING request: space = 1, partition = 3, candidateAddr = n2:9780, term = 3, lastLogId = 4, lastLogTerm = 1, isPreVote = 0',
      ),
      nebula(
        'Received a VOTING request: space = 1, partition = 3, candidateAddr = n2:9780, term = 4, lastLogId = 4, lastLogTerm = 1, isPreVote = 1',
      ),
    ],
    told: ['n1:9780 BecomeCandidate T2 last=4/1', 'n1:9780 BecomeLeader T2', 'n1:9780<-n2:9780 RequestVote T3 last=4/1'],
  },
  {
    format: 'zeebe',
    log: [
      zeebe('impl.RaftContext', ' - Transitioning to CANDIDATE'),
      zeebe('roles.CandidateRole', '{role=CANDIDATE} - Requesting votes for term 5'),
      zeebe('impl.RaftContext', ' - Transitioning to LEADER'),
      zeebe(
        'roles.FollowerRole',
        "{role=FOLLOWER} - Accepted VoteRequest{term=6, candidate=1, lastLogIndex=4, lastLogTerm=1}: candidate's log is up-to-date",
      ),
    ],
    told: ['0 BecomePreCandidate', '0 BecomeCandidate T5', '0 BecomeLeader', '0 Vote T6 for=1 last=4/1'],
  },
  {
    format: 'openraft',
    log: [
      openraft('election timeout expired, triggering election'),
      openraft('elect: new candidate: {<T2-N1:->@12:00:00, last_log_id:T1-N2-4 progress:{}}'),
      openraft('a quorum granted my vote'),
    ],
    told: ['1 Timeout timer=election', '1 BecomeCandidate', '1 BecomeLeader'],
  },
];

const programs = suite('The logs of');

for (const { format, log, told } of PROGRAMS) {
  programs(`${format} are known by their own lines, and read`, async () => {
    const read = await toldBy([`${format}.log`, lines(...log)]);
    assert.equal(read.formats, [format]);
    assert.equal(read.told, told);
  });
}

programs('several groups are told apart: the events are those of one, and who reads them is told of the others', async () => {
  const other = (text: string) => tikv(text).replace('region_id=2', 'region_id=9');
  const { told } = await toldBy([
    'tikv.log',
    lines(
      tikv('["became candidate at term 6"]'),
      tikv('["became leader at term 6"]'),
      other('["became leader at term 6"]').replace('raft_id=4', 'raft_id=7'),
    ),
  ]);
  assert.equal(told, ['4 BecomeCandidate T6', '4 BecomeLeader T6']);
});

// A step that grows with the square of the length takes minutes here: the time that any test has says so.
programs('any program are read though a line is long and hostile', async () => {
  for (const { log, told } of PROGRAMS) {
    for (const piece of [' ', '[', 'a ', 'Node <', 'term=1 ', '- ', 'x@group-', '2026-03-01 10:00:00 ']) {
      const hostile = `${log[0]?.slice(0, 60) ?? ''}${piece.repeat(10_000)}`;
      const read = await toldBy(['x.log', lines(...log, hostile)]);
      assert.ok(read.told.length >= told.length, `${log[0] ?? ''} ${piece}`);
    }
  }
});
