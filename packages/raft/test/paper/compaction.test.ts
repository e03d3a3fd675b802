import { assert, suite, throws } from '@raftlens/testing';
import { ContractError, configurationOf, type Snapshot } from '../../src/index.ts';
import { Cluster } from '../cluster.ts';
import { appendEntries, appendReply, diskWith, entriesOf, installSnapshot } from '../messages.ts';

const it = suite('log compaction (7)');
const THREE = ['S1', 'S2', 'S3'];

const snapshot: Snapshot = { index: 5, term: 2, configuration: configurationOf(THREE), data: new Uint8Array([1, 2, 3, 4, 5]) };

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** A leader with `count` commands, all applied by itself and S2; S3 is cut off, so that it has none of them. */
function leaderAhead(count: number): Cluster {
  const cluster = new Cluster(THREE, { config: { snapshotChunkBytes: 4 } });
  cluster.elect('S1');
  cluster.cut.add('S3');
  cluster.propose('S1', ...Array.from({ length: count }, (_, position) => `c${position + 1}`));
  cluster.settle();
  cluster.heartbeat('S1');
  return cluster;
}

it('7: a snapshot replaces the log up to its index, in memory and on the disk, in one write', () => {
  const cluster = leaderAhead(5);
  cluster.machine('S1').snapshotTaken(3, bytes('abc'), cluster.nowMs);
  cluster.perform('S1');
  const { firstIndex, lastLogIndex, snapshotIndex } = cluster.machine('S1').status();
  assert.equal({ firstIndex, lastLogIndex, snapshotIndex }, { firstIndex: 4, lastLogIndex: 5, snapshotIndex: 3 });
  const { state } = cluster.node('S1').disk;
  assert.equal(state.snapshot, { index: 3, term: 1, configuration: configurationOf(THREE), data: bytes('abc') });
  assert.equal(
    state.entries.map(({ index }) => index),
    [4, 5],
  );
});

it('7: the term of the last entry in the snapshot is kept for the consistency check of the next', () => {
  const cluster = leaderAhead(3);
  cluster.machine('S1').snapshotTaken(3, bytes('abc'), cluster.nowMs);
  cluster.propose('S1', 'd');
  cluster.settle();
  assert.is(cluster.machine('S2').status().lastLogIndex, 4);
});

it('7: a follower that lags behind the log gets the snapshot in chunks, restores it, and replication goes on', () => {
  const cluster = leaderAhead(5);
  cluster.machine('S1').snapshotTaken(5, bytes('state at 5'), cluster.nowMs);
  cluster.cut.delete('S3');
  cluster.heartbeat('S1');
  cluster.propose('S1', 'after');
  cluster.settle();
  cluster.heartbeat('S1');
  const chunks = cluster.events.filter(({ op, dir }) => op === 'InstallSnapshot' && dir === 'recv');
  assert.equal(
    chunks.map(({ offset, bytes: size, done }) => [offset, size, done]),
    [
      [0, 4, false],
      [4, 4, false],
      [8, 2, true],
    ],
  );
  const [restored] = cluster.node('S3').restored;
  assert.equal(restored?.data, bytes('state at 5'));
  assert.equal(cluster.commands('S3'), ['after']);
});

it('7: one chunk is under way at a time, and one that is lost is sent again', () => {
  const cluster = leaderAhead(5);
  cluster.machine('S1').snapshotTaken(5, bytes('state at 5'), cluster.nowMs);
  cluster.cut.delete('S3');
  cluster.timeOut('S1');
  // The heartbeat is refused; its answer makes the leader send the first chunk, which is lost, as are the next heartbeats.
  const chunksIn = (): number => cluster.inTransit.filter(({ kind }) => kind === 'InstallSnapshot').length;
  while (chunksIn() === 0) {
    const [message] = cluster.inTransit.splice(0, 1);
    if (message === undefined) {
      break;
    }
    cluster.deliver(message);
  }
  assert.is(chunksIn(), 1);
  cluster.take();
  for (let round = 0; round < 3; round++) {
    cluster.timeOut('S1');
  }
  assert.is(chunksIn(), 1);
  cluster.settle();
  assert.is(cluster.machine('S3').status().snapshotIndex, 5);
});

