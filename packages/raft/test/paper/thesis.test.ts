import { assert, suite } from '@raftlens/testing';
import { labConfig } from '../../src/index.ts';
import { Cluster } from '../cluster.ts';
import { appendEntries, diskWith, requestVote, voteReply } from '../messages.ts';

const it = suite('what the thesis adds');
const THREE = ['S1', 'S2', 'S3'];

it('9.6: a pre-vote raises no term and gives no vote', () => {
  const cluster = new Cluster(THREE, { config: { preVote: true } });
  cluster.timeOut('S1');
  const { role, term, vote } = cluster.machine('S1').status();
  assert.equal({ role, term, vote }, { role: 'precandidate', term: 0, vote: null });
  const [reply] = cluster.answer(requestVote({ to: 'S2', from: 'S1', kind: 'PreVote', term: 1 }));
  assert.equal(reply, { ...reply, kind: 'PreVoteReply', granted: true, term: 1 });
  const other = cluster.machine('S2').status();
  assert.equal({ term: other.term, vote: other.vote }, { term: 0, vote: null });
});

it('9.6: a server stands once a majority would vote for it', () => {
  const cluster = new Cluster(THREE, { config: { preVote: true } });
  cluster.elect('S1');
  const { role, term } = cluster.machine('S1').status();
  assert.equal({ role, term }, { role: 'leader', term: 1 });
});

it('9.6: a server whose log is behind gets no pre-vote, and disturbs nobody', () => {
  const disks = { S1: diskWith([]), S2: diskWith([1]), S3: diskWith([1]) };
  const cluster = new Cluster(THREE, { config: { preVote: true }, disks });
  cluster.elect('S1');
  assert.equal(
    THREE.map((id) => cluster.machine(id).status().term),
    [1, 1, 1],
  );
});

it('9.6: a server that was cut off returns without deposing the leader', () => {
  const cluster = new Cluster(THREE, { config: { preVote: true, checkQuorum: true } });
  cluster.elect('S1');
  cluster.cut.add('S3');
  for (let i = 0; i < 5; i++) {
    cluster.elect('S3');
    cluster.heartbeat('S1');
  }
  cluster.nowMs = cluster.machine('S3').deadlineMs;
  cluster.heartbeat('S1');
  cluster.cut.delete('S3');
  cluster.elect('S3');
  cluster.heartbeat('S1');
  assert.equal(
    THREE.map((id) => cluster.machine(id).status().leader),
    ['S1', 'S1', 'S1'],
  );
  assert.is(cluster.machine('S1').status().term, 1);
});

it('9.6: a pre-candidate of an old term learns the newer one from the refusal, so that it is not lost for ever', () => {
  const disks = { S1: diskWith([1]), S2: diskWith([1], { term: 5 }), S3: diskWith([1], { term: 5 }) };
  const cluster = new Cluster(THREE, { config: { preVote: true }, disks });
  cluster.elect('S1');
  assert.is(cluster.machine('S1').status().term, 5);
  cluster.elect('S1');
  assert.is(cluster.machine('S1').status().role, 'leader');
});

it('6.2: a leader that hears from no majority for an election timeout steps down', () => {
  const cluster = new Cluster(THREE, { config: { checkQuorum: true } });
  cluster.elect('S1');
  cluster.cut.add('S2').add('S3');
  const until = cluster.nowMs + 2 * labConfig.electionTimeoutMinMs;
  while (cluster.machine('S1').status().role === 'leader' && cluster.nowMs < until) {
    cluster.heartbeat('S1');
  }
  const { role, leader } = cluster.machine('S1').status();
  assert.equal({ role, leader }, { role: 'follower', leader: null });
});

it('6.2: a leader that hears from a majority leads on', () => {
  const cluster = new Cluster(THREE, { config: { checkQuorum: true } });
  cluster.elect('S1');
  cluster.cut.add('S3');
  for (let round = 0; round < 20; round++) {
    cluster.heartbeat('S1');
  }
  assert.is(cluster.machine('S1').status().role, 'leader');
});

it('3.10: leadership goes to the target at once, in spite of a live leader', () => {
  const cluster = new Cluster(THREE, { config: { checkQuorum: true, preVote: true } });
  cluster.elect('S1');
  cluster.propose('S1', 'a');
  assert.ok(cluster.machine('S1').transferLeadership('S3', cluster.nowMs));
  cluster.settle();
  assert.equal(
    THREE.map((id) => cluster.machine(id).status().leader),
    ['S3', 'S3', 'S3'],
  );
});

