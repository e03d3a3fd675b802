import { assert, suite } from '@raftlens/testing';
import { check, findings } from '../transcript.ts';

const it = suite('figure 2, held against hand-written logs: each wrong step and its healthy twin');

const BOOT = `
  S1 Boot voters=S1,S2,S3
  S2 Boot voters=S1,S2,S3
  S3 Boot voters=S1,S2,S3
`;

/** S1 stands in term 1 and has its own vote on disk; S2 has received the request. */
const ASKED = `${BOOT}
  S1 Timeout timer=election
  S1 BecomeCandidate
  S1 Persist
  S1->S2 RequestVote lastLogIndex=0 lastLogTerm=0
  S1->S3 RequestVote lastLogIndex=0 lastLogTerm=0
  S2<-S1 RequestVote
  S2 BecomeFollower term=1
`;

/** S1 leads term 1 by S2's vote. */
const LED = `${ASKED}
  S2 Vote for=S1
  S2 Persist
  S2->S1 RequestVoteReply granted
  S1<-S2 RequestVoteReply
  S1 BecomeLeader
`;

/** S1 has appended 1:aa and sent it to S2, which has it in memory. */
const SENT = `${LED}
  S1 Append entries=1:aa
  S1->S2 AppendEntries prev=0 prevTerm=0 entries=1:aa leaderCommit=0
  S1 Persist
  S2<-S1 AppendEntries
  S2 Append entries=1:aa
`;

/** S2 has acknowledged it. */
const ACKED = `${SENT}
  S2 Persist
  S2->S1 AppendEntriesReply success match=1
  S1<-S2 AppendEntriesReply
`;

interface Case {
  /** The rule that the wrong twin breaks first. */
  readonly rule: string;
  readonly says: string;
  readonly wrong: string;
  readonly right: string;
}

