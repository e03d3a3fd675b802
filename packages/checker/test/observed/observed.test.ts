import { assert, suite } from '@raftlens/testing';
import { found, report } from './seen.ts';

const it = suite('Servers that are observed from outside');

const STARTED = `
  S1 Boot voters=S1,S2,S3
  S2 Boot voters=S1,S2,S3
  S3 Boot voters=S1,S2,S3
`;

/** S1 is elected in term 1, and everything is saved before it is told: 12 lines. */
const ELECTED = `${STARTED}
  @300
  S1 Persist durableTerm=1 durableVote=S1 index=1 entries= durableLast=0
  S1->S2 RequestVote msgTerm=1 lastLogIndex=0 lastLogTerm=0
  S2<-S1 RequestVote
  S2 Persist durableTerm=1 durableVote=S1 index=1 entries= durableLast=0
  S2->S1 RequestVoteReply msgTerm=1 granted=true
  S1<-S2 RequestVoteReply
  S3 Persist durableTerm=1 durableVote=null index=1 entries= durableLast=0
  S1->S2 AppendEntries msgTerm=1 prev=0 prevTerm=0 leaderCommit=0
  S2<-S1 AppendEntries
`;

/** And has replicated one entry to S2: 20 lines. */
const REPLICATED = `${ELECTED}
  S2->S1 AppendEntriesReply msgTerm=1 success=true
  S1<-S2 AppendEntriesReply
  S1 Start index=1 entryTerm=1 hash=aa
  S1->S2 AppendEntries msgTerm=1 prev=0 prevTerm=0 entries=1:aa leaderCommit=0
  S2<-S1 AppendEntries
  S2 Persist durableTerm=1 durableVote=S1 index=1 entries=1:aa durableLast=1
  S2->S1 AppendEntriesReply msgTerm=1 success=true
  S1<-S2 AppendEntriesReply
`;

it('finds nothing in a healthy log, and says how much it has judged', () => {
  const { violations, coverage } = report(`${REPLICATED}
    S1 Apply index=1 hash=aa
    S1->S2 AppendEntries msgTerm=1 prev=1 prevTerm=1 leaderCommit=1
    S2<-S1 AppendEntries
    S2 Apply index=1 hash=aa
    S2->S1 AppendEntriesReply msgTerm=1 success=true
    TEST TestEnd outcome=pass`);
  assert.equal(violations, []);
  for (const rule of ['Candidates rule 2', 'Leaders rule 4', 'One vote per term', 'Persistent state: log', 'State Machine Safety'])
    assert.ok(coverage.judged.includes(rule), rule);
});

it('names a second vote in a term, whoever was the first', () => {
  const request =
    'S3->S2 RequestVote msgTerm=1 lastLogIndex=0 lastLogTerm=0\n S2<-S3 RequestVote\n S2->S3 RequestVoteReply msgTerm=1 granted=true';
  assert.ok(found(`${ELECTED} ${request}`).includes('One vote per term @15'));
  const own =
    'S3->S1 RequestVote msgTerm=1 lastLogIndex=0 lastLogTerm=0\n S1<-S3 RequestVote\n S1->S3 RequestVoteReply msgTerm=1 granted=true';
  assert.ok(found(`${ELECTED} ${own}`).includes('One vote per term @15'));
});

it('names a vote that is told before it is saved, and says nothing where nothing was ever saved', () => {
  const late = (save: string): string => `${STARTED} ${save}
    S1->S2 RequestVote msgTerm=1 lastLogIndex=0 lastLogTerm=0
    S2<-S1 RequestVote
    S2->S1 RequestVoteReply msgTerm=1 granted=true`;
  assert.equal(found(late('S2 Persist durableTerm=0 durableVote=null index=1 entries= durableLast=0')), ['Persistent state: votedFor @7']);
  assert.equal(found(late('')), []);
});

it('names a leader that counts a vote of an older term', () => {
  assert.equal(
    found(`${ELECTED}
      @600
      S3->S1 RequestVote msgTerm=2 lastLogIndex=0 lastLogTerm=0
      S3<-S1 RequestVoteReply re=1 id=2 msgTerm=1 granted=true
      S3->S1 AppendEntries msgTerm=2 prev=0 prevTerm=0 leaderCommit=0`).filter((rule) => rule.startsWith('Candidates')),
    ['Candidates rule 2 @15'],
  );
});

it('names success without the entry before, and an entry that is acknowledged before it is saved', () => {
  const answer = 'S2<-S1 AppendEntries\n S2->S1 AppendEntriesReply msgTerm=1 success=true';
  assert.equal(found(`${REPLICATED} S1->S2 AppendEntries msgTerm=1 prev=3 prevTerm=1 leaderCommit=0\n ${answer}`), [
    'AppendEntries receiver rule 2 @23',
  ]);
  assert.equal(found(`${REPLICATED} S1->S2 AppendEntries msgTerm=1 prev=1 prevTerm=1 entries=1:bb leaderCommit=0\n ${answer}`), [
    'Persistent state: log @23',
  ]);
});

