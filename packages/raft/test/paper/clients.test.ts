import { assert, suite } from '@raftlens/testing';
import { labConfig, type RaftConfig } from '../../src/index.ts';
import { Cluster } from '../cluster.ts';
import { appendReply, diskWith } from '../messages.ts';

const it = suite('client interaction (8)');
const THREE = ['S1', 'S2', 'S3'];

function led(config: Partial<RaftConfig> = {}): Cluster {
  const cluster = new Cluster(THREE, { config: { noopOnElection: true, ...config } });
  cluster.elect('S1');
  return cluster;
}

function read(cluster: Cluster, id: string, ctx: string): void {
  cluster.machine(id).read(ctx, cluster.nowMs);
  cluster.perform(id);
}

it('8: a new leader commits an empty entry of its own, and with it what older leaders left', () => {
  const disks = { S1: diskWith([1, 1]), S2: diskWith([1, 1]), S3: diskWith([1]) };
  const cluster = new Cluster(THREE, { disks, config: { noopOnElection: true } });
  cluster.elect('S1');
  assert.is(cluster.machine('S1').status().commit, 3);
});

it('8: a follower forwards commands to the leader it knows', () => {
  const cluster = led({ forwardProposals: true });
  assert.is(cluster.propose('S2', 'a'), null);
  cluster.settle();
  assert.equal(cluster.commands('S1'), ['', 'a']);
});

it('8: what was forwarded to a server that does not lead is dropped, not sent around', () => {
  const cluster = led({ forwardProposals: true });
  const forwarded = { kind: 'Propose' as const, id: 1, re: 0, from: 'S3', to: 'S2', term: 1, commands: ['a'] };
  assert.equal(cluster.answer(forwarded), []);
});

it('8: a leader answers a read only after a round of heartbeats has shown that it leads still', () => {
  const cluster = led();
  read(cluster, 'S1', 'r1');
  assert.equal(cluster.node('S1').reads, []);
  cluster.settle();
  assert.equal(cluster.node('S1').reads, [{ ctx: 'r1', index: 1 }]);
});

it('8: an answer to a heartbeat that left before the read came proves nothing about it', () => {
  const cluster = led();
  cluster.timeOut('S1');
  const older = cluster.take();
  read(cluster, 'S1', 'r1');
  cluster.take();
  for (const message of older) {
    cluster.deliver(message);
  }
  cluster.settle();
  assert.equal(cluster.node('S1').reads, []);
});

it('8: a leader that was deposed without knowing it serves no read', () => {
  const cluster = led();
  cluster.cut.add('S1');
  cluster.elect('S2');
  cluster.propose('S2', 'x');
  cluster.settle();
  read(cluster, 'S1', 'r1');
  cluster.settle();
  assert.equal(cluster.node('S1').reads, []);
  cluster.cut.delete('S1');
  cluster.heartbeat('S2');
  assert.equal(cluster.node('S1').reads, [{ ctx: 'r1', index: -1 }]);
});

it('8: a read waits until the leader has committed an entry of its own term', () => {
  const cluster = new Cluster(THREE, { disks: { S1: diskWith([1]), S2: diskWith([1]), S3: diskWith([1]) } });
  cluster.elect('S1');
  read(cluster, 'S1', 'early');
  cluster.settle();
  cluster.heartbeat('S1');
  assert.equal(cluster.node('S1').reads, []);
  cluster.propose('S1', 'x');
  cluster.settle();
  assert.equal(cluster.node('S1').reads, [{ ctx: 'early', index: 2 }]);
});

it('6.4 (thesis): a confirmed read waits until its index is applied', () => {
  const cluster = led();
  const machine = cluster.machine('S1');
  machine.propose(['x'], cluster.nowMs);
  const [first] = machine.takeEffects();
  assert.is(first?.kind, 'persist');
  machine.persisted(first?.kind === 'persist' ? first.id : 0, cluster.nowMs);
  machine.receive(appendReply({ match: 2, re: 1 }), cluster.nowMs);
  machine.read('r1', cluster.nowMs);
  machine.takeEffects();
  machine.receive(appendReply({ match: 2, round: 1 }), cluster.nowMs);
  assert.equal(
    machine.takeEffects().filter(({ kind }) => kind === 'read'),
    [],
  );
  machine.applied(2, cluster.nowMs);
  assert.equal(machine.takeEffects(), [{ kind: 'read', ctx: 'r1', index: 2 }]);
});

it('6.4 (thesis): a follower asks the leader for the index, and serves the read itself', () => {
  const cluster = led();
  cluster.propose('S1', 'a');
  cluster.settle();
  cluster.heartbeat('S1');
  read(cluster, 'S3', 'r1');
  cluster.settle();
  assert.equal(cluster.node('S3').reads, [{ ctx: 'r1', index: 2 }]);
});

