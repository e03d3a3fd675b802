import { assert, suite, throws } from '@raftlens/testing';
import { InvariantError } from '../../src/index.ts';
import { Cluster } from '../cluster.ts';
import { appendEntries, appendReply, diskWith, entriesOf, requestVote } from '../messages.ts';

const it = suite('safety (5.4, 5.5)');
const THREE = ['S1', 'S2', 'S3'];
const FIVE = ['S1', 'S2', 'S3', 'S4', 'S5'];

function grants(voterTerms: readonly number[], lastLogIndex: number, lastLogTerm: number): unknown {
  const cluster = new Cluster(THREE, { disks: { S1: diskWith(voterTerms) } });
  const [reply] = cluster.answer(requestVote({ term: 9, lastLogIndex, lastLogTerm }));
  return reply?.kind === 'RequestVoteReply' && reply.granted;
}

it('5.4.1: a candidate whose log is less up-to-date than the voter’s gets no vote', () => {
  assert.is(grants([1, 1, 2], 2, 1), false);
  assert.is(grants([1, 1, 2], 2, 2), false);
});

it('5.4.1: the later last term is more up-to-date, however long the logs are', () => {
  assert.is(grants([1, 1, 1, 1], 1, 2), true);
  assert.is(grants([2], 4, 1), false);
});

it('5.4.1: of logs that end in the same term the longer one is more up-to-date, and equal ones are enough', () => {
  assert.is(grants([1, 1], 3, 1), true);
  assert.is(grants([1, 1], 2, 1), true);
  assert.is(grants([1, 1], 1, 1), false);
});

it('5.4.1: who lacks a committed entry cannot become leader', () => {
  const cluster = new Cluster(THREE);
  cluster.elect('S1');
  cluster.cut.add('S3');
  cluster.propose('S1', 'a');
  cluster.settle();
  cluster.cut.delete('S3');
  cluster.elect('S3');
  assert.is(cluster.machine('S3').status().role, 'candidate');
  assert.is(cluster.machine('S2').status().vote, null);
});

it('5.4.2, figure 8: an entry of an older term is not committed by counting where it is', () => {
  // (c) of the figure: S1 leads in term 4 with entry 2 of term 2, which S2 and S3 hold after it was sent there.
  const disks = { S1: diskWith([1, 2], { term: 3 }), S2: diskWith([1], { term: 3 }), S3: diskWith([1], { term: 3 }) };
  const cluster = new Cluster(FIVE, { disks });
  cluster.elect('S1');
  cluster.take();
  cluster.answer(appendReply({ from: 'S2', term: 4, match: 2 }));
  cluster.answer(appendReply({ from: 'S3', term: 4, match: 2 }));
  assert.is(cluster.machine('S1').status().commit, 0);
  // (e): an entry of its own term on a majority commits both.
  cluster.propose('S1', 'x');
  cluster.take();
  cluster.answer(appendReply({ from: 'S2', term: 4, match: 3 }));
  cluster.answer(appendReply({ from: 'S3', term: 4, match: 3 }));
  assert.is(cluster.machine('S1').status().commit, 3);
});

it('figure 3, Leader Append-Only: a new leader keeps entries that it cannot commit yet', () => {
  const cluster = new Cluster(THREE, { disks: { S1: diskWith([1, 1, 1]), S2: diskWith([1]), S3: diskWith([1]) } });
  cluster.elect('S1');
  cluster.propose('S1', 'x');
  cluster.settle();
  assert.is(cluster.events.filter(({ op, node }) => op === 'Truncate' && node === 'S1').length, 0);
  assert.equal(cluster.commands('S1'), ['1/1', '2/1', '3/1', 'x']);
});

it('figure 3, Election Safety: a second leader of the same term stops the server that sees it', () => {
  const cluster = new Cluster(THREE);
  cluster.elect('S1');
  throws(() => cluster.answer(appendEntries({ term: 1 })), InvariantError);
});

it('figure 3, State Machine Safety: a committed entry is never deleted; the server stops first, and the log shows the step', () => {
  const cluster = new Cluster(THREE, { disks: { S1: diskWith([1, 1]) } });
  cluster.answer(appendEntries({ prevLogIndex: 2, prevLogTerm: 1, leaderCommit: 2 }));
  const error = throws(
    () => cluster.answer(appendEntries({ term: 2, prevLogIndex: 1, prevLogTerm: 1, entries: entriesOf(2, 2) })),
    InvariantError,
  );
  assert.is(error.message, 'S1: entry 2 is committed and would be deleted');
  assert.is(cluster.events.at(-1)?.op, 'Truncate');
});

it('figure 2: matchIndex only rises, so an old acknowledgement takes nothing back', () => {
  const cluster = new Cluster(THREE);
  cluster.elect('S1');
  cluster.propose('S1', 'a', 'b');
  cluster.take();
  cluster.answer(appendReply({ match: 2 }));
  cluster.answer(appendReply({ match: 1 }));
  const progress = cluster.events.filter(({ op, peer }) => op === 'Progress' && peer === 'S2').at(-1);
  assert.equal({ match: progress?.match, next: progress?.next }, { match: 2, next: 3 });
});

it('figure 2: an acknowledgement from an earlier leadership does not count for the entries of this one', () => {
  const cluster = new Cluster(FIVE);
  cluster.elect('S1');
  cluster.cut.add('S1');
  cluster.propose('S1', 'a', 'b');
  cluster.take();
  cluster.cut.clear();
  cluster.answer(appendEntries({ term: 2, prevLogIndex: 0, entries: entriesOf(1, 2) }));
  cluster.elect('S1');
  cluster.take();
  cluster.answer(appendReply({ from: 'S2', term: 1, match: 2 }));
  cluster.answer(appendReply({ from: 'S3', term: 1, match: 2 }));
  assert.is(cluster.machine('S1').status().commit, 0);
});

it('5.5: requests may come twice; the second does nothing', () => {
  const cluster = new Cluster(THREE);
  const request = appendEntries({ entries: entriesOf(1, 1, 1), leaderCommit: 1 });
  cluster.answer(request);
  const writes = cluster.events.filter(({ op }) => op === 'Persist').length;
  const [reply] = cluster.answer(request);
  assert.equal(reply, { ...reply, success: true, match: 2 });
  assert.is(cluster.events.filter(({ op }) => op === 'Persist').length, writes);
});

it('5.5: a server that restarts goes on with its term, vote and log', () => {
  const cluster = new Cluster(THREE);
  cluster.elect('S1');
  cluster.propose('S1', 'a');
  cluster.settle();
  cluster.restart('S1');
  const { term, vote, lastLogIndex, commit, role } = cluster.machine('S1').status();
  assert.equal({ term, vote, lastLogIndex, commit, role }, { term: 1, vote: 'S1', lastLogIndex: 1, commit: 0, role: 'follower' });
});

it('5.6: safety does not depend on time: two candidates at the same instant elect at most one', () => {
  const cluster = new Cluster(THREE);
  cluster.timeOut('S1');
  cluster.timeOut('S2');
  cluster.settle();
  const leaders = THREE.filter((id) => cluster.machine(id).status().role === 'leader');
  assert.equal(leaders, ['S1']);
});
