import type { Event } from '@raftlens/events';
import { assert, suite } from '@raftlens/testing';
import { Checker } from '../../src/index.ts';
import { storyOf } from '../../src/story/index.ts';
import { transcript } from '../transcript.ts';

const it = suite('the story of a wrong step');

/** The sentences that lead to the first violation of the rule. */
function toldOf(rule: string, text: string): string[] {
  const events: readonly Event[] = transcript(text);
  const checker = new Checker();
  for (const event of events) checker.observe(event);
  const first = checker.violations.find((violation) => violation.rule === rule);
  return first === undefined ? [] : storyOf(events, first).map(({ sentence }) => sentence);
}

const LEADS = `
  S1 Boot voters=S1,S2,S3
  S2 Boot voters=S1,S2,S3
  S1 Timeout timer=election
  S1 BecomeCandidate
  S1 BecomeLeader
`;

it('goes back over a message that came twice to its first arrival', () => {
  const told = toldOf(
    'AppendEntries receiver rule 3',
    `${LEADS}
    S1 Start index=1 hash=aa cmd=x
    S1 Append entries=1:aa
    S1->S2 AppendEntries id=7 prev=0 prevTerm=0 entries=1:aa leaderCommit=0 msgTerm=1
    S2<-S1 AppendEntries id=7 prev=0 prevTerm=0 entries=1:aa leaderCommit=0 msgTerm=1
    S2 Append entries=1:aa
    S1 Start index=2 hash=bb cmd=y
    S1 Append entries=1:bb
    S1->S2 AppendEntries id=8 prev=1 prevTerm=1 entries=1:bb leaderCommit=0 msgTerm=1
    S2<-S1 AppendEntries id=8 prev=1 prevTerm=1 entries=1:bb leaderCommit=0 msgTerm=1
    S2 Append entries=1:bb
    S2<-S1 AppendEntries id=7 prev=0 prevTerm=0 entries=1:aa leaderCommit=0 msgTerm=1
    S2 Truncate index=2 n=1
  `,
  );
  assert.ok(
    told.some((line) => line.includes('hears from S1') && line.endsWith('(once more)')),
    told.join('\n'),
  );
  assert.is(told.filter((line) => line.includes('S2') && line.includes('hears from S1')).length, 3, told.join('\n'));
});

it('goes back from a vote to the one that the disk had lost, and to the write that lacks it', () => {
  const told = toldOf(
    'Persistent state: votedFor',
    `
    S1 Boot voters=S1,S2,S3
    S1<-S2 RequestVote id=1 lastLogIndex=0 lastLogTerm=0 msgTerm=1
    S1 BecomeFollower term=1 why=higher
    S1 Persist what=state durableTerm=1 durableVote=none durableLast=0 durableLastTerm=0
    S1 Vote for=S2
    S1->S2 RequestVoteReply id=2 re=1 granted=true msgTerm=1
  `,
  );
  assert.ok(
    told.some((line) => line.includes('gives its vote of term 1 to S2')),
    told.join('\n'),
  );
  assert.ok(
    told.some((line) => line.includes('has made durable: term 1, vote none')),
    told.join('\n'),
  );
});
