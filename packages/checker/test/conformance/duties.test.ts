import { assert, suite } from '@raftlens/testing';
import { check, findings } from '../transcript.ts';

const it = suite('What a server owes');

const BOOT = 'voters=S1,S2,S3 electionMinMs=150 electionMaxMs=300 heartbeatMs=50';
/** S1 leads term 1. */
const LEADS = `
  S1 Boot ${BOOT}
  S2 Boot ${BOOT}
  S1 Timeout timer=host
  S1 BecomeCandidate
  S1<-S2 RequestVoteReply id=900 granted=true msgTerm=1
  S1 BecomeLeader
`;
const why = (text: string, rule: string): readonly string[] =>
  check(text).violations.flatMap((found) => (found.rule === rule ? [found.why] : []));
const beat = (atMs: number, ...to: readonly string[]): string =>
  `@${atMs}\n${to.map((id) => `S1->${id} AppendEntries prev=0 prevTerm=0 leaderCommit=0\n`).join('')}`;
const beats = (fromMs: number, toMs: number, ...to: readonly string[]): string => {
  let text = '';
  for (let ms = fromMs; ms <= toMs; ms += 50) text += beat(ms, ...to);
  return text;
};

it('Leaders rule 1: every member gets heartbeats', () => {
  assert.equal(why(`${LEADS} ${beats(0, 2000, 'S2', 'S3')}`, 'Leaders rule 1'), []);
  const [first] = why(`${LEADS} ${beats(0, 300, 'S2', 'S3')} ${beats(350, 2000, 'S2')}`, 'Leaders rule 1');
  assert.is(first, 'S1 leads term 1 and has sent S3 nothing for 300 ms, although its heartbeats are due every 50 ms');
  assert.is(why(`${LEADS} ${beats(0, 2000, 'S2')}`, 'Leaders rule 1').length > 0, true);
});

it('Leaders rule 1: a leader that was stopped is not asked for what it could not send', () => {
  assert.equal(
    why(`${LEADS} ${beats(0, 300, 'S2', 'S3')} ${beat(3000, 'S2')} ${beat(3001, 'S3')} ${beats(3050, 3300, 'S2', 'S3')}`, 'Leaders rule 1'),
    [],
  );
});

/** S2 has acknowledged entry 1 to the leader S1, whose disk holds it. */
const ACKNOWLEDGED = `${LEADS}
  S1 Append entries=1:aa
  S1 Persist what=entries
  S1->S2 AppendEntries prev=0 prevTerm=0 entries=1:aa leaderCommit=0
  S1<-S2 AppendEntriesReply id=901 msgTerm=1 success=true match=1
`;

it('Leaders rule 4: what a majority has acknowledged is committed', () => {
  assert.equal(why(`${ACKNOWLEDGED} S1 Commit index=1\n ${beats(0, 900, 'S2', 'S3')}`, 'Leaders rule 4'), []);
  assert.equal(why(`${ACKNOWLEDGED} ${beats(0, 900, 'S2', 'S3')}`, 'Leaders rule 4'), [
    'a majority has acknowledged index 1 of term 1 to S1, which leads that term and leaves its commitIndex at 0',
  ]);
});

it('Leaders rule 4: who needs fewer by a new configuration may wait for news of a voter', () => {
  const text = (news: string): string => `${ACKNOWLEDGED.replaceAll('voters=S1,S2,S3', 'voters=S1,S2,S3,S4')}
    S1 Append entries=1:bb
    S1 ConfigChange index=2 voters=S1,S2,S3
    ${news}
    ${beats(0, 900, 'S2', 'S3')}
  `;
  assert.equal(why(text('S1<-S2 AppendEntriesReply id=902 msgTerm=1 success=true match=1'), 'Leaders rule 4'), []);
  assert.equal(why(text('S1<-S4 AppendEntriesReply id=902 msgTerm=1 success=true match=1'), 'Leaders rule 4'), []);
  assert.equal(why(text('S1<-S3 AppendEntriesReply id=902 msgTerm=1 success=true match=1'), 'Leaders rule 4'), [
    'a majority has acknowledged index 1 of term 1 to S1, which leads that term and leaves its commitIndex at 0',
  ]);
});

