import { assert, suite } from '@raftlens/testing';
import { Cluster } from '../cluster.ts';
import { diskWith, requestVote } from '../messages.ts';

const it = suite('what the host reports');
const THREE = ['S1', 'S2', 'S3'];

it('campaign: a follower stands at once, and its pre-vote keeps a live leader', () => {
  const cluster = new Cluster(THREE, { config: { preVote: true, checkQuorum: true } });
  cluster.elect('S1');
  assert.is(cluster.machine('S2').campaign(cluster.nowMs), true);
  cluster.perform('S2');
  cluster.settle();
  assert.equal(
    THREE.map((id) => cluster.machine(id).status().role),
    ['leader', 'follower', 'follower'],
  );
  assert.is(cluster.machine('S1').campaign(cluster.nowMs), false);
});

it('campaign: without a leader it wins like any other election', () => {
  const cluster = new Cluster(THREE, { learners: ['S4'] });
  assert.is(cluster.machine('S4').campaign(0), false);
  assert.is(cluster.machine('S2').campaign(0), true);
  cluster.perform('S2');
  cluster.settle();
  assert.is(cluster.machine('S2').status().role, 'leader');
  assert.equal(
    cluster.events.filter(({ op }) => op === 'Timeout').map(({ timer }) => timer),
    ['host'],
  );
});

it('forgetLeader: a quorum that knows its leader to be dead elects another before any timeout', () => {
  const cluster = new Cluster(THREE, { config: { preVote: true, checkQuorum: true } });
  cluster.elect('S1');
  cluster.cut.add('S1');
  cluster.machine('S2').campaign(cluster.nowMs);
  cluster.perform('S2');
  cluster.settle();
  assert.is(cluster.machine('S2').status().role, 'precandidate');
  assert.is(cluster.machine('S3').forgetLeader(cluster.nowMs), true);
  assert.is(cluster.machine('S3').status().leader, null);
  cluster.machine('S2').campaign(cluster.nowMs);
  cluster.perform('S2');
  cluster.settle();
  assert.is(cluster.machine('S2').status().role, 'leader');
});

it('forgetLeader: nobody forgets a leader that may hold a lease, and a leader has none to forget', () => {
  const cluster = new Cluster(THREE, { config: { leaseReads: true, checkQuorum: true } });
  cluster.elect('S1');
  assert.is(cluster.machine('S2').forgetLeader(cluster.nowMs), false);
  assert.is(cluster.machine('S1').forgetLeader(cluster.nowMs), false);
  const [answer] = cluster.answer(requestVote({ from: 'S3', to: 'S2', term: 9, lastLogIndex: 9, lastLogTerm: 9 }));
  assert.is(answer, undefined);
});

it('reportUnreachable: what was sent without waiting is sent again from what the peer is known to hold', () => {
  const cluster = new Cluster(THREE);
  cluster.elect('S1');
  cluster.propose('S1', 'a');
  cluster.settle();
  cluster.propose('S1', 'b', 'c');
  cluster.inTransit = cluster.inTransit.filter(({ to }) => to !== 'S2');
  const machine = cluster.machine('S1');
  assert.is(machine.reportUnreachable('S2', cluster.nowMs), true);
  assert.is(machine.reportUnreachable('S2', cluster.nowMs), false);
  const [second] = machine.status().peers;
  assert.equal([second?.state, second?.match, second?.next], ['probe', 1, 2]);
  cluster.perform('S1');
  assert.equal(
    cluster.inTransit.filter(({ to }) => to === 'S2'),
    [],
  );
  cluster.heartbeat('S1');
  cluster.heartbeat('S1');
  assert.equal(cluster.commands('S2'), ['a', 'b', 'c']);
  assert.is(cluster.machine('S2').reportUnreachable('S1', cluster.nowMs), false);
  assert.is(machine.reportUnreachable('S9', cluster.nowMs), false);
});

