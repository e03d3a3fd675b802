import { assert, suite } from '@raftlens/testing';
import { configurationOf, labConfig, StateMachine } from '../../src/index.ts';
import { Cluster } from '../cluster.ts';
import { appendEntries, appendReply, diskWith, requestVote, voteReply } from '../messages.ts';

const it = suite('leader election (5.1, 5.2)');
const THREE = ['S1', 'S2', 'S3'];
const FIVE = ['S1', 'S2', 'S3', 'S4', 'S5'];

it('5.1: a server starts as follower and stays one while it hears from a leader', () => {
  const cluster = new Cluster(THREE);
  assert.is(cluster.machine('S1').status().role, 'follower');
  for (let round = 1; round <= 20; round++) {
    cluster.nowMs += labConfig.electionTimeoutMinMs - 1;
    cluster.answer(appendEntries());
    cluster.machine('S1').tick(cluster.nowMs);
  }
  assert.is(cluster.machine('S1').status().role, 'follower');
});

it('5.1: a higher term in a request is adopted, and the vote of the old term is gone', () => {
  const cluster = new Cluster(THREE, { disks: { S1: diskWith([], { term: 2, vote: 'S3' }) } });
  cluster.answer(appendEntries({ term: 5 }));
  const { term, vote, leader } = cluster.machine('S1').status();
  assert.equal({ term, vote, leader }, { term: 5, vote: null, leader: 'S2' });
});

it('5.1: a leader or candidate that learns of a higher term reverts to follower at once, even from a reply', () => {
  const cluster = new Cluster(THREE);
  cluster.elect('S1');
  cluster.answer(appendReply({ term: 9, success: false }));
  assert.is(cluster.machine('S1').status().role, 'follower');
  cluster.timeOut('S2');
  cluster.answer(voteReply({ from: 'S3', to: 'S2', term: 12, granted: false }));
  const { role, term } = cluster.machine('S2').status();
  assert.equal({ role, term }, { role: 'follower', term: 12 });
});

it('5.1: a request of an older term is refused, and the reply says which term it is', () => {
  const cluster = new Cluster(THREE, { disks: { S1: diskWith([], { term: 7 }) } });
  const [vote] = cluster.answer(requestVote({ term: 6 }));
  assert.equal(vote, { ...vote, kind: 'RequestVoteReply', term: 7, granted: false });
  const [append] = cluster.answer(appendEntries({ term: 6 }));
  assert.equal(append, { ...append, kind: 'AppendEntriesReply', term: 7, success: false });
});

it('5.1: a request of an older term leaves the election timer alone', () => {
  const cluster = new Cluster(THREE, { disks: { S1: diskWith([], { term: 7 }) } });
  const before = cluster.machine('S1').deadlineMs;
  cluster.nowMs = 100;
  cluster.answer(appendEntries({ term: 6 }));
  cluster.answer(requestVote({ term: 6 }));
  assert.is(cluster.machine('S1').deadlineMs, before);
});

it('5.2: a follower that hears nothing for an election timeout raises its term, votes for itself and asks all others', () => {
  const cluster = new Cluster(FIVE);
  cluster.timeOut('S1');
  const { role, term, vote } = cluster.machine('S1').status();
  assert.equal({ role, term, vote }, { role: 'candidate', term: 1, vote: 'S1' });
  assert.equal(
    cluster.take().map((message) => `${message.kind} ${message.to} ${message.term}`),
    ['RequestVote S2 1', 'RequestVote S3 1', 'RequestVote S4 1', 'RequestVote S5 1'],
  );
});

it('5.2: votes from a majority make a leader, and fewer do not', () => {
  const cluster = new Cluster(FIVE);
  cluster.timeOut('S1');
  cluster.answer(voteReply({ from: 'S2' }));
  assert.is(cluster.machine('S1').status().role, 'candidate');
  cluster.answer(voteReply({ from: 'S3' }));
  assert.is(cluster.machine('S1').status().role, 'leader');
});