it('names entries that are deleted although nothing is in conflict, and allows it where something is', () => {
  const cut = (entries: string): string => `${REPLICATED}
    S1->S2 AppendEntries msgTerm=1 prev=1 prevTerm=1 entries=1:bb leaderCommit=0
    S2<-S1 AppendEntries
    S2 Persist durableTerm=1 durableVote=S1 index=2 entries=1:bb durableLast=2
    S2->S1 AppendEntriesReply msgTerm=1 success=true
    S3->S2 AppendEntries msgTerm=2 prev=0 prevTerm=0 entries=${entries} leaderCommit=0
    S2<-S3 AppendEntries
    S2 Persist durableTerm=2 durableVote=null index=1 entries=${entries} durableLast=1`;
  const named = (entries: string): string[] => found(cut(entries)).filter((rule) => rule.startsWith('AppendEntries receiver rule 3'));
  assert.equal(named('1:aa'), ['AppendEntries receiver rule 3 @27']);
  assert.equal(named('2:cc'), []);
});

it('names a commit without a majority, and one by counting entries of older terms', () => {
  assert.equal(found(`${REPLICATED} S1->S2 AppendEntries msgTerm=1 prev=1 prevTerm=1 leaderCommit=2`), ['Leaders rule 4 @21']);
  const again = found(`${REPLICATED}
    @900
    S2 Persist durableTerm=2 durableVote=S2 index=2 entries= durableLast=1
    S2->S1 RequestVote msgTerm=2 lastLogIndex=1 lastLogTerm=1
    S1<-S2 RequestVote
    S1 Persist durableTerm=2 durableVote=S2 index=1 entries=1:aa durableLast=1
    S1->S2 RequestVoteReply msgTerm=2 granted=true
    S2<-S1 RequestVoteReply
    S2->S1 AppendEntries msgTerm=2 prev=1 prevTerm=1 leaderCommit=0
    S1<-S2 AppendEntries
    S1->S2 AppendEntriesReply msgTerm=2 success=true
    S2<-S1 AppendEntriesReply
    S2->S1 AppendEntries msgTerm=2 prev=1 prevTerm=1 leaderCommit=1`);
  assert.equal(again, ['Leaders rule 4 @31']);
});

it('takes the places of saved entries for unknown where the snapshot before them is none that anybody has asked for', () => {
  const again = (index: number): string => `${REPLICATED}
    S2 SnapshotTaken index=${index}
    S2 Persist what=state+snapshot durableTerm=1 durableVote=S1 snapshotIndex=1 snapshotTerm=1 index=2 entries= durableLast=1
    S1->S2 AppendEntries msgTerm=1 prev=1 prevTerm=1 entries=1:bb leaderCommit=0
    S2<-S1 AppendEntries
    S2->S1 AppendEntriesReply msgTerm=1 success=true`;
  assert.equal(found(again(1)), ['Persistent state: log @25']);
  assert.equal(found(again(2)), []);
});

it('names applies out of order, and another command at an index', () => {
  assert.equal(found(`${REPLICATED} S1 Apply index=1 hash=aa\n S1 Apply index=1 hash=aa`), ['All servers rule 1 @22']);
  assert.ok(found(`${REPLICATED} S1 Apply index=1 hash=aa\n S2 Apply index=1 hash=bb`).includes('State Machine Safety @22'));
});

it('names a restart that has lost what was saved', () => {
  assert.ok(
    found(`${REPLICATED}
      TEST Crash target=S2
      S2 Boot voters=S1,S2,S3
      S2 Persist durableTerm=0 durableVote=null index=1 entries= durableLast=0`).includes('Persistent state: restart @23'),
  );
});

it('takes nothing from a dead incarnation', () => {
  const dead = found(`${REPLICATED}
    S3->S2 RequestVote msgTerm=1 lastLogIndex=0 lastLogTerm=0
    S2<-S3 RequestVote
    TEST Crash target=S2
    S2->S3 RequestVoteReply msgTerm=1 granted=true`);
  assert.equal(dead, []);
});

it('takes a vote of the old term that is saved with the new one for no vote', () => {
  const carried = `${REPLICATED}
    S2 Persist durableTerm=2 durableVote=S1 index=2 entries= durableLast=1
    S2 Persist durableTerm=2 durableVote=S2 index=2 entries= durableLast=1`;
  assert.equal(found(carried), []);
  assert.equal(found(`${carried}\n S2 Persist durableTerm=2 durableVote=S3 index=2 entries= durableLast=1`), ['State: votedFor @23']);
});

it('names a handler that does not answer, but not where the whole process stood still', () => {
  const waiting = (gap: number): string =>
    `${REPLICATED}
    S1->S2 AppendEntries msgTerm=1 prev=1 prevTerm=1 leaderCommit=0
    S2<-S1 AppendEntries
    ${Array.from({ length: Math.ceil(6000 / gap) }, (_, at) => `@${300 + (at + 1) * gap}\n S1->S3 AppendEntries msgTerm=1 prev=0 prevTerm=0 leaderCommit=0`).join('\n')}`;
  assert.equal(found(waiting(100)), ['Handlers answer @22']);
  assert.equal(found(waiting(1500)), []);
});

it('names a server that stands again and again although it has just answered its leader', () => {
  let term = 1;
  const hasty = Array.from({ length: 6 }, (_, at) => {
    term++;
    const ms = 400 + at * 100;
    return `@${ms}
      S1->S3 AppendEntries msgTerm=${term - 1} prev=0 prevTerm=0 leaderCommit=0
      S3<-S1 AppendEntries
      S3->S1 AppendEntriesReply msgTerm=${term - 1} success=true
      @${ms + 50}
      S3->S2 RequestVote msgTerm=${term} lastLogIndex=0 lastLogTerm=0`;
  });
  assert.ok(found(`${ELECTED} ${hasty.join('\n')}`).some((rule) => rule.startsWith('Election timer')));
});
