import { assert, suite } from '@raftlens/testing';
import { Checker } from '../../src/index.ts';
import { check, transcript } from '../transcript.ts';

const it = suite('Elections are won');

/** Three servers stand at the same moment, term after term, each votes for itself, and S3 refuses S1. */
function elections(first: number, last: number): string {
  let text = '';
  for (let term = first; term <= last; term += 1) {
    text += `@${term * 100}\n S1 BecomeCandidate term=${term}\n S2 BecomeCandidate term=${term}\n S3 BecomeCandidate term=${term}\n`;
    text += ' S1->S3 RequestVote lastLogIndex=0 lastLogTerm=0\n S3<-S1 RequestVote\n S3->S1 RequestVoteReply granted=false\n';
  }
  return text;
}

const BOOTS = ' S1 Boot voters=S1,S2,S3\n S2 Boot voters=S1,S2,S3\n S3 Boot voters=S1,S2,S3\n';

function notices(text: string): readonly string[] {
  const { violations, notices: told } = check(text);
  assert.equal(
    violations.map(({ why }) => why),
    [],
  );
  return told;
}

it('many in a row without a winner are told, and accuse nobody', () => {
  assert.equal(notices(BOOTS + elections(1, 6)), [
    '6 elections in a row, and none was won: S1 stood 6 times, S2 stood 6 times, S3 stood 6 times in the terms 1 to 6, within 500 ms, ' +
      'and no line tells of a leader since; of the votes that are told 6 were refused and none was granted',
  ]);
  assert.equal(notices(BOOTS + elections(1, 4)), []);
});

it('a candidate that stands again in one term is one election', () => {
  const again = Array.from({ length: 9 }, () => 'S1 BecomeFollower\n S1 BecomeCandidate term=3').join('\n');
  assert.equal(check(`${elections(1, 3)} ${again}`).notices, []);
});

it('a leader, or anything that only a leader causes, ends the row', () => {
  for (const sign of [
    'S1 BecomeLeader',
    'S3<-S4 AppendEntries prev=0 prevTerm=0 n=0 leaderCommit=0',
    'S3<-S4 AppendEntries prev=0',
    'S3 Commit index=1 from=0',
  ]) {
    assert.equal(check(`${BOOTS}${elections(1, 6)} ${sign}`).notices, [], sign);
  }
});

it('a start in between ends the row: until then the majority may not have run', () => {
  assert.equal(notices(`${elections(1, 4)} S4 Boot\n ${elections(5, 8)}`), []);
});

it('a row that ended with a leader is told where it was long', () => {
  const won = (last: number) => check(`${BOOTS}${elections(1, last)} S1 BecomeLeader`).notices;
  assert.equal(won(8), []);
  assert.match(won(12)[0] ?? '', /^12 elections in a row, and none was won: .* before S1 led term 12/);
});

it('is not judged while a harness tells of faults, which explain it', () => {
  assert.equal(notices(`TEST TestBegin name=t\n${BOOTS} TEST Partition groups=S1|S2|S3\n ${elections(1, 9)}`), []);
});

it('is not judged where a server tells no role: it may lead', () => {
  const log = new Checker();
  log.observe({ seq: 1, time: 0, node: 'S4', boot: 0, op: 'Timeout', src: 'S4', dst: 'S4', timer: 'election' }, 0);
  for (const event of transcript(elections(1, 9))) log.observe(event, 0);
  const { notices: told, unchecked } = log.finish();
  assert.equal(told, []);
  assert.is(unchecked.find(({ rule }) => rule === 'Elections are won')?.reason, 'no line tells the role of S4, which may lead');
});
