import { assert, suite } from '@raftlens/testing';
import { check, findings } from '../transcript.ts';

const it = suite('the properties of figure 3');

it('Election Safety: two leaders in one term are reported with both lines', () => {
  const report = check(`
    S1 BecomeCandidate
    S2 BecomeCandidate
    S1 BecomeLeader
    S2 BecomeLeader
  `);
  const found = report.violations.find((violation) => violation.rule === 'Election Safety');
  assert.is(found?.node, 'S2');
  assert.equal(found?.evidence, [3, 4]);
  assert.is(found?.section, 'figure 3; 5.2');
});

it('Election Safety: two leaders at once in different terms are legal', () => {
  const found = findings(`
    S1 BecomeCandidate
    S1 BecomeLeader
    S2 BecomeCandidate term=2
    S2 BecomeLeader
  `);
  assert.not.ok(found.some((line) => line.startsWith('Election Safety')));
});

it('Leader Append-Only: a leader that deletes its own entry', () => {
  const found = findings(`
    S1 BecomeCandidate
    S1 BecomeLeader
    S1 Append entries=1:aa,1:bb
    S1 Truncate index=2
  `);
  assert.ok(found.includes('Leader Append-Only @4'));
});

it('Leader Append-Only: a leader that overwrites its own entry without a Truncate', () => {
  const found = findings(`
    S1 BecomeCandidate
    S1 BecomeLeader
    S1 Append entries=1:aa,1:bb
    S1 Append index=2 entries=1:cc last=2
  `);
  assert.ok(found.includes('Leader Append-Only @4'));
});

it('Log Matching: one index and term with two commands', () => {
  const found = findings(`
    S1 Append entries=1:aa
    S2 Append entries=1:bb
  `);
  assert.ok(found.includes('Log Matching @2'));
});

it('Log Matching: the same entry after different ones', () => {
  const report = check(`
    S1 Append entries=1:aa,3:cc
    S2 Append entries=2:bb
    S2 Append entries=3:cc
  `);
  const found = report.violations.find((violation) => violation.rule === 'Log Matching');
  assert.is(found?.seq, 3);
  assert.equal(found?.evidence, [1, 2, 3]);
});

it('Log Matching: different suffixes of different terms are legal', () => {
  const found = findings(`
    S1 Append entries=1:aa,2:bb
    S2 Append entries=1:aa,3:cc
    S1 Truncate index=2
    S1 Append entries=3:cc
  `);
  assert.not.ok(found.some((line) => line.startsWith('Log Matching')));
});

const COMMITTED_BY_S1 = `
    S1 BecomeCandidate
    S1 BecomeLeader
    S1 Append entries=1:aa
    S2 Append entries=1:aa term=1
    S1 Commit index=1
`;

it('Leader Completeness: a later leader without a committed entry', () => {
  const report = check(`${COMMITTED_BY_S1}
    S3 BecomeCandidate term=2
    S3 BecomeLeader
  `);
  const found = report.violations.find((violation) => violation.rule === 'Leader Completeness');
  assert.is(found?.node, 'S3');
  assert.equal(found?.evidence, [3, 5, 7]);
});

it('Leader Completeness: a candidate of an old term that wins late breaks nothing', () => {
  const found = findings(`
    S3 BecomeCandidate term=1
    S1 BecomeCandidate term=2
    S1 BecomeLeader
    S1 Append entries=2:aa
    S1 Commit index=1
    S3 BecomeLeader
  `);
  assert.not.ok(found.some((line) => line.startsWith('Leader Completeness')));
});

it('State Machine Safety: two servers commit different entries at one index', () => {
  const found = findings(`${COMMITTED_BY_S1}
    S3 Append entries=2:bb term=2
    S3 Commit index=1
  `);
  assert.ok(found.includes('State Machine Safety @7'));
});

it('State Machine Safety: a server that only tells of Apply', () => {
  const found = findings(`
    S1 Apply index=1 entryTerm=1 hash=aa
    S2 Apply index=1 entryTerm=1 hash=bb
  `);
  assert.ok(found.includes('State Machine Safety @2'));
});

it('a log that was compacted and installed as a snapshot is followed', () => {
  const found = findings(`
    S1 Append entries=1:aa,1:bb,1:cc term=1
    S1 Commit index=3
    S1 Apply index=1 entryTerm=1 hash=aa
    S1 Apply index=2 entryTerm=1 hash=bb
    S1 SnapshotTaken index=2 indexTerm=1
    S2 SnapshotInstalled index=2 indexTerm=1
    S2 Append entries=1:cc
    S2 Commit index=3
    S2 Apply index=3 entryTerm=1 hash=cc
    S2 Boot snapshotIndex=2 snapshotTerm=1 entries=1:cc
    S2 Commit index=3
  `);
  assert.not.ok(found.some((line) => /Log Matching|State Machine/.test(line)));
});
