import { assert, suite } from '@raftlens/testing';
import { check } from '../transcript.ts';

const it = suite('Answers lead somewhere');

const LED = `
  S1 Boot voters=S1,S2,S3 term=1 entries=1:aa,1:bb,1:cc
  S2 Boot voters=S1,S2,S3 term=1
  S1 BecomeCandidate term=2
  S1 BecomeLeader
`;

/** `times` exchanges between S1 and S2, 100 ms apart. */
function exchanges(times: number, request: (turn: number) => string, reply: (turn: number) => string): string {
  return Array.from({ length: times }, (_, turn) => {
    const ask = `S1->S2 AppendEntries msgTerm=2 ${request(turn)}\n S2<-S1 AppendEntries`;
    return `@${turn * 100}\n ${ask}\n S2->S1 AppendEntriesReply msgTerm=2 ${reply(turn)}\n S1<-S2 AppendEntriesReply`;
  }).join('\n');
}

const notices = (text: string) => check(`${LED} ${text}`).notices;

it('the same request that is refused in the same way is told', () => {
  const [told = ''] = notices(
    exchanges(
      20,
      () => 'prev=3 prevTerm=1 leaderCommit=0',
      () => 'success=false conflictIndex=3',
    ),
  );
  assert.match(
    told,
    /^S2 refused S1 19 times in a row, and nothing came of it: lines \d+ to \d+, within 1800 ms, and S1 never went below index 3/,
  );
});

it('a leader that backs up, one index after the other, gets somewhere', () => {
  assert.equal(
    notices(
      exchanges(
        40,
        (turn) => `prev=${90 - turn} prevTerm=1 leaderCommit=0`,
        (turn) => `success=false conflictIndex=${90 - turn}`,
      ),
    ),
    [],
  );
});

it('a peer that accepts everything and never has more is told, and one that is caught up in the end is not', () => {
  const stuck = exchanges(
    30,
    () => 'prev=0 prevTerm=0 leaderCommit=0',
    () => 'success=true match=0',
  );
  assert.match(notices(stuck)[0] ?? '', /^S2 answered S1 30 times in a row, and nothing came of it/);
  const late = exchanges(
    30,
    () => 'prev=0 prevTerm=0 leaderCommit=0',
    (turn) => `success=true match=${turn < 29 ? 0 : 3}`,
  );
  assert.equal(notices(late), []);
});

it('heartbeats to a peer that has everything are no row', () => {
  assert.equal(
    notices(
      exchanges(
        60,
        () => 'prev=3 prevTerm=1 leaderCommit=0',
        () => 'success=true match=3',
      ),
    ),
    [],
  );
});

it('the same entries that are sent again and again, and accepted each time', () => {
  const again = exchanges(
    30,
    () => 'prev=2 prevTerm=1 entries=1:cc leaderCommit=0',
    () => 'success=true match=3',
  );
  assert.match(notices(again)[0] ?? '', /^S2 answered S1 2\d times in a row, and nothing came of it/);
});

it('a vote that is refused again and again in one term', () => {
  const refused = Array.from({ length: 30 }, (_, turn) => `@${turn * 100}\n S3<-S2 RequestVoteReply msgTerm=5 granted=false`).join('\n');
  assert.match(notices(`S3 BecomeCandidate term=5\n ${refused}`)[0] ?? '', /^S2 refused S3 30 times in a row its vote of term 5/);
});
