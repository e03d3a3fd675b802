import { assert, suite } from '@raftlens/testing';
import { check } from '../transcript.ts';

/**
 * The rules of figure 2, each shown by a short log that keeps to it and by a twin in which a few lines are different. The twin is what a
 * known bug (its id in the bug zoo) would have written; the first violation has to name the rule that governs the different line.
 */
interface Twins {
  readonly bug: string;
  readonly rule: string;
  readonly healthy: string;
  /** Lines of the healthy log, and what stands in their place in the wrong one; '' leaves them out. */
  readonly change: readonly (readonly [healthy: string, wrong: string])[];
}

const BOOT = `
  S1 Boot voters=S1,S2,S3
  S2 Boot voters=S1,S2,S3
  S3 Boot voters=S1,S2,S3
`;

const S1_STANDS = `${BOOT}
  S1 Timeout timer=election
  S1 BecomeCandidate
  S1 Persist
  S1->S2 RequestVote lastLogIndex=0 lastLogTerm=0
  S2<-S1 RequestVote
`;

const S1_LEADS = `${S1_STANDS}
  S2 BecomeFollower term=1
  S2 Vote for=S1
  S2 Persist
  S2->S1 RequestVoteReply granted=true
  S1<-S2 RequestVoteReply
  S1 BecomeLeader
`;

/** S1 has an entry, and S2 holds it durably. */
const REPLICATED = `${S1_LEADS}
  S1 Start index=1 hash=aa
  S1 Append entries=1:aa
  S1 Persist
  S1->S2 AppendEntries prev=0 prevTerm=0 entries=1:aa leaderCommit=0
  S2<-S1 AppendEntries
  S2 Append entries=1:aa
  S2 Persist
  S2->S1 AppendEntriesReply success=true match=1
  S1<-S2 AppendEntriesReply
`;

/** S3 has lacked all of that and stands in term 2. */
const S3_STANDS = `${REPLICATED}
  S3 Timeout timer=election
  S3 BecomeCandidate
  S3 Timeout timer=election
  S3 BecomeCandidate
  S3 Persist
`;

