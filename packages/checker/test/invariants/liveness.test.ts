import type { Event } from '@raftlens/events';
import { assert, suite } from '@raftlens/testing';
import { Checker } from '../../src/index.ts';
import { check, transcript } from '../transcript.ts';

const it = suite('Liveness');

const BOOT = 'voters=S1,S2,S3 electionMinMs=50 electionMaxMs=100';
const STARTED = `
  TEST TestBegin name=test
  S1 Boot ${BOOT}
  S2 Boot ${BOOT}
  S3 Boot ${BOOT}
`;
const S1_LEADS = `
  S1 Timeout timer=election
  S1 BecomeCandidate
  S1 BecomeLeader
`;
/** S2 goes on standing, every 100 ms from 100 ms on. */
function elections(untilMs: number): string {
  let text = '';
  for (let ms = 100, term = 1; ms <= untilMs; ms += 100, term += 1)
    text += `@${ms}\n S2 Timeout timer=election\n S2 BecomeCandidate term=${term}\n`;
  return text;
}

/** How often the rule is broken by events that are changed before. */
function findings(text: string, change: (event: Event) => Event): number {
  const checker = new Checker();
  for (const event of transcript(text)) checker.observe(change(event));
  return checker.finish().violations.filter(({ rule }) => rule === 'Liveness').length;
}

const found = (text: string, livenessMs?: number) =>
  check(text, livenessMs === undefined ? {} : { livenessMs }).violations.filter(({ rule }) => rule === 'Liveness');

it('a cluster that is left alone elects a leader within eight election timeouts', () => {
  assert.equal(found(STARTED + elections(700)), []);
  const [first] = found(STARTED + elections(900));
  assert.is(first?.why, 'S1, S2, S3 run, reach one another and were left alone since line 4, and for 800 ms none of them leads');
  assert.equal(first?.evidence.slice(0, 1), [4]);
});

it('within the time that the user gives', () => {
  assert.is(found(STARTED + elections(400), 300).length, 1);
  assert.equal(found(STARTED + elections(400), 500), []);
});

it('a majority is enough', () => {
  const down = `${STARTED} TEST Crash target=S1\n`;
  assert.match(found(down + elections(900))[0]?.why ?? '', /^S2, S3 run/);
  assert.match(found(`${STARTED} TEST Partition groups=S1|S2,S3\n ${elections(900)}`)[0]?.why ?? '', /^S2, S3 run/);
});

it('without a majority that is connected, runs and is left alone nothing is promised', () => {
  for (const disturbance of [
    'TEST Crash target=S1\n TEST Crash target=S3',
    'TEST Partition groups=S1|S2|S3',
    'TEST Partition groups=S1->S2',
    'TEST Partition groups=S1,S2|S2,S3',
    'TEST Fault kind=network',
    'TEST Fault kind=pause target=S1\n TEST Fault kind=wipe target=S3',
  ]) {
    assert.equal(found(`${STARTED} ${disturbance}\n ${elections(2000)}`), [], disturbance);
  }
});

it('the time begins when the last disturbance ends', () => {
  const partition = `${STARTED} TEST Partition groups=S1|S2|S3\n ${elections(2000)}`;
  assert.equal(found(`${partition} TEST Heal\n @2700\n S2 Timeout timer=election`), []);
  assert.is(found(`${partition} TEST Heal\n @2900\n S2 Timeout timer=election`).length, 1);
});

it('a message that is lost between them is a disturbance', () => {
  assert.equal(found(`${STARTED} ${elections(500)} S1-xS2 RequestVote\n ${elections(1200)}`), []);
});

it('the leader commits what it takes', () => {
  const taken = `${STARTED} @90 ${S1_LEADS} @100\n S1 Start index=1 hash=aa\n S1 Append entries=1:aa\n`;
  const later = '@1000\n S1 Timeout timer=heartbeat';
  assert.equal(found(`${taken} S1 Commit index=1\n ${later}`), []);
  const [first] = found(`${taken} ${later}`);
  assert.match(first?.why ?? '', /and for 800 ms the leader S1 has committed nothing, although index 1 waits$/);
});

it('a queue that moves is progress', () => {
  const taken = `${STARTED} @90 ${S1_LEADS} @100\n S1 Append entries=1:aa,1:bb\n S1 Start index=2 hash=bb\n`;
  assert.equal(found(`${taken} @700\n S1 Commit index=1\n @1200\n S1 Timeout timer=heartbeat`), []);
  assert.is(found(`${taken} @700\n S1 Commit index=1\n @1600\n S1 Timeout timer=heartbeat`).length, 1);
});

it('is not judged without a harness or without timers, and says so', () => {
  const reasons = (text: string) =>
    check(text)
      .unchecked.filter(({ rule }) => rule === 'Liveness')
      .map(({ reason }) => reason);
  assert.equal(reasons(elections(5000)), ['no harness tells which servers run and reach one another (TestBegin, Crash, Partition, Heal)']);
  assert.equal(reasons(`TEST TestBegin name=test\n ${elections(5000)}`), [
    'no server tells its election timeouts (electionMaxMs of Boot), and no bound was given',
  ]);
});

it('a fault that ends disturbs nobody from then on', () => {
  const link = (kind: string, what: string, link = 'S1 to S2') =>
    `TEST Fault kind=${kind} detail=messages_from_${link.replaceAll(' ', '_')}_${what}\n`;
  const ended = (text: string) =>
    findings(`${STARTED} ${text} ${elections(900)}`, (event) =>
      event.op !== 'Fault' || event.detail === undefined ? event : { ...event, detail: event.detail.replaceAll('_', ' ') },
    );
  assert.is(ended(link('clog', 'are held back') + link('unclog', 'go on')), 1);
  assert.is(ended(link('clog', 'are held back') + link('unclog', 'go on', 'S2 to S1')), 0, 'of another link');
  assert.is(ended(link('clog', 'are held back') + link('clog', 'are held back', 'S3 to S1') + link('unclog', 'go on')), 0, 'of one of two');
  assert.is(ended('TEST Fault kind=clog target=S1\n TEST Fault kind=unclog target=S1\n'), 1);
  assert.is(ended('TEST Fault kind=clog target=S1\n TEST Fault kind=unclog\n'), 1);
  assert.is(ended('TEST Fault kind=load\n TEST Fault kind=end-load\n'), 1);
  assert.is(ended('TEST Fault kind=slow target=S1 detail=5_ms_late\n TEST Fault kind=slow target=S1 detail=0_ms_late\n'), 1);
  assert.is(ended('TEST Fault kind=duplicate target=S1\n'), 1, 'a message that comes twice holds nobody up');
});
