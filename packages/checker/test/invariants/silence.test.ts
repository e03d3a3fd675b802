import { assert, suite } from '@raftlens/testing';
import { Checker } from '../../src/index.ts';
import { transcript } from '../transcript.ts';

const it = suite('Servers go on');

const BEGIN =
  ' S1 Boot voters=S1,S2,S3\n S2 Boot voters=S1,S2,S3\n S3 Boot voters=S1,S2,S3\n S1 BecomeCandidate term=1\n S1 BecomeLeader\n';

/** S1 sends heartbeats to the others, every 100 ms. */
function heartbeats(from: number, to: number, ...others: readonly string[]): string {
  let text = '';
  for (let ms = from; ms <= to; ms += 100) {
    text += `@${ms}\n`;
    for (const id of others) text += ` S1->${id} AppendEntries prev=0 prevTerm=0 n=0 leaderCommit=0\n ${id}<-S1 AppendEntries\n`;
  }
  return text;
}

/** `note` is a line at that time which tells no event, of a server or of the test. */
function notices(text: string, ...notes: readonly (readonly [node: string, ms: number])[]): readonly string[] {
  const checker = new Checker();
  const events = transcript(text);
  for (const event of events) checker.observe(event);
  notes.forEach(([node, time], at) => {
    checker.observe({ seq: events.length + 1 + at, time, node, boot: 0, op: 'Note', src: node, dst: node, detail: 'tick' });
  });
  return checker.finish().notices;
}

it('a server that goes on, hears nobody and does not stand', () => {
  const text = `${BEGIN}${heartbeats(100, 1000, 'S2', 'S3')}${heartbeats(1100, 20_000, 'S2')}`;
  assert.equal(notices(text, ['S3', 15_000], ['S3', 20_000]), [
    'for 19000 ms after line 45 S3 goes on, hears of no leader, and does not stand',
  ]);
  assert.equal(notices(text), [], 'it may have been stopped');
});

it('it is measured by how patient servers are', () => {
  const stands = `@1500\n S2 Timeout timer=election\n S2 BecomeCandidate term=2\n S2 BecomeLeader\n@1600\n S1<-S2 AppendEntries msgTerm=2 prev=0 prevTerm=0 n=0 leaderCommit=0\n`;
  const text = `${BEGIN}${heartbeats(100, 1000, 'S2', 'S3')}${stands}`;
  assert.match(notices(text, ['S3', 7000])[0] ?? '', /^for 6000 ms after line 45 S3 goes on/);
  assert.equal(notices(text, ['S3', 5000]), []);
});

it('all servers fall silent, and the test goes on', () => {
  const text = `${BEGIN}${heartbeats(100, 1000, 'S2', 'S3')}`;
  assert.match(notices(text, ['TEST', 12_000])[0] ?? '', /^line 4\d is the last one of any server, and the log goes on for 11000 ms/);
  assert.equal(notices(text, ['TEST', 2000]), []);
  assert.equal(notices(`${text} TEST Crash target=S1\n TEST Crash target=S2\n TEST Crash target=S3`, ['TEST', 12_000]), []);
});

it('one server falls silent, and a harness that would tell of its end does not', () => {
  const text = `TEST TestBegin name=t\n${BEGIN}${heartbeats(100, 1000, 'S2', 'S3')}${heartbeats(1100, 20_000, 'S2')}`;
  assert.match(
    notices(text)[0] ?? '',
    /^line 46 is the last one of S3, and the log goes on for 19000 ms: no line tells that it has stopped/,
  );
  assert.equal(notices(`${text} TEST Crash target=S3`), []);
});

it('who has heard of no leader, or is no voter, need not stand', () => {
  assert.equal(notices(BEGIN, ['S2', 90_000]), []);
  const learner = BEGIN.replaceAll('voters=S1,S2,S3', 'voters=S1,S2 learners=S3');
  assert.equal(notices(`${learner}${heartbeats(100, 1000, 'S2', 'S3')}${heartbeats(1100, 20_000, 'S2')}`, ['S3', 20_000]), []);
});
