import { assert, suite } from '@raftlens/testing';
import { check } from '../transcript.ts';

const it = suite('Committed is durable');

const BOOT = 'voters=S1,S2,S3';
/** S1 leads and has one entry; S2 has it in memory and says that it is there. */
const ACKNOWLEDGED = `
  S1 Boot ${BOOT}
  S2 Boot ${BOOT}
  S3 Boot ${BOOT}
  S1 BecomeCandidate
  S1 BecomeLeader
  S1 Append entries=1:aa
  S1 Persist what=entries
  S1->S2 AppendEntries prev=0 prevTerm=0 entries=1:aa leaderCommit=0
  S2<-S1 AppendEntries
  S2 BecomeFollower term=1
  S2 Append entries=1:aa
  S2 Persist what=entries
  S2->S1 AppendEntriesReply success=true match=1
  S1<-S2 AppendEntriesReply
`;
const COMMITTED = `${ACKNOWLEDGED} S1 Commit index=1`;

const found = (text: string) => check(text).violations.filter(({ rule }) => rule === 'Committed is durable');

it('an entry on the disks of a majority may be committed', () => {
  assert.equal(found(COMMITTED), []);
  assert.not.ok(check(COMMITTED).notExercised.includes('Committed is durable'));
});

it('an entry that only one disk holds may not', () => {
  const [first] = found(COMMITTED.replace('S2 Persist what=entries', ''));
  assert.is(
    first?.why,
    'S1 commits index 1 (term 1), which is not on the disks of S2, S3: no majority of {S1, S2, S3} has made it durable',
  );
});

it('another entry of the same index does not count', () => {
  const text = COMMITTED.replace('S2 Persist what=entries', 'S2 Persist what=entries durableLastTerm=0');
  assert.is(found(text).length, 0, 'an entry that nobody has told of may be the same');
  const other = `S3 Append entries=7:bb term=7\n S3 Persist what=entries durableLast=1 durableLastTerm=7\n`;
  assert.is(found(COMMITTED.replace('S2 Persist what=entries', '').replace('S1->S2', `${other} S1->S2`)).length, 1);
});

it('a disk that the harness has taken away proves nothing, and that is said', () => {
  const report = check(`${ACKNOWLEDGED} TEST Fault kind=wipe target=S2\n TEST Fault kind=wipe target=S3\n S1 Commit index=1`);
  assert.ok(report.unchecked.some(({ rule }) => rule === 'Committed is durable'));
});

it('is not judged where nobody tells what is durable, and that is said', () => {
  const report = check(COMMITTED.replaceAll(/S\d Persist what=entries/g, ''));
  assert.equal(
    report.unchecked.filter(({ rule }) => rule === 'Committed is durable').map(({ reason }) => reason),
    ['no server tells what has become durable (Persist)'],
  );
});