it('Leaders rule 3: the same entries do not go out again and again without a pause', () => {
  const again = 'S1->S2 AppendEntries prev=0 prevTerm=0 entries=1:aa leaderCommit=0\n';
  const text = `${LEADS} S1 Append entries=1:aa\n`;
  assert.equal(why(text + again.repeat(15), 'Leaders rule 3'), []);
  assert.equal(why(text + again.repeat(16), 'Leaders rule 3'), [
    'S1 has sent S2 the 1 entries after index 0 16 times within 50 ms, without that S2 acknowledged more',
  ]);
  assert.equal(why(`${text}${again.repeat(9)} @60\n${again.repeat(9)}`, 'Leaders rule 3'), []);
});

it('Leaders rule 3: a refusal that was overtaken says nothing of what was sent once more', () => {
  const text = (retry: string): string => `${LEADS}
    S1 Append entries=1:aa,1:bb
    S1->S2 AppendEntries id=10 prev=2 prevTerm=1 leaderCommit=0
    ${retry}
    S1->S2 AppendEntries id=12 prev=5 prevTerm=1 leaderCommit=0
    S1->S2 AppendEntries id=13 prev=2 prevTerm=1 leaderCommit=0
    S1<-S2 AppendEntriesReply id=910 re=10 msgTerm=1 success=false conflictIndex=2 conflictTerm=0
    ${[40, 80, 120, 160].map((ms) => `@${ms}\nS1->S2 AppendEntries prev=2 prevTerm=1 leaderCommit=0\n`).join('')}
  `;
  assert.equal(why(text('S1->S2 AppendEntries id=11 prev=1 prevTerm=1 entries=1:bb leaderCommit=0'), 'Leaders rule 3'), []);
  assert.equal(why(text(''), 'Leaders rule 3'), ['S1 sends S2 prevLogIndex 2 again, although S2 has refused 2']);
});

it('Persistent state: entries that were cut leave the disk before others stand in their place', () => {
  const text = (what: string): string => `
    S2 Boot term=1 entries=1:aa,1:bb
    S2 Persist
    S2 Truncate index=2
    S2 Append entries=2:cc term=2
    S2 Persist what=${what}
  `;
  const rule = 'Persistent state: log';
  assert.equal(why(text('state+truncate+entries'), rule), []);
  assert.equal(why(text('state+entries'), rule), [
    'S2 has cut its log from index 2 on, which its disk held, and writes others there ("state+entries") without deleting those',
  ]);
});

it('Persistent state: a write that was under way when the log was cut says nothing of the cut', () => {
  const text = `
    S2 Boot term=1 entries=1:aa,1:bb
    S2 Persist
    S2 Truncate index=2
    S2 Append entries=2:cc term=2
    S2 Persist what=entries durableLast=2 durableLastTerm=1
    S2 Persist what=truncate+entries
  `;
  assert.equal(why(text, 'Persistent state: log'), []);
});

it('Cluster membership: a server whose configuration was cut goes by the one before', () => {
  const text = (then: string): string => `
    S2 Boot voters=S1,S2,S3
    S2 Append entries=1:aa,1:bb term=1
    S2 ConfigChange index=2 voters=S1,S2,S3,S4
    S2 Truncate index=2
    ${then}
    ${'S2 Persist\n'.repeat(8)}
  `;
  assert.equal(why(text('S2 ConfigChange index=0 voters=S1,S2,S3'), 'Cluster membership'), []);
  assert.equal(why(text(''), 'Cluster membership'), [
    'S2 has cut its log from index 2 on and goes on by {S1, S2, S3, S4}, whose entry stood at index 2',
  ]);
});

it('Cluster membership: nothing changes before the leader has committed in its own term (thesis 4.1)', () => {
  const text = (then: string): string => `
    S1 Boot voters=S1 entries=1:aa term=1 vote=null
    S1 Timeout timer=host
    S1 BecomeCandidate
    S1 BecomeLeader
    S1 Commit index=1
    S1 Append entries=2:bb
    ${then}
    S1 Append entries=2:cc
    S1 ConfigChange index=3 voters=S1,S2
  `;
  const rule = 'Cluster membership';
  assert.equal(why(text('S1 Commit index=2'), rule), []);
  assert.equal(why(text(''), rule), ['S1 changes the configuration at index 3 in term 2, and its last committed entry is of term 1']);
});

it('Commit index never falls: a server starts with what its snapshot covers', () => {
  assert.equal(findings('S1 Boot voters=S1 snapshotIndex=4 snapshotTerm=1 last=4 lastTerm=1 term=1'), []);
  assert.equal(findings('S1 Boot voters=S1 snapshotIndex=4 snapshotTerm=1 last=4 lastTerm=1 term=1 commit=0 applied=4'), [
    'Commit index never falls @1',
  ]);
});