const CASES: readonly Case[] = [
  {
    rule: 'Persistent state: votedFor',
    says: 'a vote that is not on disk when the reply leaves',
    wrong: `${ASKED} S2 Vote for=S1
      S2->S1 RequestVoteReply granted`,
    right: `${ASKED} S2 Vote for=S1
      S2 Persist
      S2->S1 RequestVoteReply granted`,
  },
  {
    rule: 'RequestVote receiver rule 2',
    says: 'a second vote in one term',
    wrong: `${ASKED} S2 Vote for=S1
      S2 Persist
      S2->S1 RequestVoteReply granted
      S3 Timeout timer=election
      S3 BecomeCandidate
      S3 Persist
      S3->S2 RequestVote lastLogIndex=0 lastLogTerm=0
      S2<-S3 RequestVote
      S2 Vote for=S3`,
    right: `${ASKED} S2 Vote for=S1
      S2 Persist
      S2->S1 RequestVoteReply granted
      S3 Timeout timer=election
      S3 BecomeCandidate
      S3 Persist
      S3->S2 RequestVote lastLogIndex=0 lastLogTerm=0
      S2<-S3 RequestVote
      S2->S3 RequestVoteReply granted=false`,
  },
  {
    rule: 'RequestVote receiver rule 2',
    says: 'a vote for a candidate whose log is behind (5.4.1)',
    wrong: `${ACKED}
      S3 Timeout timer=election
      S3 BecomeCandidate term=1
      S3 Timeout timer=election
      S3 BecomeCandidate term=2
      S3 Persist
      S3->S2 RequestVote lastLogIndex=0 lastLogTerm=0
      S2<-S3 RequestVote
      S2 BecomeFollower term=2
      S2 Vote for=S3`,
    right: `${ACKED}
      S3 Timeout timer=election
      S3 BecomeCandidate term=1
      S3 Timeout timer=election
      S3 BecomeCandidate term=2
      S3 Persist
      S3->S2 RequestVote lastLogIndex=0 lastLogTerm=0
      S2<-S3 RequestVote
      S2 BecomeFollower term=2
      S2 Persist
      S2->S3 RequestVoteReply granted=false`,
  },
  {
    rule: 'RequestVote receiver rule 2',
    says: 'a refusal without a ground: the logs are equal and the vote is free',
    wrong: `${ASKED} S2 Persist
      S2->S1 RequestVoteReply granted=false`,
    right: `${ASKED} S2 Vote for=S1
      S2 Persist
      S2->S1 RequestVoteReply granted`,
  },
  {
    rule: 'Candidates rule 2',
    says: 'a leader without a majority of votes',
    wrong: `${LED}
      S3 Timeout timer=election
      S3 BecomeCandidate
      S3 Persist
      S3 Timeout timer=election
      S3 BecomeCandidate
      S3 Persist
      S3 BecomeLeader`,
    right: LED,
  },
  {
    rule: 'Candidates rule 1',
    says: 'a candidate that passes over a term',
    wrong: `${BOOT} S1 Timeout timer=election
      S1 BecomeCandidate term=3`,
    right: `${BOOT} S1 Timeout timer=election
      S1 BecomeCandidate term=1`,
  },
  {
    rule: 'Terms never fall',
    says: 'a term that falls',
    wrong: `${LED} S2 BecomeFollower term=0`,
    right: LED,
  },
  {
    rule: 'AppendEntries sender',
    says: 'AppendEntries from one who does not lead',
    wrong: `${LED} S2->S3 AppendEntries prev=0 prevTerm=0 leaderCommit=0`,
    right: `${LED} S1->S3 AppendEntries prev=0 prevTerm=0 leaderCommit=0`,
  },
  {
    rule: 'AppendEntries sender',
    says: 'a leaderCommit beyond the leader',
    wrong: `${SENT} S1->S3 AppendEntries prev=0 prevTerm=0 entries=1:aa leaderCommit=1`,
    right: `${SENT} S1->S3 AppendEntries prev=0 prevTerm=0 entries=1:aa leaderCommit=0`,
  },
  {
    rule: 'AppendEntries receiver rule 1',
    says: 'success to a leader of an older term',
    wrong: `${ACKED}
      S3 Timeout timer=election
      S3 BecomeCandidate term=1
      S3 Timeout timer=election
      S3 BecomeCandidate term=2
      S3 Persist
      S1->S3 AppendEntries prev=0 prevTerm=0 leaderCommit=0
      S3<-S1 AppendEntries
      S3->S1 AppendEntriesReply success match=0`,
    right: `${ACKED}
      S3 Timeout timer=election
      S3 BecomeCandidate term=1
      S3 Timeout timer=election
      S3 BecomeCandidate term=2
      S3 Persist
      S1->S3 AppendEntries prev=0 prevTerm=0 leaderCommit=0
      S3<-S1 AppendEntries
      S3->S1 AppendEntriesReply success=false`,
  },
  {
    rule: 'AppendEntries receiver rule 2',
    says: 'success although the log has nothing at prevLogIndex',
    wrong: `${ACKED}
      S1->S3 AppendEntries prev=1 prevTerm=1 leaderCommit=0
      S3<-S1 AppendEntries
      S3 BecomeFollower term=1
      S3 Persist
      S3->S1 AppendEntriesReply success match=0`,
    right: `${ACKED}
      S1->S3 AppendEntries prev=1 prevTerm=1 leaderCommit=0
      S3<-S1 AppendEntries
      S3 BecomeFollower term=1
      S3 Persist
      S3->S1 AppendEntriesReply success=false conflictIndex=1`,
  },
  {
    rule: 'AppendEntries receiver rule 3',
    says: 'a log that is cut where nothing conflicts',
    wrong: `${ACKED}
      S1->S2 AppendEntries prev=0 prevTerm=0 leaderCommit=0
      S2<-S1 AppendEntries
      S2 Truncate index=1`,
    right: `${ACKED}
      S1->S2 AppendEntries prev=0 prevTerm=0 leaderCommit=0
      S2<-S1 AppendEntries
      S2->S1 AppendEntriesReply success match=0`,
  },
  {
    rule: 'AppendEntries receiver rule 4',
    says: 'an entry that no request has brought',
    wrong: `${ACKED} S2 Append entries=1:bb`,
    right: ACKED,
  },
  {
    rule: 'Persistent state: log',
    says: 'an acknowledgement of entries that are not on disk',
    wrong: `${SENT} S2->S1 AppendEntriesReply success match=1`,
    right: ACKED,
  },
  {
    rule: 'AppendEntries receiver rule 5',
    says: 'a follower that commits what its leader has not committed',
    wrong: `${SENT} S2 Commit index=1`,
    right: `${ACKED} S1 Commit index=1
      S1->S2 AppendEntries prev=1 prevTerm=1 leaderCommit=1
      S2<-S1 AppendEntries
      S2 Commit index=1`,
  },
  {
    rule: 'Leaders rule 4',
    says: 'a commit that no majority has acknowledged',
    wrong: `${SENT} S2 Persist
      S2->S1 AppendEntriesReply success match=1
      S1->S3 AppendEntries prev=0 prevTerm=0 entries=1:aa leaderCommit=0
      S1<-S2 AppendEntriesReply
      S1 Append entries=1:bb
      S1 Persist
      S1 Commit index=2`,
    right: `${ACKED} S1 Commit index=1`,
  },
  {
    rule: 'Leaders rule 3',
    says: 'a matchIndex that nobody has acknowledged',
    wrong: `${ACKED} S1 Progress peer=S3 match=1 next=2 state=replicate`,
    right: `${ACKED} S1 Progress peer=S2 match=1 next=2 state=replicate`,
  },
  {
    rule: 'All servers rule 1',
    says: 'an entry that is applied before it is committed',
    wrong: `${ACKED} S1 Apply index=1 entryTerm=1 hash=aa`,
    right: `${ACKED} S1 Commit index=1
      S1 Apply index=1 entryTerm=1 hash=aa`,
  },
  {
    rule: 'Commit index never falls',
    says: 'a commit index that falls',
    wrong: `${ACKED} S1 Commit index=1
      S1 Commit index=0`,
    right: `${ACKED} S1 Commit index=1`,
  },
  {
    rule: 'Persistent state: restart',
    says: 'a server that starts without an entry that was on its disk',
    wrong: `${ACKED} TEST Crash target=S2
      S2 Boot term=1 vote=S1 last=0 lastTerm=0 entries= voters=S1,S2,S3`,
    right: `${ACKED} TEST Crash target=S2
      S2 Boot term=1 vote=S1 entries=1:aa voters=S1,S2,S3`,
  },
  {
    rule: 'Persistent state: restart',
    says: 'a server that starts without the vote that was on its disk',
    wrong: `${ACKED} TEST Crash target=S2
      S2 Boot term=1 vote=null entries=1:aa voters=S1,S2,S3`,
    right: `${ACKED} TEST Crash target=S2
      S2 Boot term=1 vote=S1 entries=1:aa voters=S1,S2,S3`,
  },
];

