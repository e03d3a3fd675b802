import { assert, suite } from '@raftlens/testing';
import { Checker } from '../src/index.ts';
import { transcript } from './transcript.ts';

const it = suite('A log that leaves a field out');

const HEALTHY = `
  S1 Boot voters=S1,S2 entries= boot=1
  S2 Boot voters=S1,S2 entries= boot=1
  S1 BecomeCandidate term=1
  S1 Persist
  S1->S2 RequestVote msgTerm=1 lastLogIndex=0 lastLogTerm=0
  S2<-S1 RequestVote
  S2 BecomeFollower term=1
  S2 Vote for=S1
  S2 Persist
  S2->S1 RequestVoteReply msgTerm=1 granted=true
  S1<-S2 RequestVoteReply
  S1 BecomeLeader
`;

for (const field of ['granted', 'durableTerm', 'durableVote', 'lastLogIndex', 'lastLogTerm'] as const) {
  it(`takes ${field}, where no line tells it, for unknown`, () => {
    const checker = new Checker();
    for (const event of transcript(HEALTHY)) {
      const left = { ...event };
      Reflect.deleteProperty(left, field);
      checker.observe(left);
    }
    assert.equal(checker.violations, []);
  });
}

it('takes a vote that no line tells for a possible ground of a refusal', () => {
  const refused = `
    S2 Boot voters=S1,S2,S3 entries= boot=1
    S2<-S3 RequestVote id=1 msgTerm=1 lastLogIndex=0 lastLogTerm=0
    S2 BecomeFollower term=1
    S2 Vote for=S3
    S2->S3 RequestVoteReply msgTerm=1 granted=true
    S2<-S1 RequestVote id=2 msgTerm=1 lastLogIndex=0 lastLogTerm=0
    S2->S1 RequestVoteReply msgTerm=1 granted=false
  `;
  const checker = new Checker();
  for (const event of transcript(refused)) {
    const left = { ...event };
    for (const field of ['vote', 'for'] as const) Reflect.deleteProperty(left, field);
    checker.observe(left);
  }
  assert.equal(checker.violations, []);
});