it('7: when the acknowledgement of the whole snapshot is lost, a heartbeat finds out that it was installed', () => {
  const cluster = leaderAhead(5);
  cluster.machine('S1').snapshotTaken(5, bytes('s'), cluster.nowMs);
  cluster.cut.delete('S3');
  cluster.timeOut('S1');
  for (let message = cluster.inTransit.shift(); message !== undefined; message = cluster.inTransit.shift()) {
    if (message.kind !== 'InstallSnapshotReply') {
      cluster.deliver(message);
    }
  }
  cluster.heartbeat('S1');
  cluster.propose('S1', 'after');
  cluster.settle();
  assert.is(cluster.machine('S3').status().lastLogIndex, 6);
});

it('figure 13, rule 6: a snapshot whose last entry is in the log leaves the log and the service alone', () => {
  const cluster = new Cluster(THREE, { disks: { S1: diskWith([1, 1, 1, 2, 2, 2, 2]) } });
  const [reply] = cluster.answer(installSnapshot(snapshot, { term: 2 }));
  assert.equal(reply, { ...reply, success: true, offset: 5 });
  assert.is(cluster.machine('S1').status().lastLogIndex, 7);
  assert.equal(cluster.node('S1').restored, []);
  assert.equal(cluster.commands('S1'), ['1/1', '2/1', '3/1', '4/2', '5/2']);
});

it('figure 13, rules 7 and 8: otherwise the whole log goes and the service is restored from the snapshot', () => {
  const cluster = new Cluster(THREE, { disks: { S1: diskWith([1, 1, 1, 1, 1, 1, 1]) } });
  cluster.answer(installSnapshot(snapshot, { term: 2 }));
  const { firstIndex, lastLogIndex, lastLogTerm, commit, applied } = cluster.machine('S1').status();
  assert.equal(
    { firstIndex, lastLogIndex, lastLogTerm, commit, applied },
    { firstIndex: 6, lastLogIndex: 5, lastLogTerm: 2, commit: 5, applied: 5 },
  );
  assert.equal(cluster.node('S1').restored, [snapshot]);
  assert.equal(cluster.node('S1').disk.state.entries, []);
});

it('7: an older snapshot than what is committed is not installed', () => {
  const cluster = new Cluster(THREE, { disks: { S1: diskWith([1, 1, 1, 1, 2, 2, 2]) } });
  cluster.answer(appendEntries({ term: 2, prevLogIndex: 7, prevLogTerm: 2, leaderCommit: 7 }));
  cluster.answer(installSnapshot(snapshot, { term: 2 }));
  const { commit, applied, firstIndex } = cluster.machine('S1').status();
  assert.equal({ commit, applied, firstIndex }, { commit: 7, applied: 7, firstIndex: 1 });
  assert.equal(cluster.node('S1').restored, []);
});

it('6, 7: a server uses the configuration of the snapshot that it installs, and the log says so when it is another', () => {
  const cluster = new Cluster(['S1', 'S2'], { disks: { S1: diskWith([], { term: 2 }) } });
  cluster.answer(installSnapshot(snapshot, { term: 2 }));
  const { op, index, voters } = cluster.events.find((event) => event.op === 'ConfigChange') ?? {};
  assert.equal({ op, index, voters }, { op: 'ConfigChange', index: 5, voters: THREE });
  const same = new Cluster(THREE, { disks: { S1: diskWith([], { term: 2 }) } });
  same.answer(installSnapshot(snapshot, { term: 2 }));
  assert.is(same.events.filter((event) => event.op === 'ConfigChange').length, 0);
});

it('figure 13, rule 1: a snapshot from an older term is refused', () => {
  const cluster = new Cluster(THREE, { disks: { S1: diskWith([], { term: 3 }) } });
  const [reply] = cluster.answer(installSnapshot(snapshot, { term: 2 }));
  assert.equal(reply, { ...reply, success: false, term: 3 });
  assert.is(cluster.machine('S1').status().lastLogIndex, 0);
});