for (const { rule, says, wrong, right } of CASES) {
  it(`${rule}: ${says}`, () => {
    const lines = wrong.split('\n').filter((line) => line.trim() !== '').length;
    const [first] = findings(wrong);
    assert.is(first, `${rule} @${lines}`, 'the last line of the wrong log is the first wrong step');
    assert.equal(findings(right), [], 'the healthy twin');
  });
}

it('Leaders rule 4: an entry of an older term that is committed by counting (5.4.2, figure 8), with the lines that prove it', () => {
  const report = check(`${ACKED}
    TEST Crash target=S1
    S1 Boot term=1 vote=S1 entries=1:aa voters=S1,S2,S3
    S1 Timeout timer=election
    S1 BecomeCandidate
    S1 Persist
    S1->S2 RequestVote lastLogIndex=1 lastLogTerm=1
    S2<-S1 RequestVote
    S2 BecomeFollower term=2
    S2 Vote for=S1
    S2 Persist
    S2->S1 RequestVoteReply granted
    S1<-S2 RequestVoteReply
    S1 BecomeLeader
    S1->S2 AppendEntries prev=1 prevTerm=1 leaderCommit=0
    S2<-S1 AppendEntries
    S2->S1 AppendEntriesReply success match=1
    S1<-S2 AppendEntriesReply
    S1 Commit index=1
  `);
  const { first } = report;
  assert.is(first?.rule, 'Leaders rule 4');
  assert.is(first?.node, 'S1');
  assert.match(first?.why ?? '', /index 1, whose entry is of term 1, by counting replicas/);
  assert.match(first?.allowed ?? '', /along with an entry of term 2/);
  // The append of the old entry, the election, and the commit itself.
  assert.is(first?.evidence.at(-1), first?.seq);
  assert.is(first?.evidence.length, 3);
});

it('says what a log without Persist lines leaves unchecked, and passes nothing in silence', () => {
  const report = check(`${ASKED.replaceAll(/^\s*S\d Persist$/gm, '')} S2 Vote for=S1
    S2->S1 RequestVoteReply granted`);
  assert.equal(report.violations, []);
  const unchecked = report.unchecked.find(({ rule }) => rule === 'Persistent state: votedFor');
  assert.match(unchecked?.reason ?? '', /does not tell which term and vote it persists/);
});

/** What a candidate takes in, in a log whose voters do not tell what they grant. */
const COUNTED = `${BOOT}
  S1 Timeout timer=election
  S1 BecomeCandidate
  S2 BecomeFollower term=1
  S2 Vote for=S1
  S1<-S2 RequestVoteReply granted msgTerm=1
  S1 BecomeLeader
  S2 Boot term=1 vote=null voters=S1,S2,S3
  S3 Timeout timer=election
  S3 BecomeCandidate
  S2 Vote for=S3
`;

