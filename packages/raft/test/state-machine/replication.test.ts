import { assert, suite } from '@raftlens/testing';
import { Cluster } from '../cluster.ts';

const it = suite('log replication');

it('commits a command once a majority holds it, and followers apply it with the next message (5.3)', () => {
  const cluster = new Cluster(['S1', 'S2', 'S3']);
  cluster.elect('S1');
  assert.equal(cluster.propose('S1', 'a'), { index: 1, term: 1 });
  cluster.settle();
  assert.equal(cluster.commands('S1'), ['a']);
  cluster.propose('S1', 'b');
  cluster.settle();
  cluster.heartbeat('S1');
  for (const id of ['S1', 'S2', 'S3']) {
    assert.equal(cluster.commands(id), ['a', 'b']);
  }
});

it('needs four messages for a command where one is outstanding', () => {
  const cluster = new Cluster(['S1', 'S2', 'S3']);
  cluster.elect('S1');
  const before = cluster.events.filter(({ dir }) => dir === 'send').length;
  for (let i = 0; i < 10; i++) {
    cluster.propose('S1', `${i}`);
    cluster.settle();
  }
  assert.is(cluster.events.filter(({ dir }) => dir === 'send').length - before, 40);
});

it('brings a follower up to date that was away', () => {
  const cluster = new Cluster(['S1', 'S2', 'S3']);
  cluster.elect('S1');
  cluster.cut.add('S3');
  cluster.propose('S1', 'a', 'b', 'c');
  cluster.settle();
  cluster.cut.delete('S3');
  cluster.heartbeat('S1');
  cluster.heartbeat('S1');
  assert.equal(cluster.commands('S3'), ['a', 'b', 'c']);
});
