import { assert, suite, throws } from '@raftlens/testing';
import { ConfigError } from '../../src/entry-points/timers.ts';
import { createEntry } from '../../src/index.ts';
import { Cluster } from '../cluster.ts';
import { appendEntries, appendReply, diskWith, installSnapshot } from '../messages.ts';

const it = suite('options of the state machine');
const THREE = ['S1', 'S2', 'S3'];

it('tells a commit at once where tellCommits is on: followers apply without a heartbeat, for eight messages a command', () => {
  const cluster = new Cluster(THREE, { config: { tellCommits: true } });
  cluster.elect('S1');
  const before = cluster.events.filter(({ dir }) => dir === 'send').length;
  for (let i = 0; i < 10; i++) {
    cluster.propose('S1', `${i}`);
    cluster.settle();
    assert.equal(
      THREE.map((id) => cluster.commands(id).length),
      [i + 1, i + 1, i + 1],
    );
  }
  assert.is(cluster.events.filter(({ dir }) => dir === 'send').length - before, 80);
});

it('tells a commit by the entries that go out anyway', () => {
  const cluster = new Cluster(THREE, { config: { tellCommits: true } });
  cluster.elect('S1');
  cluster.propose('S1', 'a');
  cluster.take();
  cluster.machine('S1').receive(appendReply({ match: 1 }), cluster.nowMs);
  cluster.machine('S1').receive(appendReply({ from: 'S3', match: 1 }), cluster.nowMs);
  cluster.machine('S1').propose(['b'], cluster.nowMs);
  cluster.perform('S1');
  const sent = cluster
    .take()
    .flatMap((message) => (message.kind === 'AppendEntries' ? [[message.entries.length, message.leaderCommit]] : []));
  assert.equal(sent, [
    [1, 1],
    [1, 1],
  ]);
});

it('tells nobody of a commit twice, and not one who has yet to acknowledge', () => {
  const cluster = new Cluster(THREE, { config: { tellCommits: true } });
  cluster.elect('S1');
  cluster.propose('S1', 'a');
  cluster.take();
  assert.equal(
    cluster.answer(appendReply({ match: 1 })).map(({ to }) => to),
    ['S2'],
  );
  assert.equal(cluster.answer(appendReply({ match: 1 })), []);
  assert.equal(
    cluster.answer(appendReply({ from: 'S3', match: 1 })).map(({ to }) => to),
    ['S3'],
  );
});

it('hands the service no more bytes than maxApplyBytes until it has applied them', () => {
  const config = { maxApplyBytes: 2 * createEntry(1, 1, 'command', '1/1').size };
  const cluster = new Cluster(THREE, { disks: { S1: diskWith([1, 1, 1, 1, 1]) }, config });
  const machine = cluster.machine('S1');
  machine.receive(appendEntries({ prevLogIndex: 5, prevLogTerm: 1, leaderCommit: 5 }), 0);
  const page = (): readonly number[] =>
    machine
      .takeEffects()
      .flatMap((effect) => (effect.kind === 'apply' ? effect.entries : []))
      .map(({ index }) => index);
  assert.equal(page(), [1, 2]);
  assert.equal(page(), []);
  machine.applied(1, 0);
  assert.equal(page(), [3]);
  machine.applied(3, 0);
  assert.equal(page(), [4, 5]);
  machine.applied(5, 0);
  assert.equal(page(), []);
});

it('hands over an entry that is larger than the bound by itself', () => {
  const cluster = new Cluster(THREE, { disks: { S1: diskWith([1, 1, 1]) }, config: { maxApplyBytes: 1 } });
  cluster.answer(appendEntries({ prevLogIndex: 3, prevLogTerm: 1, leaderCommit: 3 }));
  assert.equal(cluster.commands('S1'), ['1/1', '2/1', '3/1']);
});

it('begins a new page after a snapshot that replaces what was handed over', () => {
  const cluster = new Cluster(THREE, { disks: { S1: diskWith([1, 1]) }, config: { maxApplyBytes: 30 } });
  const machine = cluster.machine('S1');
  machine.receive(appendEntries({ prevLogIndex: 2, prevLogTerm: 1, leaderCommit: 2 }), 0);
  machine.takeEffects();
  const { configuration } = machine.status();
  machine.receive(installSnapshot({ index: 8, term: 1, configuration, data: new Uint8Array(4) }), 0);
  machine.receive(appendEntries({ prevLogIndex: 8, prevLogTerm: 1, leaderCommit: 9, entries: [createEntry(9, 1, 'command', 'x')] }), 0);
  machine.takeEffects();
  machine.persisted(1, 0);
  assert.equal(
    machine.takeEffects().map(({ kind }) => kind),
    ['restore', 'apply'],
  );
  machine.applied(1, 0);
  machine.applied(8, 0);
  machine.applied(9, 0);
});

it('refuses a bound of no bytes', () => {
  throws(() => new Cluster(THREE, { config: { maxApplyBytes: 0 } }), ConfigError);
});