it('5.2: a voter counts once, however often its reply arrives', () => {
  const cluster = new Cluster(FIVE);
  cluster.timeOut('S1');
  cluster.answer(voteReply({ from: 'S2' }));
  cluster.answer(voteReply({ from: 'S2' }));
  assert.is(cluster.machine('S1').status().role, 'candidate');
});

it('5.2: a vote of an earlier term does not count in this one', () => {
  const cluster = new Cluster(THREE);
  cluster.timeOut('S1');
  cluster.timeOut('S1');
  cluster.answer(voteReply({ term: 1 }));
  assert.is(cluster.machine('S1').status().role, 'candidate');
});

it('5.2: each server gives at most one vote in a term, first come first served', () => {
  const cluster = new Cluster(THREE);
  const granted = (from: string): unknown => {
    const [reply] = cluster.answer(requestVote({ from }));
    return reply?.kind === 'RequestVoteReply' && reply.granted;
  };
  assert.equal([granted('S2'), granted('S3'), granted('S2')], [true, false, true]);
});

it('5.2: the one vote of a term survives a restart', () => {
  const cluster = new Cluster(THREE);
  cluster.answer(requestVote({ from: 'S2' }));
  cluster.restart('S1');
  const [reply] = cluster.answer(requestVote({ from: 'S3' }));
  assert.equal(reply, { ...reply, granted: false });
});

it('5.2: a new leader sends heartbeats to all at once, so that nobody else stands', () => {
  const cluster = new Cluster(THREE);
  cluster.timeOut('S1');
  const sent = cluster.answer(voteReply());
  assert.equal(
    sent.map((message) => (message.kind === 'AppendEntries' ? `${message.to} ${message.entries.length}` : message.kind)),
    ['S2 0', 'S3 0'],
  );
});

it('5.2: a candidate that hears from a leader of its own term becomes its follower', () => {
  const cluster = new Cluster(THREE);
  cluster.timeOut('S1');
  cluster.answer(appendEntries({ term: 1 }));
  const { role, leader } = cluster.machine('S1').status();
  assert.equal({ role, leader }, { role: 'follower', leader: 'S2' });
});

it('5.2: a candidate that hears from a leader of an older term stays a candidate', () => {
  const cluster = new Cluster(THREE, { disks: { S1: diskWith([], { term: 4 }) } });
  cluster.timeOut('S1');
  cluster.answer(appendEntries({ term: 4 }));
  assert.is(cluster.machine('S1').status().role, 'candidate');
});

it('5.2: when nobody wins, each candidate times out and starts anew in a higher term', () => {
  const cluster = new Cluster(THREE);
  cluster.timeOut('S1');
  cluster.timeOut('S1');
  const { role, term } = cluster.machine('S1').status();
  assert.equal({ role, term }, { role: 'candidate', term: 2 });
});

it('5.2: each election timeout is drawn anew, evenly from the range', () => {
  const draws = [0, 0.25, 0.999];
  const deadlines = draws.map((draw) => {
    const durable = diskWith([]);
    const configuration = configurationOf(THREE);
    const options = { id: 'S1', boot: 1, configuration, config: labConfig, durable, random: () => draw, nextMessageId: () => 1 };
    return new StateMachine(options, 1000).deadlineMs;
  });
  assert.equal(deadlines, [1300, 1375, 1299.7 + 300]);
});

it('5.2: the timer starts anew when a vote is granted, and not when it is refused', () => {
  const cluster = new Cluster(THREE, { disks: { S1: diskWith([1]) } });
  const before = cluster.machine('S1').deadlineMs;
  cluster.nowMs = 100;
  cluster.answer(requestVote({ term: 2, lastLogIndex: 0, lastLogTerm: 0 }));
  assert.is(cluster.machine('S1').deadlineMs, before);
  cluster.answer(requestVote({ term: 2, from: 'S3', lastLogIndex: 1, lastLogTerm: 1 }));
  assert.is(cluster.machine('S1').deadlineMs, before + 100);
});

it('5.2: a single server elects itself', () => {
  const cluster = new Cluster(['S1']);
  cluster.timeOut('S1');
  assert.is(cluster.machine('S1').status().role, 'leader');
});
