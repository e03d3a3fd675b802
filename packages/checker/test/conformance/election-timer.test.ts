import { assert, suite } from '@raftlens/testing';
import { check } from '../transcript.ts';

const it = suite('Election timer');

const BOOT = 'voters=S1,S2,S3 electionMinMs=150 electionMaxMs=300 heartbeatMs=50';
/** S1 leads term 1, by the vote that S2 gave at 200 ms. */
const ELECTED = `
  S1 Boot ${BOOT}
  S2 Boot ${BOOT}
  S3 Boot ${BOOT}
  @200
  S1 Timeout timer=election
  S1 BecomeCandidate
  S1->S2 RequestVote lastLogIndex=0 lastLogTerm=0
  S2<-S1 RequestVote
  S2 BecomeFollower term=1
  S2 Vote for=S1
  S2->S1 RequestVoteReply granted=true
  S1<-S2 RequestVoteReply
  S1 BecomeLeader
`;
const HEARTBEAT = `
  S1->S2 AppendEntries prev=0 prevTerm=0 leaderCommit=0
  S2<-S1 AppendEntries
  S2->S1 AppendEntriesReply success=true match=0
`;

const found = (text: string) => check(text).violations.filter(({ rule }) => rule === 'Election timer');

it('a timer that runs for its time is in order', () => {
  assert.equal(found(`${ELECTED} @250 ${HEARTBEAT} @420\n S2 Timeout timer=election`), []);
});

it('an election that the host wants is none of the timer: the leader that was heard before may still be followed', () => {
  const stands = `${ELECTED} @250 ${HEARTBEAT} @260\n S2 Timeout timer=host\n S2 BecomeCandidate\n S2<-S3 RequestVote id=90 lastLogIndex=0 lastLogTerm=0 msgTerm=3`;
  const later = '@500\n S2 Timeout timer=election\n S2 BecomeCandidate\n S2 BecomeCandidate';
  assert.equal(
    check(`${stands}\n ${later}`).violations.filter(({ rule }) => rule === 'All servers rule 2'),
    [],
  );
});

it('a vote that was granted starts it anew', () => {
  const [first] = found(`${ELECTED} @260\n S2 Timeout timer=election`);
  assert.is(first?.why, 'the election timer of S2 runs out 60 ms after it granted its vote to S1, although its shortest timeout is 150 ms');
  assert.equal(first?.evidence, [9, 13]);
});

it('the leader that is heard starts it anew', () => {
  const [first] = found(`${ELECTED} @350 ${HEARTBEAT} @400\n S2 Timeout timer=election`);
  assert.is(first?.why, 'the election timer of S2 runs out 50 ms after it heard from the leader, although its shortest timeout is 150 ms');
});

it('a message that waits for its answer has not yet started it', () => {
  const arrived = 'S1->S2 AppendEntries prev=0 prevTerm=0 leaderCommit=0\n S2<-S1 AppendEntries';
  assert.equal(found(`${ELECTED} @350\n ${arrived}\n @360\n S2 Timeout timer=election`), []);
});

it('an election of its own starts it anew', () => {
  const [first] = found(
    `${ELECTED} @600\n S3 Timeout timer=election\n S3 BecomeCandidate term=1 vote=S3\n @610\n S3 Timeout timer=election`,
  );
  assert.is(first?.node, 'S3');
  assert.match(first?.why ?? '', 'runs out 10 ms after it stood for election');
});

it('one who asks for pre-votes once more has started it anew, whatever made it ask', () => {
  const asks = 'S3 Timeout timer=host\n S3 BecomePreCandidate';
  assert.equal(found(`${ELECTED} @600\n ${asks}\n @900\n ${asks}\n @1210\n S3 Timeout timer=election\n S3 BecomePreCandidate`), []);
});

/** Every 100 ms S3 is asked for a vote by S2, whose log is too short or whose term is too low, and refuses. */
function refusals(upToMs: number): string {
  let text = '';
  for (let ms = 100; ms <= upToMs; ms += 100) {
    text += `@${ms}
      S2->S3 RequestVote msgTerm=0 lastLogIndex=0 lastLogTerm=0
      S3<-S2 RequestVote
      S3->S2 RequestVoteReply granted=false
    `;
  }
  return text;
}

it('a request that is refused does not start it anew', () => {
  const boot = `S3 Boot term=1 ${BOOT}\n`;
  assert.equal(found(`${boot} ${refusals(500)}`), []);
  const [first] = found(`${boot} ${refusals(900)}`);
  assert.is(
    first?.why,
    'for 700 ms S3 has heard from no leader of its term and granted no vote, and has not stood, although its longest election timeout is 300 ms',
  );
});

it('is not judged where the servers do not tell it, and says so', () => {
  const report = check(`S1 Boot voters=S1,S2,S3\n @1\n S1 Timeout timer=election`);
  assert.equal(
    report.unchecked.filter(({ rule }) => rule === 'Election timer').map(({ reason }) => reason),
    ['S1 does not tell its election timeouts (electionMinMs and electionMaxMs of Boot)'],
  );
});

it('is not judged by a clock that the harness has bent', () => {
  assert.equal(found(`TEST Fault kind=clock target=S2\n ${ELECTED} @260\n S2 Timeout timer=election`), []);
});
