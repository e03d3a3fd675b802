import { assert, suite, throws } from '@raftlens/testing';
import { forceConfiguration, forcedConfigurationEvent } from '../src/entry-points/recovery.ts';
import { Cluster } from './cluster.ts';
import { diskWith } from './messages.ts';

const it = suite('recovery of a lost quorum by hand');
const FIVE = ['S1', 'S2', 'S3', 'S4', 'S5'];

/** Of five servers S3, S4 and S5 are lost; S1 holds one entry more than S2. */
function survivors(): Cluster {
  const forced = forceConfiguration('S1', diskWith([1, 1, 2], { term: 2 }), { voters: ['S1', 'S2'], learners: [] });
  const cluster = new Cluster(FIVE, { disks: { S1: forced.durable, S2: diskWith([1, 1], { term: 2 }) } });
  for (const id of ['S3', 'S4', 'S5']) {
    cluster.cut.add(id);
  }
  return cluster;
}

it('without it two of five can do nothing', () => {
  const cluster = new Cluster(FIVE, { disks: { S1: diskWith([1, 1, 2]), S2: diskWith([1, 1], { term: 2 }) } });
  for (const id of ['S3', 'S4', 'S5']) {
    cluster.cut.add(id);
  }
  cluster.elect('S1');
  assert.is(cluster.machine('S1').status().role, 'candidate');
});

it('the survivor with the newest log leads, commits, and the other follows its configuration', () => {
  const cluster = survivors();
  cluster.elect('S1');
  assert.is(cluster.machine('S1').status().role, 'leader');
  cluster.propose('S1', 'x');
  cluster.settle();
  cluster.heartbeat('S1');
  assert.equal(cluster.commands('S2').slice(-1), ['x']);
  assert.equal(cluster.machine('S2').status().configuration.voters, ['S1', 'S2']);
});

it('afterwards new servers join as always', () => {
  const cluster = survivors();
  cluster.elect('S1');
  cluster.propose('S1', 'x');
  cluster.settle();
  assert.ok(cluster.machine('S1').changeConfiguration({ voters: ['S1', 'S2'], learners: ['S6'] }, cluster.nowMs) !== null);
});

it('writes one entry of a new term after all that is there, be it a snapshot alone, and forgets the vote', () => {
  const snapshot = {
    index: 7,
    term: 3,
    configuration: { voters: FIVE, outgoing: [], learners: [], learnersNext: [] },
    data: new Uint8Array(1),
  };
  const { write, durable } = forceConfiguration('S1', { term: 4, vote: 'S2', snapshot, entries: [] }, { voters: ['S1'], learners: ['S9'] });
  assert.equal([write.hardState, write.truncateFrom, write.snapshot], [{ term: 5, vote: null }, 0, null]);
  assert.equal(
    write.entries.map(({ index, term, kind }) => [index, term, kind]),
    [[8, 5, 'config']],
  );
  assert.is(durable.snapshot, snapshot);
  const alone = new Cluster(['S1'], { disks: { S1: durable }, strangers: ['S2', 'S3', 'S4', 'S5', 'S9'] });
  alone.elect('S1');
  assert.is(alone.machine('S1').status().role, 'leader');
});

it('refuses members that no cluster can have, and a configuration without the server that is to lead', () => {
  const force = (voters: readonly string[]): unknown => forceConfiguration('S1', diskWith([1]), { voters, learners: [] });
  for (const voters of [[], ['S2'], ['S1', 'S1']]) {
    throws(() => force(voters), { code: 'BAD_CONFIGURATION' });
  }
});

it('tells of itself by a line that the checker knows', () => {
  const { op, kind, target, detail } = forcedConfigurationEvent('S1', { voters: ['S1', 'S2'], learners: [] }, 3);
  assert.equal([op, kind, target, detail], ['Fault', 'forced-configuration', 'S1', 'its members are now S1, S2, by hand']);
});
