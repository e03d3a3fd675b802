import { assert, suite } from '@raftlens/testing';
import { check, findings } from '../transcript.ts';

const it = suite('Changes of the configuration');

const LEADS = `
  S1 Boot voters=S1,S2
  S1 Timeout timer=election
  S1 BecomeCandidate
  S1 BecomeLeader
`;
const LEFT_OUT = `${LEADS}
  S1 Append entries=1:aa
  S1 ConfigChange index=1 phase=final voters=S2
  S1 BecomeFollower why=cut_off
`;
const STANDS = 'S1 Timeout timer=election\n S1 BecomeCandidate\n';

it('a server that its own uncommitted configuration leaves out may be needed, and stands (thesis 4.2.2)', () => {
  assert.equal(findings(`${LEFT_OUT} ${STANDS}`), []);
});

it('once the change is known to be committed, it may not', () => {
  assert.equal(findings(`${LEFT_OUT} S1 Commit index=1\n ${STANDS}`).slice(-1), ['Cluster membership @10']);
});

it('nor does it count its own vote before', () => {
  const wins = (text: string) => findings(`${LEFT_OUT} ${STANDS} ${text} S1 BecomeLeader`);
  assert.equal(wins('S1<-S2 RequestVoteReply id=9 granted=true msgTerm=2\n'), []);
  assert.equal(wins('S1<-S2 RequestVoteReply id=9 granted=false msgTerm=2\n'), ['Candidates rule 2 @11']);
});

it('a server that no configuration ever gave a vote may not stand', () => {
  const learner = 'S3 Boot voters=S1,S2 learners=S3\n S3 Timeout timer=election\n S3 BecomeCandidate\n';
  assert.equal(findings(learner), ['Cluster membership @3']);
  const later =
    'S3 Boot voters=S1,S2 learners=S3\n S3 ConfigChange index=4 voters=S2 learners=S3\n S3 Timeout timer=election\n S3 BecomeCandidate\n';
  assert.equal(findings(later), ['Cluster membership @4']);
});

/** S3 leaves and joins again within the term of the leader S1, which has asked it before and hears the answer after. */
const again = (boot: string, then: string) => `
  S1 Boot voters=S1,S2,S3 entries=1:aa,1:bb term=1 vote=null
  S3 Boot voters=S1,S2,S3 entries=1:aa,1:bb term=1 vote=null
  S1 Timeout timer=election
  S1 BecomeCandidate
  S1<-S2 RequestVoteReply id=90 granted=true msgTerm=2
  S1 BecomeLeader
  S1->S3 AppendEntries prev=2 prevTerm=1 leaderCommit=0
  S3<-S1 AppendEntries
  S3 BecomeFollower term=2
  S3->S1 AppendEntriesReply success=true match=2
  S1 ConfigChange index=3 voters=S1,S2 last=3 lastTerm=2 commit=3
  ${boot}
  S1 ConfigChange index=4 voters=S1,S2 learners=S3 last=4 lastTerm=2 commit=4
  S1<-S3 AppendEntriesReply
  ${then}
  S1 Progress peer=S3 match=2 next=3
`;
const rule3 = (text: string) => check(text).violations.filter(({ rule }) => rule === 'Leaders rule 3');

it('Leaders rule 3: an acknowledgement from an earlier membership tells nothing of a log that has gone since', () => {
  const [found] = rule3(again('S3 Boot voters= entries= term=0 vote=null last=0', ''));
  assert.is(found?.why, 'matchIndex of S3 is 2 by an acknowledgement from before S3 joined again (line 13); its log now ends at 0');
});

it('Leaders rule 3: it holds where the server has kept its log', () => {
  assert.equal(rule3(again('', '')), []);
});

const REMOVES = `
  S1 Boot voters=S1,S2,S3
  S1 Timeout timer=election
  S1 BecomeCandidate
  S1 BecomeLeader
  S1 Append entries=1:aa
  S1 ConfigChange index=1 phase=final voters=S1,S2
  S1 Commit index=1
`;
const TELLS = Array.from({ length: 40 }, (_, n) => `S1->S3 AppendEntries id=${n + 10} prev=1 prevTerm=1 n=0 leaderCommit=1 msgTerm=1`);

it('who is removed and silent may be told as often as a leader likes, until it is given up', () => {
  assert.not.ok(findings(`${REMOVES} ${TELLS.join('\n')}`).some((found) => found.startsWith('Cluster membership')));
});

/** Whether the leader is to blame for going on, where S3 answers each AppendEntries; `n` counts them. */
const goesOn = (answer: (n: number) => string, before = ''): boolean => {
  const answered = TELLS.map((line, n) => `${line}\n S1<-S3 AppendEntriesReply id=${n + 100} ${answer(n)} msgTerm=1`);
  return findings(`${REMOVES.replace('S1 Commit', `${before}\n S1 Commit`)} ${answered.join('\n')}`).some((found) =>
    found.startsWith('Cluster membership'),
  );
};

it('who has acknowledged its removal again and again has heard it', () => {
  assert.ok(goesOn((n) => `re=${n + 10} success=true match=1`));
});

it('who refuses what it lacks has not heard of its removal', () => {
  assert.not.ok(goesOn((n) => `re=${n + 10} success=false conflictIndex=1 conflictTerm=0`));
});

it('who acknowledges what ends before its removal has not heard of it', () => {
  assert.not.ok(goesOn((n) => `re=${n + 10} success=true match=0`));
});

it('who answers what was sent before its removal was committed has not heard of that', () => {
  const early = TELLS.map((_, n) => `S1->S3 AppendEntries id=${n + 200} prev=1 prevTerm=1 n=0 leaderCommit=0 msgTerm=1`);
  assert.not.ok(goesOn((n) => `re=${n + 200} success=true match=1`, early.join('\n')));
});
