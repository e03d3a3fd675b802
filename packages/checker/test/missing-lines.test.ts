import type { Event } from '@raftlens/events';
import { assert, suite } from '@raftlens/testing';
import { Checker, type CheckReport } from '../src/index.ts';
import { Numbering } from '../src/model/numbering.ts';
import { transcript } from './transcript.ts';

const it = suite('A log whose lines are numbered');

/** The events, each with its own number in the file. */
type Numbered = readonly (readonly [event: Event, number: number])[];

function numbered(events: readonly Event[]): Numbered {
  return events.map((event, at) => [event, at + 1] as const);
}

function check(lines: Numbered): CheckReport {
  const checker = new Checker();
  lines.forEach(([event, number], at) => {
    checker.observe({ ...event, seq: at + 1 }, number);
  });
  return checker.finish();
}

const rules = ({ violations }: CheckReport) => violations.map(({ rule }) => rule);

/** S2 follows S1; the last line but one allows the commit that the last one tells. */
const FOLLOWS = `
  S2 Boot voters=S1,S2,S3 entries= boot=1
  S2<-S1 AppendEntries id=1 msgTerm=1 prev=0 prevTerm=0 entries=1:aa,1:bb leaderCommit=0
  S2 BecomeFollower term=1
  S2 Append index=1 entries=1:aa,1:bb
  S2 Persist
  S2->S1 AppendEntriesReply success=true match=2
  S2<-S1 AppendEntries id=2 msgTerm=1 prev=2 prevTerm=1 n=0 leaderCommit=1
  S2 Commit index=1 commit=1
`;
const withoutHeartbeat = (lines: Numbered) => lines.filter((_line, at) => at !== 6);

it('does not accuse a server of what a missing line may have allowed', () => {
  const lines = numbered(transcript(FOLLOWS));
  assert.equal(rules(check(lines)), []);
  const report = check(withoutHeartbeat(lines));
  assert.equal(report.violations, []);
  assert.equal(report.notices, ['lines are missing before line 7: what they may have told is not held against anybody']);
});

it('accuses it where the numbers show that no line is missing', () => {
  const left = withoutHeartbeat(numbered(transcript(FOLLOWS))).map(([event]) => event);
  assert.equal(rules(check(numbered(left))), ['AppendEntries receiver rule 5']);
});

it('judges again once what was missing has passed', () => {
  const later = `${FOLLOWS}
    @900
    S2 Timeout timer=election
    S2 BecomeCandidate term=2
    S2 Persist
    S2->S1 RequestVote lastLogIndex=2 lastLogTerm=1
    S2<-S3 RequestVoteReply id=9 granted=false msgTerm=2
    S2 BecomeLeader
  `;
  assert.equal(rules(check(withoutHeartbeat(numbered(transcript(later))))), ['Candidates rule 2']);
});

it('takes a line that stands there twice once', () => {
  const lines = numbered(transcript(FOLLOWS));
  const report = check(lines.flatMap((line) => [line, line]));
  assert.equal(report.violations, []);
  assert.equal(report.notices, ['8 lines stand there twice, by their numbers: each is judged once']);
});

it('begins again where the numbers do', () => {
  const checker = new Checker();
  const again = transcript(FOLLOWS).map((event) => ({ ...event, time: event.time + 7 }));
  for (const [event, number] of [...numbered(transcript(FOLLOWS)), ...numbered(again)]) checker.observe(event, number);
  assert.is(checker.clusters, 2);
  assert.equal(checker.violations, []);
});

it('judges nothing where the lines of two runs alternate', () => {
  const other = numbered(transcript(FOLLOWS.replaceAll('erm=1', 'erm=3')).map((event) => ({ ...event, time: event.time + 1 })));
  const report = check(numbered(transcript(FOLLOWS)).flatMap((line, at) => [line, ...other.slice(at, at + 1)]));
  assert.equal(report.violations, []);
  assert.match(report.notices.join(), /lines of several runs alternate before line/);
});

it('knows the heads of two runs apart by what they tell, where they agree in number, time, server and kind of line', () => {
  const [three, five] = transcript('S3 Boot voters=S1,S2,S3\nS3 Boot voters=S1,S2,S3,S4,S5');
  const [named, other] = transcript('TEST TestBegin name=elections\nTEST TestBegin name=snapshots');
  assert.ok(three && five && named && other);
  for (const [first, second] of [
    [three, five],
    [named, other],
  ] as const) {
    const numbering = new Numbering();
    assert.is(numbering.takes(first, 1, 0), 'next');
    assert.is(numbering.takes({ ...first }, 1, 0), 'again');
    assert.is(numbering.takes(second, 1, 0), 'other');
  }
});