/** A leader with a snapshot of entry 5 whose first chunk to S2, which has nothing, was lost. */
function withLostChunk(): Cluster {
  const disks = { S1: diskWith([1, 1, 1, 1]), S3: diskWith([1, 1, 1, 1]) };
  const cluster = new Cluster(THREE, { disks, config: { snapshotChunkBytes: 4 } });
  cluster.cut.add('S2');
  cluster.elect('S1');
  cluster.propose('S1', 'x');
  cluster.settle();
  cluster.machine('S1').snapshotTaken(5, new Uint8Array(10), cluster.nowMs);
  cluster.perform('S1');
  cluster.cut.delete('S2');
  cluster.timeOut('S1');
  const [refused] = cluster.take().filter(({ to }) => to === 'S2');
  assert.is(refused?.kind, 'AppendEntries');
  if (refused !== undefined) {
    for (const answer of cluster.answer(refused)) {
      cluster.deliver(answer);
    }
  }
  assert.equal(
    cluster.take().map(({ kind, to }) => [kind, to]),
    [['InstallSnapshot', 'S2']],
  );
  return cluster;
}

function sentToS2(cluster: Cluster): readonly string[] {
  return cluster.take().flatMap(({ kind, to }) => (to === 'S2' ? [kind] : []));
}

it('reportSnapshot: a chunk that failed goes out with the next heartbeat, and not an election timeout later', () => {
  for (const report of [false, true]) {
    const cluster = withLostChunk();
    if (report) {
      assert.is(cluster.machine('S1').reportSnapshot('S2', 5, 'failed', cluster.nowMs), true);
    }
    cluster.timeOut('S1');
    assert.equal(sentToS2(cluster), report ? ['InstallSnapshot', 'AppendEntries'] : ['AppendEntries']);
  }
});

it('reportUnreachable: a chunk that could not be delivered goes out with the next heartbeat, too', () => {
  const cluster = withLostChunk();
  assert.is(cluster.machine('S1').reportUnreachable('S2', cluster.nowMs), true);
  cluster.timeOut('S1');
  assert.equal(sentToS2(cluster), ['InstallSnapshot', 'AppendEntries']);
});

it('reportSnapshot: after one that the host carried the entries behind it go out, and a peer that does not hold it gets it once more', () => {
  const cluster = withLostChunk();
  const machine = cluster.machine('S1');
  cluster.propose('S1', 'y');
  cluster.take();
  assert.is(machine.reportSnapshot('S2', 4, 'durable', cluster.nowMs), false);
  assert.is(machine.reportSnapshot('S2', 5, 'durable', cluster.nowMs), true);
  assert.is(machine.reportSnapshot('S2', 5, 'durable', cluster.nowMs), false);
  const [second] = machine.status().peers;
  assert.equal([second?.state, second?.match, second?.next], ['probe', 0, 6]);
  cluster.perform('S1');
  cluster.settle();
  cluster.heartbeat('S1');
  assert.is(cluster.machine('S2').status().lastLogIndex, 6);
  assert.is(cluster.node('S2').restored.length, 1);
});

it('campaign: one that stands because its host said so listens to others who do, though it has just heard from a leader', () => {
  const cluster = new Cluster(THREE, { config: { checkQuorum: true } });
  cluster.elect('S1');
  assert.ok(cluster.machine('S2').campaign(cluster.nowMs));
  cluster.perform('S2');
  const [reply] = cluster.answer(requestVote({ from: 'S3', to: 'S2', term: 7 }));
  assert.equal(reply, { ...reply, kind: 'RequestVoteReply', granted: true, term: 7 });
});

it('campaign: its own vote would break the promise that leases rest on, so that it waits until that is over', () => {
  const cluster = new Cluster(THREE, { config: { leaseReads: true, checkQuorum: true, preVote: false } });
  cluster.elect('S1');
  const machine = cluster.machine('S2');
  assert.is(machine.campaign(cluster.nowMs), false);
  cluster.nowMs += 300;
  assert.is(machine.campaign(cluster.nowMs), true);
});
