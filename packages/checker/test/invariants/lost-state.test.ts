import { type Event, isOpcode } from '@raftlens/events';
import { assert, suite } from '@raftlens/testing';
import { Checker } from '../../src/index.ts';

const it = suite('Persistent state that is lost, where no line tells of disks');

/** Events of a program whose lines tell nothing but what they say, and count no starts: `who op field=value ...`, a receive as `who<-peer op`. */
function found(text: string) {
  const checker = new Checker();
  text
    .trim()
    .split('\n')
    .forEach((line, at) => checker.observe(eventOf(line.trim(), at)));
  const { violations, notices } = checker.finish();
  return { violations: violations.map(({ rule, seq, why }) => `${rule} @${seq}: ${why}`), notices };
}

function eventOf(line: string, at: number): Event {
  const [who = '', op = '', ...fields] = line.split(' ');
  const [node = '', peer] = who.split('<-');
  assert.ok(isOpcode(op), line);
  const message = peer === undefined ? { src: node, dst: node } : { dir: 'recv' as const, src: peer, dst: node };
  const fieldsOfLine: Record<string, unknown> = { seq: at + 1, time: (at + 1) * 100, node, boot: 0, op, ...message };
  for (const field of fields) {
    const [name = '', value = ''] = field.split('=');
    fieldsOfLine[name] = /^\d+$/.test(value) ? Number(value) : value === 'true' || value;
  }
  return fieldsOfLine as unknown as Event;
}

const ELECTED = `
  S1 Boot term=4 durableLast=90 durableLastTerm=4 durableCommit=90
  S2 Boot term=4 durableLast=90 durableLastTerm=4 durableCommit=80
  S1 BecomeCandidate term=5
  S2 Vote term=5 for=S1
  S1<-S2 RequestVoteReply msgTerm=5 granted=true
  S1 BecomeLeader term=5
`;
const WIPED = `${ELECTED} S2 Boot term=0 durableLast=0 durableLastTerm=0 durableCommit=0\n`;

it('an older copy of the disk: a term, a vote, entries or a commit index that others rest on', () => {
  assert.equal(found(`${ELECTED} S2 Boot term=4 durableLast=90 durableLastTerm=4 durableCommit=80`).violations, [
    'Persistent state: restart @7: S2 starts in term 4, but was in term 5 before: its persistent state is lost',
  ]);
  assert.match(
    found(`${ELECTED} S2 Boot term=5 vote=S3 durableLast=90`).violations[0] ?? '',
    /S2 starts with votedFor S3 in term 5, but gave that vote to S1/,
  );
  assert.match(
    found(`${ELECTED} S1 Boot term=5 durableLast=70 durableCommit=70`).violations[0] ?? '',
    /S1 starts with a log up to 70, but had committed/,
  );
  assert.match(
    found(`${ELECTED} S1 Boot term=5 durableLast=95 durableCommit=89`).violations[0] ?? '',
    /S1 starts with commitIndex 89, but had 90/,
  );
});

it('a start that tells as much as before, or more, has lost nothing', () => {
  const again = 'S2 Boot term=5 durableLast=85 durableLastTerm=4 durableCommit=80\n S2 Vote term=5 for=S1';
  assert.equal(found(`${ELECTED} ${again}`), { violations: [], notices: [] });
  assert.equal(found(`${ELECTED} S1 Boot term=5`), { violations: [], notices: [] });
});

it('a term that nobody has received may be forgotten by a crash', () => {
  const unheard = ELECTED.replace('S1<-S2 RequestVoteReply msgTerm=5 granted=true\n', '').replace('S1 BecomeLeader term=5\n', '');
  assert.equal(found(`${unheard} S2 Boot term=4 durableLast=90 durableCommit=80`), { violations: [], notices: [] });
});

it('an empty disk, once a message shows that it is the same cluster', () => {
  assert.equal(found(`${WIPED} S2<-S1 AppendEntries msgTerm=5 term=0`).violations, [
    'Persistent state: restart @7: S2 starts in term 0, but was in term 5 before: its persistent state is lost',
  ]);
});

it('an empty disk is a notice where it may be another run in the same file, and nothing where the others begin again, too', () => {
  const { violations, notices } = found(`${WIPED} S1 Commit index=91`);
  assert.equal(violations, []);
  assert.match(notices[0] ?? '', /^line 7: S2 starts in term 0, but was in term 5 before \(line 5\): another run begins there, or/);
  const secondRun =
    'S1 Boot term=0 durableLast=0\n S1 BecomeCandidate term=1\n S2 Vote term=1 for=S1\n S1<-S2 RequestVoteReply msgTerm=1 granted=true';
  assert.equal(found(`${WIPED} ${secondRun}\n S1 BecomeLeader term=1`), { violations: [], notices: [] });
});

it("a server's greeting may be written before it has read its disk", () => {
  assert.equal(found(`${ELECTED} S2 Boot term=0\n S2<-S1 AppendEntries msgTerm=5\n S2 BecomeFollower term=5`), {
    violations: [],
    notices: [],
  });
});

it('a vote that is given again after a start', () => {
  const again = 'S2 Boot term=0\n S2<-S1 AppendEntries msgTerm=5\n S2 Vote term=5 for=S3';
  assert.equal(found(`${ELECTED} ${again}`).violations, [
    'Persistent state: restart @9: S2 votes for S3 in term 5, in which S1 has its vote since before it started again: its votedFor is lost',
  ]);
});

it('a server without the configuration that it had; one that was removed may begin with nothing', () => {
  const log = 'S1 Boot index=1 voters=S1\n S2 Boot index=1\n S1 BecomeLeader term=2\n S2 Boot index=0\n';
  assert.match(found(`${log} S1<-S2 RequestVoteReply msgTerm=3 granted=true`).violations[0] ?? '', /S2 starts without a configuration/);
  assert.match(found(`${log} S1 Commit index=7`).notices[0] ?? '', /S2 starts without a configuration, but had that of index 1/);
});

it('a leader whose log is shorter than what a lower term has committed', () => {
  const stands = 'S3 BecomeCandidate term=6\n S2<-S3 RequestVote msgTerm=6 lastLogIndex=80 lastLogTerm=4\n S3 BecomeLeader term=6';
  assert.equal(found(`${ELECTED} ${stands}`).violations, [
    'Leader Completeness @9: S3 leads term 6 with a log that ended at 80 when it stood, but S1 had committed up to 90 in term 4',
  ]);
  assert.equal(found(`${ELECTED} ${stands.replace('lastLogIndex=80', 'lastLogIndex=90')}`).violations, []);
});