it('3.10: the target gets all entries before it is told to stand', () => {
  const cluster = new Cluster(THREE);
  cluster.elect('S1');
  cluster.cut.add('S3');
  cluster.propose('S1', 'a', 'b');
  cluster.settle();
  cluster.machine('S1').transferLeadership('S3', cluster.nowMs);
  assert.is(cluster.take().filter(({ kind }) => kind === 'TimeoutNow').length, 0);
  cluster.cut.delete('S3');
  cluster.heartbeat('S1');
  assert.is(cluster.machine('S3').status().role, 'leader');
  assert.is(cluster.machine('S3').status().lastLogIndex, 2);
});

it('3.10: a leader that hands over takes no command, and goes on after an election timeout if the target does not answer', () => {
  const cluster = new Cluster(THREE);
  cluster.elect('S1');
  cluster.cut.add('S3');
  cluster.machine('S1').transferLeadership('S3', cluster.nowMs);
  assert.is(cluster.propose('S1', 'a'), null);
  const until = cluster.nowMs + labConfig.electionTimeoutMaxMs;
  while (cluster.nowMs < until) {
    cluster.heartbeat('S1');
  }
  assert.ok(cluster.propose('S1', 'a') !== null);
});

it('3.10: the target is not told to stand while the leader appends something more in the same step', () => {
  // The target's acknowledgement commits a joint configuration, which makes the leader append the one that leaves it.
  const cluster = new Cluster(THREE);
  cluster.elect('S1');
  cluster.propose('S1', 'first');
  cluster.settle();
  const machine = cluster.machine('S1');
  machine.changeConfiguration({ voters: ['S1', 'S2'], learners: [] }, cluster.nowMs);
  machine.transferLeadership('S2', cluster.nowMs);
  cluster.perform('S1');
  cluster.settle();
  const told = cluster.events.find(({ op, dir }) => op === 'TimeoutNow' && dir === 'send');
  assert.is(told?.last, 3);
  assert.is(cluster.machine('S2').status().role, 'leader');
});

it('3.10: only a leader hands over, and only to another voter', () => {
  const cluster = new Cluster(THREE, { learners: ['S4'] });
  cluster.elect('S1');
  assert.equal(
    [
      cluster.machine('S2').transferLeadership('S3', cluster.nowMs),
      ...['S1', 'S4', 'S9'].map((id) => cluster.machine('S1').transferLeadership(id, cluster.nowMs)),
    ],
    [false, false, false, false],
  );
});

it('3.10: a TimeoutNow of an old term is not obeyed', () => {
  const cluster = new Cluster(THREE, { disks: { S1: diskWith([], { term: 3 }) } });
  cluster.answer({ kind: 'TimeoutNow', id: 1, re: 0, from: 'S2', to: 'S1', term: 2 });
  assert.is(cluster.machine('S1').status().role, 'follower');
});

it('a vote that a leader has asked for by a transfer is given in spite of a live leader', () => {
  const cluster = new Cluster(THREE, { config: { checkQuorum: true } });
  cluster.answer(appendEntries({ from: 'S2' }));
  assert.equal(cluster.answer(requestVote({ from: 'S3', term: 2 })), []);
  const [reply] = cluster.answer(requestVote({ from: 'S3', term: 2, transfer: true }));
  assert.equal(reply, { ...reply, granted: true });
});

it('a candidate is no leader for want of one vote that comes as a pre-vote', () => {
  const cluster = new Cluster(THREE);
  cluster.timeOut('S1');
  cluster.answer(voteReply({ kind: 'PreVoteReply' }));
  assert.is(cluster.machine('S1').status().role, 'candidate');
});

it('3.10: without a target leadership goes to the voter that holds most of the log; a transfer that is given up is told', () => {
  const cluster = new Cluster(THREE);
  cluster.elect('S1');
  cluster.cut.add('S2');
  cluster.propose('S1', 'a');
  cluster.settle();
  assert.ok(cluster.machine('S1').transferLeadership(null, cluster.nowMs));
  cluster.cut.add('S3');
  const until = cluster.nowMs + labConfig.electionTimeoutMaxMs;
  while (cluster.nowMs < until) {
    cluster.heartbeat('S1');
  }
  assert.equal(cluster.node('S1').notices, [{ kind: 'transfer-given-up', target: 'S3', told: true, why: 'timeout' }]);
  assert.is(cluster.machine('S2').transferLeadership(null, cluster.nowMs), false);
});