const TWINS: readonly Twins[] = [
  {
    bug: 'E4',
    rule: 'State: votedFor',
    healthy: `${S1_LEADS}
      S3 Timeout timer=election
      S3 BecomeCandidate
      S3 Timeout timer=election
      S3 BecomeCandidate
      S3->S2 RequestVote lastLogIndex=0 lastLogTerm=0
      S2<-S3 RequestVote
      S2 BecomeFollower term=2 vote=null`,
    change: [['vote=null', 'vote=S1']],
  },
  {
    bug: 'E6',
    rule: 'Candidates rule 2',
    healthy: S1_LEADS,
    change: [['  S1<-S2 RequestVoteReply\n', '  S1<-S2 RequestVoteReply msgTerm=0\n']],
  },
  {
    bug: 'E11',
    rule: 'RequestVote receiver rule 2',
    healthy: `${BOOT}
      S2 Timeout timer=election
      S2 BecomeCandidate
      S2 Persist
      S1 Timeout timer=election
      S1 BecomeCandidate
      S1 Timeout timer=election
      S1 BecomeCandidate
      S1->S2 RequestVote lastLogIndex=0 lastLogTerm=0
      S2<-S1 RequestVote
      S2 BecomeFollower term=2
      S2 Vote for=S1
      S2 Persist
      S2->S1 RequestVoteReply granted=true`,
    change: [
      ['      S2 Vote for=S1\n', ''],
      ['granted=true', 'granted=false'],
    ],
  },
  {
    bug: 'E17',
    rule: 'All servers rule 2',
    healthy: `${S3_STANDS}
      S3->S1 AppendEntriesReply success=false
      S1<-S3 AppendEntriesReply
      S1 BecomeFollower term=2
      @50
      S1 Timeout timer=election`,
    change: [
      ['      S1 BecomeFollower term=2\n', ''],
      ['@50\n      S1 Timeout timer=election', '@50\n      S1->S2 AppendEntries prev=1 prevTerm=1 leaderCommit=0'],
    ],
  },
  {
    bug: 'E20',
    rule: 'RequestVote sender',
    healthy: S1_LEADS,
    change: [['lastLogIndex=0 lastLogTerm=0', 'lastLogIndex=0 lastLogTerm=1']],
  },
  {
    bug: 'R10',
    rule: 'Leaders rule 3',
    healthy: `${REPLICATED}
      S1 Progress peer=S3 match=0 next=1`,
    change: [['match=0 next=1', 'match=1 next=2']],
  },
  {
    bug: 'R23',
    rule: 'Leader Append-Only',
    healthy: REPLICATED,
    change: [['  S1<-S2 AppendEntriesReply\n', '  S1 Truncate index=1\n']],
  },
  {
    bug: 'C4',
    rule: 'Leaders rule 4',
    healthy: `${REPLICATED}
      S1 Commit index=1`,
    change: [['  S1 Append entries=1:aa\n  S1 Persist\n', '  S1 Append entries=1:aa\n']],
  },
  {
    bug: 'P8',
    rule: 'Persistent state: restart',
    healthy: `${REPLICATED}
      TEST Crash target=S2
      S2 Boot entries=1:aa voters=S1,S2,S3`,
    change: [['S2 Boot entries=1:aa', 'S2 Boot entries=']],
  },
  {
    bug: 'S5',
    rule: 'Snapshotting',
    healthy: `${REPLICATED}
      S1 Commit index=1
      S1 Apply index=1 entryTerm=1 hash=aa
      S1 SnapshotTaken index=1 indexTerm=1`,
    change: [['      S1 Apply index=1 entryTerm=1 hash=aa\n', '']],
  },
  {
    bug: 'L15',
    rule: 'Leadership transfer',
    healthy: `${REPLICATED}
      S1->S2 TimeoutNow`,
    change: [['S1->S2 TimeoutNow', 'S1->S3 TimeoutNow']],
  },
  {
    bug: 'Q1',
    rule: 'ReadIndex',
    healthy: `${REPLICATED}
      S1 Commit index=1
      S1 ReadStart ctx=r1 index=1`,
    change: [['ctx=r1 index=1', 'ctx=r1 index=0']],
  },
  {
    bug: 'C10',
    rule: 'Persistent state: restart',
    healthy: `${REPLICATED}
      TEST Crash target=S2
      S2 Boot entries=1:aa voters=S1,S2,S3 commit=0`,
    change: [['commit=0', 'commit=1']],
  },
  {
    bug: 'S2',
    rule: 'InstallSnapshot receiver',
    healthy: `${REPLICATED}
      S1 Commit index=1
      S1 Apply index=1 entryTerm=1 hash=aa
      S1 SnapshotTaken index=1 indexTerm=1
      S1->S3 InstallSnapshot lastIncludedIndex=1 lastIncludedTerm=1 offset=0 bytes=8 done=true
      S3<-S1 InstallSnapshot
      S3 BecomeFollower term=1
      S3 SnapshotInstalled index=1 indexTerm=1 commit=1 applied=0`,
    change: [['commit=1 applied=0', 'commit=0 applied=0']],
  },
  {
    bug: 'E18',
    rule: 'PreVote',
    healthy: `${S1_LEADS}
      S1->S3 RequestVote lastLogIndex=0 lastLogTerm=0
      S3<-S1 RequestVote
      S3 BecomeFollower term=1
      S2->S3 PreVote msgTerm=2 lastLogIndex=0 lastLogTerm=0
      S3<-S2 PreVote
      S3->S2 PreVoteReply msgTerm=2 granted=true`,
    change: [['S3->S2 PreVoteReply msgTerm=2 granted=true', 'S3 Vote for=S2']],
  },
  {
    bug: 'M5b',
    rule: 'Cluster membership',
    healthy: `${REPLICATED}
      S1 ConfigChange index=1 phase=stable voters=S2,S3
      S1->S3 AppendEntries prev=0 prevTerm=0 entries=1:aa leaderCommit=0
      S3<-S1 AppendEntries
      S3 BecomeFollower term=1
      S3 Append entries=1:aa
      S3 Persist
      S3->S1 AppendEntriesReply success=true match=1
      S1<-S3 AppendEntriesReply
      S1 Commit index=1
      S1->S2 AppendEntries prev=1 prevTerm=1 leaderCommit=1`,
    change: [
      [
        'S1->S2 AppendEntries prev=1 prevTerm=1 leaderCommit=1',
        Array.from({ length: 20 }, () => 'S1->S2 AppendEntries prev=1 prevTerm=1 leaderCommit=1').join('\n'),
      ],
    ],
  },
];

const it = suite('known bugs, each by a log that keeps to the rule and one that does not');

for (const { bug, rule, healthy, change } of TWINS) {
  it(`${bug}: the healthy log has no violation`, () => {
    assert.equal(check(healthy).violations, []);
  });
  it(`${bug}: the wrong one breaks ${rule} first`, () => {
    let wrong = healthy;
    for (const [from, to] of change) {
      assert.ok(wrong.includes(from), `the healthy log lacks ${from}`);
      wrong = wrong.replace(from, to);
    }
    const { first } = check(wrong);
    assert.is(first?.rule, rule, first?.why);
    assert.is(first?.evidence.at(-1), first?.seq);
  });
}