it('6.4 (thesis): a request or an answer that the network repeats makes no second read', () => {
  const cluster = led();
  read(cluster, 'S3', 'r1');
  const [request] = cluster.take();
  if (request === undefined) {
    throw new Error('S3 asks the leader');
  }
  cluster.deliver(request);
  cluster.deliver(request);
  assert.is(cluster.events.filter(({ op }) => op === 'ReadStart').length, 1);
  while (!cluster.inTransit.some(({ kind }) => kind === 'ReadIndexReply')) {
    const [next] = cluster.inTransit.splice(0, 1);
    if (next === undefined) {
      throw new Error('the leader answers');
    }
    cluster.deliver(next);
  }
  const answer = cluster.inTransit.find(({ kind }) => kind === 'ReadIndexReply');
  cluster.settle();
  if (answer !== undefined) {
    cluster.deliver(answer);
  }
  assert.equal(cluster.node('S3').reads, [{ ctx: 'r1', index: 1 }]);
});

it('a read that a follower forwarded is refused when the leader that it asked is gone', () => {
  const cluster = led();
  read(cluster, 'S3', 'r1');
  cluster.take();
  cluster.elect('S2');
  assert.equal(cluster.node('S3').reads, [{ ctx: 'r1', index: -1 }]);
});

it('6.4.1 (thesis): an answer within the lease says so, to the follower that asked too', () => {
  const cluster = led({ leaseReads: true, checkQuorum: true });
  cluster.heartbeat('S1');
  read(cluster, 'S3', 'r1');
  cluster.settle();
  assert.is(cluster.events.find(({ op, dir }) => op === 'ReadIndexReply' && dir === 'send')?.lease, true);
  assert.is(cluster.events.find(({ op, node }) => op === 'ReadReady' && node === 'S3')?.lease, true);
});

it('a read is refused where no leader is known', () => {
  const cluster = new Cluster(THREE);
  read(cluster, 'S1', 'r1');
  assert.equal(cluster.node('S1').reads, [{ ctx: 'r1', index: -1 }]);
});

it('6.4.1 (thesis): within its lease a leader answers without asking anybody', () => {
  const cluster = led({ leaseReads: true, checkQuorum: true });
  cluster.heartbeat('S1');
  read(cluster, 'S1', 'r1');
  assert.equal(cluster.take(), []);
  assert.equal(cluster.node('S1').reads, [{ ctx: 'r1', index: 1 }]);
});

it('6.4.1 (thesis): the lease counts from when the heartbeat was sent, and ends early by the drift that clocks may have', () => {
  const cluster = led({ leaseReads: true, checkQuorum: true, clockDriftMax: 0.5 });
  cluster.timeOut('S1');
  const sentMs = cluster.nowMs;
  cluster.nowMs += 50;
  cluster.settle();
  cluster.nowMs = sentMs + 199;
  read(cluster, 'S1', 'within');
  assert.is(cluster.node('S1').reads.length, 1);
  cluster.take();
  cluster.nowMs = sentMs + 200;
  read(cluster, 'S1', 'after');
  assert.is(cluster.node('S1').reads.length, 1);
  cluster.settle();
  assert.is(cluster.node('S1').reads.length, 2);
});

it('6.4.1 (thesis): a leader that has told another to stand trusts its lease no more', () => {
  const cluster = led({ leaseReads: true, checkQuorum: true });
  cluster.heartbeat('S1');
  cluster.machine('S1').transferLeadership('S2', cluster.nowMs);
  cluster.perform('S1');
  read(cluster, 'S1', 'r1');
  assert.equal(cluster.node('S1').reads, []);
});

for (const leaseReads of [true, false]) {
  it(`6.4.1 (thesis): a server that has just restarted ${leaseReads ? 'keeps the promise that a lease may stand on' : 'may vote where there are no leases'}`, () => {
    const cluster = led({ leaseReads, checkQuorum: true });
    cluster.heartbeat('S1');
    cluster.cut.add('S1');
    cluster.timeOut('S3');
    cluster.restart('S2');
    cluster.settle();
    assert.is(cluster.machine('S3').status().role, leaseReads ? 'candidate' : 'leader');
  });
}

it('proposals are refused while too many bytes are uncommitted, and taken again when they are committed', () => {
  const cluster = led({ maxUncommittedBytes: 100 });
  const long = 'x'.repeat(80);
  assert.ok(cluster.propose('S1', long) !== null);
  assert.is(cluster.propose('S1', long), null);
  cluster.settle();
  assert.ok(cluster.propose('S1', `${long}${long}`) !== null);
});

it('8: a question about a read that was lost on the way is given up after an election timeout, and its late answer counts for nothing', () => {
  const cluster = new Cluster(['S1', 'S2', 'S3']);
  cluster.elect('S1');
  cluster.propose('S1', 'x');
  cluster.settle();
  cluster.heartbeat('S1');
  const follower = cluster.machine('S3');
  follower.read('r1', cluster.nowMs);
  cluster.perform('S3');
  cluster.take();
  const until = cluster.nowMs + labConfig.electionTimeoutMaxMs;
  while (cluster.nowMs < until) {
    cluster.heartbeat('S1');
  }
  cluster.advanceTo(until, 'S3');
  assert.equal(cluster.node('S3').reads, [{ ctx: 'r1', index: -1 }]);
});