it('3.10: how a transfer ended is told when somebody leads in place of the one that began it', () => {
  const cluster = new Cluster(THREE);
  cluster.elect('S1');
  cluster.machine('S1').transferLeadership('S3', cluster.nowMs);
  cluster.perform('S1');
  cluster.settle();
  assert.equal(cluster.node('S1').notices, [{ kind: 'transfer-ended', target: 'S3', leader: 'S3', term: 2 }]);
});

it('3.10: a transfer ends with whoever wins, be it another, or the one that began it', () => {
  for (const winner of ['S1', 'S2']) {
    const cluster = new Cluster(THREE);
    cluster.elect('S1');
    cluster.machine('S1').transferLeadership('S3', cluster.nowMs);
    cluster.perform('S1');
    const [timeoutNow] = cluster.take();
    cluster.deliver(timeoutNow ?? requestVote());
    cluster.take();
    cluster.cut.add('S3');
    cluster.machine('S1').receive(requestVote({ from: 'S3', term: 2, transfer: true }), cluster.nowMs);
    cluster.perform('S1');
    cluster.take();
    assert.equal(cluster.node('S1').notices, []);
    cluster.timeOut(winner);
    cluster.settle();
    if (cluster.machine(winner).status().role !== 'leader') {
      cluster.elect(winner);
    }
    const { term } = cluster.machine(winner).status();
    assert.equal(cluster.node('S1').notices, [{ kind: 'transfer-ended', target: 'S3', leader: winner, term }]);
  }
});

it('3.10: a transfer is given up for another one, and when the leader loses its quorum', () => {
  const cluster = new Cluster(['S1', 'S2', 'S3', 'S4'], { config: { checkQuorum: true } });
  cluster.elect('S1');
  cluster.propose('S1', 'first');
  cluster.settle();
  const machine = cluster.machine('S1');
  machine.changeConfiguration({ voters: ['S1', 'S2', 'S3'], learners: [] }, cluster.nowMs);
  cluster.perform('S1');
  // S4 has a vote as long as the configuration is joint, and does not answer.
  cluster.cut.add('S4');
  machine.transferLeadership('S2', cluster.nowMs);
  machine.transferLeadership('S3', cluster.nowMs);
  cluster.perform('S1');
  for (const id of ['S2', 'S3']) {
    cluster.cut.add(id);
  }
  while (machine.status().role === 'leader') {
    cluster.timeOut('S1');
  }
  assert.equal(
    cluster.node('S1').notices.map((notice) => (notice.kind === 'transfer-given-up' ? [notice.target, notice.why] : [])),
    [
      ['S2', 'replaced'],
      ['S3', 'stepped-down'],
    ],
  );
});

it('3.10: no transfer begins to one whose demotion is under way', () => {
  const cluster = new Cluster(['S1', 'S2', 'S3', 'S4']);
  cluster.elect('S1');
  cluster.propose('S1', 'first');
  cluster.settle();
  const machine = cluster.machine('S1');
  machine.changeConfiguration({ voters: ['S1', 'S2', 'S3'], learners: ['S4'] }, cluster.nowMs);
  cluster.perform('S1');
  cluster.cut.add('S4');
  // The demotion is asked for already, so that S4 is no voter of the new half.
  assert.is(machine.transferLeadership('S4', cluster.nowMs), false);
});

it('a leader tells how far its peers are, and when they answered last; the others know of none', () => {
  const cluster = new Cluster(THREE);
  cluster.elect('S1');
  cluster.cut.add('S3');
  cluster.propose('S1', 'a');
  cluster.settle();
  const [second, third] = cluster.machine('S1').status().peers;
  assert.equal(second, { id: 'S2', match: 1, next: 2, state: 'replicate', heardMs: cluster.nowMs, snapshot: null });
  assert.equal([third?.id, third?.match], ['S3', 0]);
  assert.equal(cluster.machine('S2').status().peers, []);
});
