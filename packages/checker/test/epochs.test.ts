import { assert, suite } from '@raftlens/testing';
import { Checker } from '../src/index.ts';
import { check, findings, transcript } from './transcript.ts';

const it = suite('A log of several clusters');

/** A single server that is elected in term 1 and makes its vote durable. */
const FIRST = `
  TEST TestBegin name=A
  S1 Boot voters=S1 entries= boot=1
  S1 BecomeCandidate
  S1 Persist
  TEST TestEnd name=A outcome=pass
`;
const FRESH = 'voters=S1 entries= boot=1 term=0 vote=null';

it('takes the server of a second test for another one, although it has the name of the first', () => {
  assert.equal(findings(`${FIRST} TEST TestBegin name=B\n S1 Boot ${FRESH}`), []);
});

it('also where the second test has no line of its own', () => {
  assert.equal(findings(`${FIRST} S1 Boot ${FRESH}`), []);
});

it('also where starts are counted over the whole process', () => {
  assert.equal(findings(`${FIRST} TEST TestBegin name=B\n S1 Boot voters=S1 entries= term=0 vote=null`), []);
});

it('counts its clusters', () => {
  const checker = new Checker();
  for (const event of transcript(`${FIRST} TEST TestBegin name=B\n S1 Boot ${FRESH}`)) checker.observe(event);
  assert.is(checker.clusters, 2);
});

it('goes on with the cluster that a suite has started for all its tests', () => {
  const text = `${FIRST} TEST TestBegin name=B\n S1 BecomeLeader\n S1 Boot voters=S1 entries= term=1 vote=null`;
  assert.equal(findings(text), ['Persistent state: restart @8']);
});

it('leaves out what the servers of the first test still write', () => {
  const { violations, notices } = check(`
    TEST TestBegin name=A
    S1 Boot voters=S1 entries= boot=1
    S2 Boot voters=S2 entries= boot=1
    S1 BecomeCandidate term=1
    S1 BecomeLeader
    TEST TestEnd name=A outcome=pass
    TEST TestBegin name=B
    S1 Boot ${FRESH}
    S2 BecomeCandidate term=1
    S2 BecomeLeader
    S1 BecomeCandidate term=1
    S1 BecomeLeader
  `);
  assert.equal(violations, []);
  assert.equal(notices, ['2 lines from line 9 on: S2 writes although it was started for an earlier test: not judged']);
});

it('finds the same fault in the second cluster', () => {
  const text = `${FIRST} TEST TestBegin name=B\n S1 Boot ${FRESH}\n S1 BecomeCandidate\n S1 Persist\n S1 Boot boot=2 voters=S1 entries= term=1 vote=null`;
  assert.equal(findings(text), ['Persistent state: restart @10']);
});

it('begins again where a run was appended to another, with a clock of its own', () => {
  const run = (term: number) =>
    `@0\n S1 Boot voters=S1 entries= boot=1 term=${term} vote=null\n @5\n S1 BecomeCandidate term=${term + 1}\n S1 Persist\n`;
  assert.equal(findings(`@3\n ${run(4).replace('@0', '@3')} ${run(0)}`), []);
});

const stray = suite('Lines of a killed instance');

const RESTARTED = `
  S1 Boot voters=S1,S2,S3 entries= boot=1 term=1 vote=S2
  TEST Crash target=S1
  S1 Boot voters=S1,S2,S3 entries= boot=2 term=1 vote=S2
`;

stray('are not held against the instance after it, and are told once', () => {
  const { violations, notices } = check(`${RESTARTED}
    S1<-S2 AppendEntries id=7 msgTerm=1 prev=0 prevTerm=0 entries=1:aa leaderCommit=0
    S1 Append entries=1:aa
    S1 Persist what=state+entries
    S1 Timeout timer=election boot=1 last=0
    S1 BecomeCandidate boot=1 term=2 last=0
    S1 Persist boot=1 term=2 last=0 durableTerm=2 durableLast=0
    S1 Timeout timer=heartbeat boot=2 term=1 role=follower vote=S2 last=1 lastTerm=1
  `);
  assert.equal(violations, []);
  assert.equal(notices, ['3 lines from line 7 on: S1 writes although its boot 2 has started since (boot 1 writes): not judged']);
});

stray('also those that come before the next start', () => {
  const { violations, notices } = check(`
    S1 Boot voters=S1 entries= boot=1
    TEST Crash target=S1
    S1 Commit index=9
    S1 Boot voters=S1 entries= boot=2
  `);
  assert.equal(violations, []);
  assert.equal(notices, ['line 3: S1 writes although the harness has crashed its boot 1: not judged']);
});

it('ends no test by the end of another one that is told late', () => {
  const late = 'TEST TestBegin name=B\n TEST TestEnd name=A outcome=pass';
  assert.equal(
    findings(`TEST TestBegin name=A\n S1 BecomeCandidate term=1\n S1 BecomeLeader\n ${late}\n S1 Timeout term=0 role=follower`),
    [],
  );
});

it('takes a test that has no line of its beginning for another one', () => {
  assert.equal(findings('S1 BecomeCandidate term=1\n TEST TestEnd name=A outcome=pass\n S1 Timeout term=0 role=follower'), []);
});

it('hears of tests from a runner, too', () => {
  const checker = new Checker();
  const observe = (text: string) => {
    // Each text counts its lines from 1 on, which numbers of one log do not.
    for (const event of transcript(text)) checker.observe(event, 0);
  };
  observe(`S1 Boot ${FRESH}`);
  checker.testBegins();
  observe('S1 BecomeCandidate term=1\n S1 Persist');
  checker.testEnds();
  observe(`S1 Boot ${FRESH}`);
  checker.testBegins();
  assert.is(checker.clusters, 2);
  // The servers of the second test had started before its line: what comes now is a restart.
  observe('S1 BecomeCandidate term=1\n S1 Persist\n S1 Boot boot=2 voters=S1 entries= term=0 vote=null');
  assert.is(checker.clusters, 2);
  assert.is(checker.violations[0]?.rule, 'Terms never fall');
});

it('another cluster begins where a configuration is forced on a server, and the report says so', () => {
  const lost = `
    S1 Boot voters=S1,S2,S3 term=1 entries=1:aa commit=1
    S2 Boot voters=S1,S2,S3 term=1 vote=null
    S1 Apply index=1 entryTerm=1 hash=aa
  `;
  const goesOn = `
    S2 Boot boot=2 voters=S1,S2,S3 term=2 vote=null entries=2:bb
    S2 Timeout timer=host
    S2 ConfigChange index=1 voters=S2
    S2 BecomeCandidate
    S2 BecomeLeader
    S2 Append entries=3:cc
    S2 Commit index=2
  `;
  const forced = check(`${lost} S2 Fault kind=forced-configuration target=S2\n ${goesOn}`);
  assert.equal(forced.violations, []);
  assert.match(forced.notices.join('\n'), 'line 4: a configuration was forced on a server by hand');
  assert.ok(check(`${lost} ${goesOn}`).violations.length > 0, 'without the line the loss is a broken rule');
});
