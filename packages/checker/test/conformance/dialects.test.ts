import { assert, suite } from '@raftlens/testing';
import { findings } from '../transcript.ts';

const it = suite('Safe dialects of Raft, each beside a fault that looks like it');

/** S1 leads term 2 and has committed its entry 4 with S2. */
const LED = `
  S1 Boot voters=S1,S2,S3 term=1 entries=1:aa,1:bb,1:cc
  S2 Boot voters=S1,S2,S3 term=1 entries=1:aa,1:bb,1:cc
  S1 BecomeCandidate term=2
  S2 BecomeFollower term=2
  S2 Vote for=S1
  S1<-S2 RequestVoteReply granted msgTerm=2
  S1 BecomeLeader
  S1 Append entries=2:dd
  S1->S2 AppendEntries prev=3 prevTerm=1 entries=2:dd leaderCommit=0
  S2<-S1 AppendEntries
  S2 Append entries=2:dd
  S2->S1 AppendEntriesReply success match=4
  S1<-S2 AppendEntriesReply
  S1 Commit index=4
  S1->S2 AppendEntries prev=4 prevTerm=2 leaderCommit=4
  S2<-S1 AppendEntries
  S2 Commit index=4
  S2->S1 AppendEntriesReply success match=4
  S1<-S2 AppendEntriesReply
`;
const STALE = 'S2<-S1 AppendEntries id=900 msgTerm=2 prev=1 prevTerm=1 n=1 entries=1:bb leaderCommit=0';

it('a request that is older than the commit is answered with the commit index, and with no more (etcd, raft.go, handleAppendEntries)', () => {
  assert.equal(findings(`${LED} ${STALE}\n S2->S1 AppendEntriesReply re=900 success match=4`), []);
  const more = `${LED} S1 Append entries=2:ee\n S1->S2 AppendEntries id=899 prev=4 prevTerm=2 entries=2:ee leaderCommit=4\n S2<-S1 AppendEntries id=899\n S2 Append entries=2:ee`;
  const [found] = findings(`${more}\n ${STALE}\n S2->S1 AppendEntriesReply re=900 success match=5`);
  assert.match(found ?? '', /^AppendEntries receiver rule 4 @\d+/);
});

it('a heartbeat tells the lesser of commit and match, and never more than the commit index (etcd, raft.go, sendHeartbeat)', () => {
  assert.equal(findings(`${LED} S1->S2 AppendEntries prev=4 prevTerm=2 leaderCommit=2`), []);
  const [found] = findings(`${LED} S1->S2 AppendEntries prev=4 prevTerm=2 leaderCommit=9`);
  assert.match(found ?? '', /^AppendEntries sender @\d+/);
});

it('lastApplied is raised before or after a batch, whose entries go to the service in order all the same', () => {
  const batch = (raised: number, ...indexes: readonly number[]) =>
    indexes
      .map((index) => `S1 Apply index=${index} applied=${raised} entryTerm=${index === 4 ? 2 : 1} hash=${'abcd'[index - 1]?.repeat(2)}`)
      .join('\n ');
  assert.equal(findings(`${LED} ${batch(0, 1, 2, 3)}\n ${batch(4, 4)}`), []);
  assert.equal(findings(`${LED} ${batch(4, 1, 2, 3, 4)}`), []);
  const [skipped] = findings(`${LED} ${batch(0, 1, 3)}`);
  assert.match(skipped ?? '', /^All servers rule 1 @\d+/);
  const [again] = findings(`${LED} ${batch(4, 1, 2, 2)}`);
  assert.match(again ?? '', /^All servers rule 1 @\d+/);
});

it('a snapshot of what was handed over of a batch, and none of more (the labs)', () => {
  const applies = [1, 2, 3].map((index) => `S1 Apply index=${index} applied=0 entryTerm=1 hash=${'abc'[index - 1]?.repeat(2)}`).join('\n ');
  assert.equal(findings(`${LED} ${applies}\n S1 SnapshotTaken index=3 indexTerm=1`), []);
  const [found] = findings(`${LED} ${applies}\n S1 SnapshotTaken index=4 indexTerm=2`);
  assert.match(found ?? '', /^Snapshotting @\d+/);
});

it('a command is told before or after it is in the log; one that a follower takes is none (the labs, Start)', () => {
  assert.equal(findings(`${LED} S1 Start index=5 hash=ee\n S1 Append entries=2:ee`), []);
  assert.equal(findings(`${LED} S1 Append entries=2:ee\n S1 Start index=5 hash=ee`), []);
  const [found] = findings(`${LED} S2 Start index=5 hash=ee`);
  assert.match(found ?? '', /^Leaders rule 2 @\d+/);
});

it('a snapshot that the service refuses is not installed, and one over newer state is a fault (the labs, CondInstallSnapshot)', () => {
  const sent = 'S2<-S1 InstallSnapshot id=901 msgTerm=2 lastIncludedIndex=3 lastIncludedTerm=1 done=true';
  assert.equal(findings(`${LED} ${sent}\n S2->S1 InstallSnapshotReply re=901 msgTerm=2 lastIncludedIndex=3 success=true`), []);
  const [found] = findings(`${LED} ${sent}\n S2 SnapshotInstalled index=3 indexTerm=1`);
  assert.match(found ?? '', /^InstallSnapshot receiver @\d+/);
});
