import { linearPattern } from '@raftlens/patterns';
import { assert, suite, throws } from '@raftlens/testing';
import { FLAG_HEARTBEAT, openText, openTexts } from '../src/index.ts';
import { ELECTION, eventsOf, textOfLog } from './lines.ts';

const reading = suite('A log that is open');

const election = async () => {
  const log = openText(textOfLog(ELECTION));
  await log.done;
  return log;
};

reading('gives every event back as it was written', async () => {
  const log = await election();
  assert.is(log.size, ELECTION.length);
  assert.equal(
    Array.from({ length: log.size }, (_, row) => log.event(row)),
    eventsOf(ELECTION),
  );
});

reading('names the peers, servers first, the harness last', async () => {
  assert.equal((await election()).peers, ['S1', 'S2', 'S3', 'TEST']);
});

reading('joins a send with its receive, and a lost one with its loss', async () => {
  const log = await election();
  assert.is(log.partnerOf(3), 6);
  assert.is(log.partnerOf(6), 3);
  assert.is(log.partnerOf(4), 5);
  assert.is(log.partnerOf(13), -1);
});

reading('joins a request with its reply', async () => {
  const log = await election();
  assert.is(log.replyOf(3), 8);
  assert.is(log.replyOf(6), 8);
  assert.is(log.requestOf(9), 3);
  assert.is(log.replyOf(4), -1);
  assert.is(log.requestOf(8), 3);
  assert.is(log.requestOf(3), -1);
  assert.is(log.replyOf(9), -1);
});

reading('joins a request with its reply where the reply is read first, as in two files', async () => {
  const nodes = eventsOf(ELECTION).map((event) => event.node);
  const lines = textOfLog(ELECTION).trimEnd().split('\n');
  const of = (wanted: string) => lines.filter((_, i) => nodes[i] === wanted).join('\n');
  for (const order of [
    ['S1', 'S2', 'TEST'],
    ['S2', 'TEST', 'S1'],
  ]) {
    const log = openTexts(order.map((node) => ({ name: node, text: of(node) })));
    await log.done;
    const whole = await election();
    const seqs = (row: number) => (row < 0 ? -1 : (log.event(row)?.seq ?? 0));
    for (let row = 0; row < log.size; row++) {
      const same = whole.rowOfSeq(seqs(row));
      assert.is(seqs(log.replyOf(row)), whole.replyOf(same) < 0 ? -1 : (whole.event(whole.replyOf(same))?.seq ?? 0));
      assert.is(seqs(log.requestOf(row)), whole.requestOf(same) < 0 ? -1 : (whole.event(whole.requestOf(same))?.seq ?? 0));
    }
  }
});

reading('knows heartbeats and the replies to them', async () => {
  const log = await election();
  const rows = Array.from({ length: log.size }, (_, row) => row).filter((row) => (log.columns.flags(row) & FLAG_HEARTBEAT) !== 0);
  assert.equal(rows, [11, 12, 13]);
});

reading('tells the state of every server at any row', async () => {
  const log = await election();
  const at = (row: number, node: string) => log.stateAt(row).get(node);
  assert.is(at(1, 'S1')?.role, 'follower');
  assert.is(at(6, 'S1')?.role, 'candidate');
  assert.is(at(6, 'S2')?.term, 0);
  assert.is(at(17, 'S1')?.role, 'leader');
  assert.is(at(16, 'S2')?.alive, true);
  assert.is(at(17, 'S2')?.alive, false);
  assert.is(at(17, 'S3'), undefined);
});

reading('puts the end of a log together from its events', async () => {
  const log = await election();
  const hashes = (row: number, count: number) => log.logTailAt(row, 'S1', count).map(({ index, hash }) => `${index}:${hash}`);
  assert.equal(hashes(14, 9), ['1:00000001', '2:00000002']);
  assert.equal(hashes(15, 9), ['1:00000001']);
  assert.equal(hashes(17, 9), ['1:00000001', '2:00000003']);
  assert.equal(hashes(17, 1), ['2:00000003']);
});

reading('keeps and counts the lines that no format knows', async () => {
  const lines = textOfLog(ELECTION).split('\n');
  const log = openText([...lines.slice(0, 3), 'panic: index out of range', '', ...lines.slice(3)].join('\n'));
  await log.done;
  assert.is(log.size, ELECTION.length + 2);
  assert.is(log.unmatched, 2);
  assert.is(log.line(3), 'panic: index out of range');
  assert.is(log.text(3), 'panic: index out of range');
  assert.is(log.event(3), null);
  assert.match(log.problem(3)?.reason ?? '', /expected/);
  assert.is(log.columns.time(3), 3);
  assert.is(log.line(4), '');
});

reading('finds rows by seq and by time', async () => {
  const log = await election();
  assert.is(log.rowOfSeq(7), 6);
  assert.is(log.rowOfSeq(99), -1);
  assert.is(log.rowAtTime(6.5), 6);
  assert.is(log.rowAtTime(99), log.size);
});

reading('reads a last line without a newline', async () => {
  const log = openText(textOfLog(ELECTION).trimEnd());
  await log.done;
  assert.is(log.size, ELECTION.length);
  assert.is(log.unmatched, 0);
});

reading('says which rows there are when it is asked for one that is not', async () => {
  const log = await election();
  throws(() => log.line(99), { code: 'ROW_OUT_OF_RANGE', message: 'there is no row 99: 18 rows are indexed' });
});

reading('streams every row once', async () => {
  const log = openText(textOfLog(ELECTION));
  const seqs: (number | undefined)[] = [];
  for await (const { event } of log.rows()) seqs.push(event?.seq);
  assert.equal(
    seqs,
    eventsOf(ELECTION).map((event) => event.seq),
  );
});

const searching = suite('Search');

searching('finds the nearest line in both directions', async () => {
  const log = await election();
  assert.is(await log.search('BecomeLeader', 0, 'forward'), 10);
  assert.is(await log.search('RequestVoteReply', 17, 'backward'), 9);
  assert.is(await log.search('RequestVoteReply', 8, 'backward'), 8);
  assert.is(await log.search(linearPattern('S2<-S1 Append'), 0, 'forward'), 12);
  assert.is(await log.search('no such text', 0, 'forward'), -1);
});
