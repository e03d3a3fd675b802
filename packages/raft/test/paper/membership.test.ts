import { assert, suite, throws } from '@raftlens/testing';
import { encodeConfiguration } from '../../src/configuration-codec.ts';
import { createEntry } from '../../src/entry.ts';
import { isJoint } from '../../src/entry-points/membership.ts';
import type { ConfigurationChange } from '../../src/entry-points/state-machine.ts';
import type { DurableState } from '../../src/index.ts';
import { Cluster } from '../cluster.ts';
import { appendEntries, appendReply, diskWith, entriesOf, requestVote, voteReply } from '../messages.ts';

const it = suite('membership (6)');
const THREE = ['S1', 'S2', 'S3'];

/** S1 leads and has committed an entry of its term. */
function led(strangers: readonly string[] = [], learners: readonly string[] = []): Cluster {
  const cluster = new Cluster(THREE, { strangers, learners, config: { checkQuorum: true } });
  cluster.elect('S1');
  cluster.propose('S1', 'first');
  cluster.settle();
  cluster.heartbeat('S1');
  return cluster;
}

function change(cluster: Cluster, wanted: Partial<ConfigurationChange>): unknown {
  const index = cluster.machine('S1').changeConfiguration({ voters: THREE, learners: [], ...wanted }, cluster.nowMs)?.index ?? null;
  cluster.perform('S1');
  return index;
}

function phases(cluster: Cluster, node: string): readonly unknown[] {
  return cluster.events
    .filter((event) => event.op === 'ConfigChange' && event.node === node)
    .map(({ phase, voters }) => `${phase} ${voters?.join('')}`);
}

it('6: another set of voters goes through a joint configuration, which is left by itself once it is committed', () => {
  const cluster = led(['S4', 'S5']);
  change(cluster, { voters: ['S3', 'S4', 'S5', 'S1'] });
  cluster.settle();
  cluster.heartbeat('S1');
  for (const id of ['S1', 'S3', 'S4', 'S5']) {
    assert.equal(phases(cluster, id), ['joint S3S4S5S1', 'final S3S4S5S1']);
  }
});

it('6: a server uses a configuration from the moment it is in its log, committed or not', () => {
  const cluster = led(['S4']);
  change(cluster, { voters: [...THREE, 'S4'] });
  assert.equal(cluster.machine('S1').status().configuration.voters, [...THREE, 'S4']);
  assert.ok(cluster.take().some(({ kind, to }) => kind === 'AppendEntries' && to === 'S4'));
});

it('6: while the configuration is joint, an entry needs a majority of the old and one of the new', () => {
  const cluster = led([], ['S4', 'S5', 'S6']);
  const index = Number(change(cluster, { voters: ['S4', 'S5', 'S6'] }));
  cluster.take();
  const acknowledge = (from: string): void => void cluster.answer(appendReply({ from, match: index }));
  acknowledge('S4');
  acknowledge('S5');
  assert.is(cluster.machine('S1').status().commit, index - 1);
  acknowledge('S2');
  assert.is(cluster.machine('S1').status().commit, index);
});

it('6: while the configuration is joint, an election needs both majorities too', () => {
  const joint = { voters: ['S4', 'S5', 'S6'], outgoing: THREE, learners: [], learnersNext: [] };
  const disk: DurableState = diskWith([], { term: 1, entries: [createEntry(1, 1, 'config', encodeConfiguration(joint))] });
  const cluster = new Cluster(THREE, { disks: { S1: disk } });
  cluster.timeOut('S1');
  const vote = (from: string): void => void cluster.answer(voteReply({ from, term: 2 }));
  vote('S2');
  vote('S4');
  assert.is(cluster.machine('S1').status().role, 'candidate');
  vote('S5');
  assert.is(cluster.machine('S1').status().role, 'leader');
});

it('6: a new leader in a joint configuration finishes the change without waiting for a client', () => {
  const joint = { voters: ['S1', 'S2', 'S4'], outgoing: THREE, learners: [], learnersNext: [] };
  const disk: DurableState = diskWith([], { term: 1, entries: [createEntry(1, 1, 'config', encodeConfiguration(joint))] });
  const cluster = new Cluster(THREE, { disks: { S1: disk, S2: disk, S3: disk, S4: disk }, strangers: ['S4'] });
  cluster.elect('S1');
  assert.is(isJoint(cluster.machine('S1').status().configuration), false);
  assert.equal(cluster.machine('S1').status().configuration.voters, ['S1', 'S2', 'S4']);
});

it('6: a truncated configuration is rolled back to the one before', () => {
  const cluster = new Cluster(THREE, { strangers: ['S4'] });
  const wanted = { voters: [...THREE, 'S4'], outgoing: THREE, learners: [], learnersNext: [] };
  cluster.answer(appendEntries({ entries: [createEntry(1, 1, 'config', encodeConfiguration(wanted))] }));
  assert.ok(isJoint(cluster.machine('S1').status().configuration));
  cluster.answer(appendEntries({ term: 2, from: 'S3', entries: entriesOf(1, 2) }));
  assert.equal(cluster.machine('S1').status().configuration.voters, THREE);
  assert.equal(phases(cluster, 'S1'), ['joint S1S2S3S4', 'final S1S2S3']);
});

it('6: one change at a time, and none before the leader has committed an entry of its term', () => {
  const fresh = new Cluster(THREE);
  fresh.elect('S1');
  assert.is(change(fresh, { voters: ['S1', 'S2'] }), null);
  const cluster = led(['S4']);
  assert.is(change(cluster, { voters: [...THREE, 'S4'] }), 2);
  assert.is(change(cluster, { voters: ['S1', 'S2'] }), null);
});