it('InstallSnapshot receiver: a log that does not hold the snapshot’s last entry goes whole (figure 13, rule 7)', () => {
  const text = (last: string): string => `
    S2 Boot voters=S1,S2,S3 entries=1:aa,1:bb,1:cc term=1
    S1->S2 InstallSnapshot msgTerm=2 lastIncludedIndex=2 lastIncludedTerm=2 offset=0 done=true
    S2<-S1 InstallSnapshot
    S2 BecomeFollower term=2 leader=S1
    S2 SnapshotInstalled index=2 indexTerm=2 ${last}
  `;
  assert.equal(why(text(''), 'InstallSnapshot receiver'), []);
  assert.equal(why(text('last=3 lastTerm=1'), 'InstallSnapshot receiver'), [
    'S2 keeps its log up to 3 behind a snapshot that ends with entry 2 of term 2, which the log does not hold',
  ]);
});

it('PreVote: a refusal needs a ground', () => {
  const text = (log: string, before: string): string => `
    S2 Boot ${BOOT} entries=${log} term=1 vote=null
    ${before}
    S3->S2 PreVote msgTerm=2 lastLogIndex=1 lastLogTerm=1
    S2<-S3 PreVote
    S2->S3 PreVoteReply granted=false
  `;
  const asked = 'S2 Timeout timer=election\n S2 BecomePreCandidate';
  const heard = 'S1->S2 AppendEntries msgTerm=1 prev=0 prevTerm=0 leaderCommit=0\n S2<-S1 AppendEntries';
  for (const [log, before] of [
    ['1:aa', ''],
    ['1:aa,1:bb', asked],
    ['1:aa', heard],
  ] as const) {
    assert.equal(why(text(log, before), 'PreVote'), [], `${log} ${before}`);
  }
  assert.match(why(text('1:aa', `@400\n${asked}`), 'PreVote').join(), /S2 refuses S3 a pre-vote of term 2: its own term is 1/);
});

it('Leader of the term: nobody is followed for a message of an older term', () => {
  const text = (of: number): string => `
    S2 Boot ${BOOT}
    S3->S2 RequestVote msgTerm=2 lastLogIndex=0 lastLogTerm=0
    S2<-S3 RequestVote
    S2 BecomeFollower term=2 leader=null
    S1->S2 AppendEntries msgTerm=${of} prev=0 prevTerm=0 leaderCommit=0
    S2<-S1 AppendEntries
    S2->S1 ReadIndex ctx=x
  `;
  assert.equal(why(text(2), 'Leader of the term'), []);
  assert.equal(why(text(1), 'Leader of the term'), [
    'S2 asks S1 as the leader of term 2, and S1 has sent it only messages of an older term',
  ]);
});

it('Leader of the term: a question may leave in a later term than that in which it was asked', () => {
  const text = (of: number): string => `
    S2 Boot ${BOOT}
    S1->S2 AppendEntries msgTerm=1 prev=0 prevTerm=0 leaderCommit=0
    S2<-S1 AppendEntries
    S3->S2 RequestVote msgTerm=2 lastLogIndex=0 lastLogTerm=0
    S2<-S3 RequestVote
    S2 BecomeFollower term=2 leader=null
    S2 Persist what=state
    S2->S1 ReadIndex msgTerm=${of} ctx=x
    S2->S1 Propose msgTerm=${of}
  `;
  assert.equal(why(text(1), 'Leader of the term'), []);
  assert.is(why(text(2), 'Leader of the term').length, 2);
});

it('ReadIndex: no lease serves what was asked for after TimeoutNow', () => {
  const read = 'S1 ReadStart ctx=x index=1';
  const text = (first: string, second: string): string => `${LEADS}
    S1 Append entries=1:aa
    S1 Persist what=entries
    S1<-S2 AppendEntriesReply id=901 msgTerm=1 success=true match=1
    S1 Commit index=1
    S1 Apply index=1 entryTerm=1 hash=aa
    ${first}
    S1->S2 TimeoutNow
    ${second}
    S1 ReadReady ctx=x index=1 lease=true
  `;
  assert.equal(why(text(read, ''), 'ReadIndex'), []);
  assert.match(why(text('', read), 'ReadIndex').join(), /after it had told another to stand/);
});