it('RequestVote receiver rule 2: a request that was ignored and comes in again, doubled, is judged by the log of its second arrival', () => {
  const log = `${BOOT}
    S1 Timeout timer=election
    S1 BecomeCandidate
    S1 Persist
    S1->S3 RequestVote id=90 lastLogIndex=0 lastLogTerm=0
    S3<-S1 RequestVote id=90
    S1->S2 RequestVote lastLogIndex=0 lastLogTerm=0
    S2<-S1 RequestVote
    S2 BecomeFollower term=1
    S2 Vote for=S1
    S2 Persist
    S2->S1 RequestVoteReply granted
    S1<-S2 RequestVoteReply
    S1 BecomeLeader
    S1 Append entries=1:aa
    S1->S3 AppendEntries prev=0 prevTerm=0 entries=1:aa leaderCommit=0
    S3<-S1 AppendEntries
    S3 BecomeFollower term=1
    S3 Append entries=1:aa
    S3<-S1 RequestVote id=90
    S3 Persist
    S3->S1 RequestVoteReply re=90 granted=false
  `;
  assert.equal(findings(log), []);
});

it('One vote per term: a vote that comes in twice was given twice, and the restart in between stands among the evidence', () => {
  const [lost, twice] = check(`${COUNTED} S3<-S2 RequestVoteReply granted msgTerm=1`).violations;
  assert.is(lost?.why, 'S2 starts with votedFor null in term 1, but gave that vote to S1 before: its persistent state is lost');
  assert.is(twice?.rule, 'One vote per term');
  assert.is(twice?.node, 'S2', 'the voter broke it, although the line is of the candidate');
  assert.is(twice?.why, 'S2 granted its vote of term 1 to S1, restarted, and now to S3');
  assert.equal(twice?.evidence, [7, 8, 10, 13, 14]);
});

it('a vote that nobody has taken in may be forgotten by a crash before it was given', () => {
  assert.equal(findings(COUNTED), ['Persistent state: restart @10']);
  assert.equal(findings(COUNTED.replace('S1<-S2 RequestVoteReply granted msgTerm=1', '')), []);
});

it('does not miss the request of a vote where no line tells of any request', () => {
  assert.equal(findings(COUNTED.replace('S2 Boot term=1 vote=null', 'S2 Boot term=1 vote=S1').replace(/S2 Vote for=S3/, '')), []);
});

const REFUSED = (fields: string, step: string) => `
  S3 Boot voters=S1,S2,S3 term=1 entries=1:zz
  S3<-S1 AppendEntries msgTerm=2 prev=1 prevTerm=2 ${fields}
  S3 BecomeFollower term=2
  S3 ${step}
`;

it('AppendEntries receiver rule 2: a commit by a request that has to be refused', () => {
  const { first } = check(REFUSED('n=0 leaderCommit=1', 'Commit index=1'));
  assert.is(first?.rule, 'AppendEntries receiver rule 2');
  assert.is(
    first?.why,
    'S3 sets commitIndex to 1 by a request that it has to refuse: the request from S1 has prevLogIndex 1 of term 2, 0 entries and leaderCommit 1, but it has an entry of term 1 there',
  );
});

it('AppendEntries receiver rule 2: entries of a request that has to be refused', () => {
  const { first } = check(REFUSED('n=1 entries=2:bb leaderCommit=0', 'Append index=2 entries=2:bb'));
  assert.is(first?.rule, 'AppendEntries receiver rule 2');
});

it('AppendEntries receiver rule 5: a commit beyond what a request verifies is no matter of rule 2', () => {
  const { first } = check(REFUSED('n=0 leaderCommit=1', 'Commit index=1').replace('prevTerm=2', 'prevTerm=1').replace('prev=1', 'prev=0'));
  assert.is(first?.rule, 'AppendEntries receiver rule 5');
});

it('Persistent state, restart: a snapshot that did not reach the disk leaves the log there as it was', () => {
  // So many that the checker forgets what all servers have compacted.
  const entries = Array.from({ length: 300 }, (_, nth) => `1:e${nth}`).join(',');
  const log = (found: string) => `
    S1 Boot voters=S1,S2 term=1 last=300 lastTerm=1 entries=${entries}
    S1 Persist
    S1<-S2 InstallSnapshot msgTerm=1 lastIncludedIndex=301 lastIncludedTerm=1 done
    S1 SnapshotInstalled index=301 indexTerm=1
    TEST Crash target=S1
    S1 Boot voters=S1,S2 term=1 last=300 lastTerm=1 commit=0 applied=0 entries=${found}
  `;
  assert.equal(findings(log(entries)), []);
  assert.equal(findings(log(entries.replace('1:e299', '1:other'))), ['Persistent state: restart @6']);
});