it('6: a change that changes nothing is not started', () => {
  assert.is(change(led(), { voters: ['S3', 'S2', 'S1'] }), null);
});

it('6: members that no cluster can have are refused, and the cluster goes on', () => {
  const cluster = led();
  for (const voters of [[], ['S1', 'S1'], ['S1', '']]) {
    throws(() => change(cluster, { voters }), { code: 'BAD_CONFIGURATION' });
  }
  throws(() => change(cluster, { learners: ['S2'] }), { code: 'BAD_CONFIGURATION' });
  cluster.propose('S1', 'x');
  cluster.settle();
  assert.equal(cluster.commands('S1'), ['first', 'x']);
});

it('6: a change to voters of whom none is there is not started', () => {
  const cluster = led();
  assert.is(change(cluster, { voters: ['S8', 'S9'] }), null);
  cluster.cut.add('S3');
  for (const endMs = cluster.nowMs + 2000; cluster.nowMs < endMs; ) {
    cluster.heartbeat('S1');
  }
  assert.is(change(cluster, { voters: ['S1', 'S3'] }), null, 'S3 was not heard from for an election timeout');
  assert.is(change(cluster, { voters: ['S1', 'S2'] }), 2);
});

it('6: a server does not start with a configuration that counts somebody twice', () => {
  throws(() => new Cluster(['S1', 'S1', 'S2']), { code: 'BAD_CONFIGURATION' });
});

it('6: new servers first join without a vote: a learner gets the log and counts for nothing', () => {
  const cluster = led(['S4']);
  change(cluster, { learners: ['S4'] });
  cluster.settle();
  cluster.heartbeat('S1');
  assert.is(cluster.machine('S4').status().lastLogIndex, 2);
  cluster.cut.add('S2').add('S3');
  cluster.propose('S1', 'x');
  cluster.settle();
  assert.is(cluster.machine('S1').status().commit, 2);
});

it('4.2.1 (thesis): a learner never stands for election, and costs nothing while it waits', () => {
  const cluster = led([], ['S4']);
  assert.is(cluster.machine('S4').deadlineMs, Number.POSITIVE_INFINITY);
  cluster.advanceTo(1_000_000, 'S4');
  assert.is(cluster.machine('S4').status().role, 'follower');
});

it('4.2.1 (thesis): a learner that is asked for its vote gives it, since it may be a voter by now and not know it', () => {
  const cluster = new Cluster(['S2', 'S3'], { learners: ['S1'] });
  const [reply] = cluster.answer(requestVote());
  assert.equal(reply, { ...reply, granted: true });
});

it('6: a voter that becomes a learner keeps its vote until the joint configuration is left', () => {
  const cluster = led();
  change(cluster, { voters: ['S1', 'S2'], learners: ['S3'] });
  const { outgoing, learners, learnersNext } = cluster.machine('S1').status().configuration;
  assert.equal({ outgoing, learners, learnersNext }, { outgoing: THREE, learners: [], learnersNext: ['S3'] });
  cluster.settle();
  cluster.heartbeat('S1');
  assert.equal(cluster.machine('S3').status().configuration, { voters: ['S1', 'S2'], outgoing: [], learners: ['S3'], learnersNext: [] });
});

it('6: a leader that is no member of the new configuration leads until that is committed, and then steps down', () => {
  const cluster = led();
  change(cluster, { voters: ['S2', 'S3'] });
  cluster.settle();
  assert.is(cluster.machine('S1').status().role, 'follower');
  assert.equal(cluster.machine('S1').status().configuration.voters, ['S2', 'S3']);
  assert.is(cluster.events.filter(({ op, why }) => op === 'BecomeFollower' && why === 'removed').length, 1);
  assert.is(cluster.machine('S1').deadlineMs, Number.POSITIVE_INFINITY);
  cluster.elect('S2');
  assert.is(cluster.machine('S2').status().role, 'leader');
});

it('6: a leader that is no member of the new configuration does not count itself for it', () => {
  const cluster = led();
  change(cluster, { voters: ['S2', 'S3'] });
  cluster.take();
  cluster.answer(appendReply({ from: 'S2', match: 2 }));
  assert.is(cluster.machine('S1').status().commit, 1);
  cluster.answer(appendReply({ from: 'S3', match: 2 }));
  assert.is(cluster.machine('S1').status().commit, 2);
});

it('6: servers that hear from a leader ignore a removed server that stands, and keep their term', () => {
  const cluster = led();
  cluster.answer(requestVote({ to: 'S2', from: 'S9', term: 7, lastLogIndex: 9, lastLogTerm: 1 }));
  assert.is(cluster.machine('S2').status().term, 1);
  cluster.answer(requestVote({ to: 'S1', from: 'S9', term: 7, lastLogIndex: 9, lastLogTerm: 1 }));
  assert.is(cluster.machine('S1').status().role, 'leader');
});

it('7: a snapshot holds the configuration of its index, not a later one', () => {
  const cluster = led(['S4']);
  change(cluster, { voters: [...THREE, 'S4'] });
  cluster.machine('S1').snapshotTaken(1, new Uint8Array(0), cluster.nowMs);
  cluster.perform('S1');
  assert.equal(cluster.node('S1').disk.state.snapshot?.configuration.voters, THREE);
  cluster.restart('S1');
  assert.ok(isJoint(cluster.machine('S1').status().configuration));
});