it('figure 13: chunks of two leaders are never put together', () => {
  const cluster = new Cluster(THREE, { disks: { S1: diskWith([], { term: 2 }) } });
  cluster.answer(installSnapshot(snapshot, { term: 2, chunk: new Uint8Array([1, 2]), done: false }));
  const [reply] = cluster.answer(installSnapshot(snapshot, { term: 3, from: 'S3', offset: 2, chunk: new Uint8Array([9, 9, 9]) }));
  assert.equal(reply, { ...reply, success: false, offset: 0 });
  assert.is(cluster.machine('S1').status().lastLogIndex, 0);
});

it('7: old entries that a snapshot covers are taken for held, and those after it are appended', () => {
  const cluster = new Cluster(THREE, { disks: { S1: diskWith([], { term: 2, snapshot }) } });
  const [reply] = cluster.answer(appendEntries({ term: 2, prevLogIndex: 3, prevLogTerm: 1, entries: entriesOf(4, 1, 2, 2) }));
  assert.equal(reply, { ...reply, success: true, match: 6 });
  const { firstIndex, lastLogIndex } = cluster.machine('S1').status();
  assert.equal({ firstIndex, lastLogIndex }, { firstIndex: 6, lastLogIndex: 6 });
});

it('7: after a restart the service starts from the snapshot, and the log goes on after it', () => {
  const disks = { S1: { term: 2, vote: null, snapshot, entries: entriesOf(6, 2) } };
  const cluster = new Cluster(THREE, { disks });
  assert.equal(cluster.node('S1').restored, [snapshot]);
  cluster.answer(appendEntries({ term: 2, prevLogIndex: 6, prevLogTerm: 2, leaderCommit: 6 }));
  assert.equal(cluster.commands('S1'), ['6/2']);
});

it('7: a snapshot of what is not applied is refused, and one that is older than the last is passed over', () => {
  const cluster = leaderAhead(3);
  const machine = cluster.machine('S1');
  throws(() => machine.snapshotTaken(4, bytes(''), cluster.nowMs), { code: 'SNAPSHOT_NOT_APPLIED' });
  throws(() => machine.snapshotTaken(4, bytes(''), cluster.nowMs), ContractError);
  machine.snapshotTaken(3, bytes('3'), cluster.nowMs);
  machine.snapshotTaken(2, bytes('2'), cluster.nowMs);
  assert.is(machine.status().snapshotIndex, 3);
});

it('trailing entries bring a follower up to date that lags a little, without a snapshot', () => {
  const cluster = new Cluster(THREE, { config: { trailingEntriesMax: 2 } });
  cluster.elect('S1');
  cluster.propose('S1', 'a', 'b', 'c');
  cluster.settle();
  cluster.cut.add('S3');
  cluster.propose('S1', 'd', 'e');
  cluster.settle();
  cluster.machine('S1').snapshotTaken(5, bytes('5'), cluster.nowMs);
  assert.is(cluster.machine('S1').status().firstIndex, 4);
  cluster.cut.delete('S3');
  cluster.heartbeat('S1');
  cluster.heartbeat('S1');
  assert.equal(cluster.commands('S3'), ['a', 'b', 'c', 'd', 'e']);
  assert.is(cluster.events.filter(({ op }) => op === 'InstallSnapshot').length, 0);
});

it('a leader goes on with entries once the follower acknowledges what the log starts with', () => {
  const cluster = leaderAhead(5);
  cluster.machine('S1').snapshotTaken(5, bytes('state at 5'), cluster.nowMs);
  cluster.cut.delete('S3');
  cluster.answer(appendReply({ from: 'S3', success: false, conflictIndex: 1, re: 5000 }));
  cluster.answer(appendReply({ from: 'S3', match: 5 }));
  const after = cluster.events.filter(({ op, peer }) => op === 'Progress' && peer === 'S3').at(-1);
  assert.equal({ state: after?.state, next: after?.next }, { state: 'replicate', next: 6 });
});
