import { assert, suite } from '@raftlens/testing';
import { type Message, StateMachine } from '../../src/index.ts';
import { Cluster } from '../cluster.ts';
import { appendEntries, appendReply, diskWith, entriesOf } from '../messages.ts';

const it = suite('log replication (5.3)');
const THREE = ['S1', 'S2', 'S3'];

function termsOf(cluster: Cluster, id: string): readonly number[] {
  return cluster.node(id).disk.state.entries.map(({ term }) => term);
}

function appends(messages: readonly Message[]): readonly string[] {
  return messages.flatMap((message) =>
    message.kind === 'AppendEntries'
      ? [`${message.to} prev=${message.prevLogIndex}/${message.prevLogTerm} n=${message.entries.length} commit=${message.leaderCommit}`]
      : [],
  );
}

it('5.3: the leader appends a command to its log and sends it to all others in parallel', () => {
  const cluster = new Cluster(THREE);
  cluster.elect('S1');
  cluster.propose('S1', 'a');
  assert.equal(termsOf(cluster, 'S1'), [1]);
  assert.equal(appends(cluster.take()), ['S2 prev=0/0 n=1 commit=0', 'S3 prev=0/0 n=1 commit=0']);
});

it('5.3: a server that is no leader takes no command', () => {
  const cluster = new Cluster(THREE);
  cluster.elect('S1');
  assert.is(cluster.propose('S2', 'a'), null);
});

it('5.3: an entry is committed, and applied in order, once a majority holds it', () => {
  const cluster = new Cluster(['S1', 'S2', 'S3', 'S4', 'S5']);
  cluster.elect('S1');
  cluster.propose('S1', 'a', 'b');
  cluster.take();
  cluster.answer(appendReply({ from: 'S2', match: 2 }));
  assert.is(cluster.machine('S1').status().commit, 0);
  cluster.answer(appendReply({ from: 'S3', match: 1 }));
  assert.equal(cluster.commands('S1'), ['a']);
  cluster.answer(appendReply({ from: 'S4', match: 2 }));
  assert.equal(cluster.commands('S1'), ['a', 'b']);
});

it('5.3: the leader tells its commit index with every message, and followers apply up to it', () => {
  const cluster = new Cluster(THREE, { disks: { S1: diskWith([1, 1, 1]) } });
  cluster.answer(appendEntries({ prevLogIndex: 3, prevLogTerm: 1, leaderCommit: 2 }));
  assert.equal(cluster.commands('S1'), ['1/1', '2/1']);
});

it('5.3: a follower commits no further than the last entry that it has seen to match', () => {
  const cluster = new Cluster(THREE, { disks: { S1: diskWith([1, 1, 1]) } });
  cluster.answer(appendEntries({ prevLogIndex: 1, prevLogTerm: 1, leaderCommit: 3 }));
  assert.is(cluster.machine('S1').status().commit, 1);
});

it('5.3: the commit index of a follower never falls', () => {
  const cluster = new Cluster(THREE, { disks: { S1: diskWith([1, 1, 1]) } });
  cluster.answer(appendEntries({ prevLogIndex: 3, prevLogTerm: 1, leaderCommit: 3 }));
  cluster.answer(appendEntries({ prevLogIndex: 3, prevLogTerm: 1, leaderCommit: 1 }));
  assert.is(cluster.machine('S1').status().commit, 3);
});

it('5.3: the leader asks a follower that does not answer again and again, for ever', () => {
  const cluster = new Cluster(THREE);
  cluster.elect('S1');
  cluster.propose('S1', 'a');
  cluster.cut.add('S3');
  cluster.settle();
  for (let round = 0; round < 50; round++) {
    cluster.heartbeat('S1');
  }
  cluster.cut.delete('S3');
  cluster.heartbeat('S1');
  cluster.heartbeat('S1');
  assert.equal(cluster.commands('S3'), ['a']);
});

it('5.3: a follower refuses entries when the one before them is not in its log', () => {
  const cluster = new Cluster(THREE, { disks: { S1: diskWith([1, 1]) } });
  const [missing] = cluster.answer(appendEntries({ prevLogIndex: 3, prevLogTerm: 1, entries: entriesOf(4, 1) }));
  assert.equal(missing, { ...missing, success: false, conflictIndex: 3, conflictTerm: 0 });
  const [other] = cluster.answer(appendEntries({ term: 2, prevLogIndex: 2, prevLogTerm: 2, entries: entriesOf(3, 2) }));
  assert.equal(other, { ...other, success: false, conflictIndex: 1, conflictTerm: 1 });
  assert.equal(termsOf(cluster, 'S1'), [1, 1]);
});

it('5.3: a conflicting entry and all that follow it are deleted, and the leader’s put in their place', () => {
  const cluster = new Cluster(THREE, { disks: { S1: diskWith([1, 1, 2, 2]) } });
  cluster.answer(appendEntries({ term: 3, prevLogIndex: 2, prevLogTerm: 1, entries: entriesOf(3, 3) }));
  assert.equal(termsOf(cluster, 'S1'), [1, 1, 3]);
});

it('5.3: a late message that holds nothing new deletes nothing', () => {
  const cluster = new Cluster(THREE, { disks: { S1: diskWith([1, 1, 1, 1]) } });
  cluster.answer(appendEntries({ prevLogIndex: 1, prevLogTerm: 1, entries: entriesOf(2, 1) }));
  cluster.answer(appendEntries({ prevLogIndex: 1, prevLogTerm: 1 }));
  assert.equal(termsOf(cluster, 'S1'), [1, 1, 1, 1]);
});

/** The leader of term 8 in figure 7, and what may stand in the logs of six followers. */
const FIGURE_7_LEADER = [1, 1, 1, 4, 4, 5, 5, 6, 6, 6];
const FIGURE_7: Readonly<Record<string, readonly number[]>> = {
  a: [1, 1, 1, 4, 4, 5, 5, 6, 6],
  b: [1, 1, 1, 4],
  c: [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6],
  d: [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7],
  e: [1, 1, 1, 4, 4, 4, 4],
  f: [1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3],
};

for (const [name, terms] of Object.entries(FIGURE_7)) {
  it(`5.3: the leader of figure 7 makes the log of follower (${name}) equal to its own, in few steps`, () => {
    const disks = {
      S1: diskWith(FIGURE_7_LEADER, { term: 7 }),
      S2: diskWith(terms, { term: 7 }),
      S3: diskWith(FIGURE_7_LEADER, { term: 7 }),
    };
    const cluster = new Cluster(THREE, { disks });
    cluster.elect('S1');
    assert.is(cluster.machine('S1').status().role, 'leader');
    cluster.propose('S1', 'x');
    cluster.settle();
    cluster.heartbeat('S1');
    assert.equal(termsOf(cluster, 'S2'), [...FIGURE_7_LEADER, 8]);
    assert.is(cluster.machine('S2').status().commit, 11);
    const refusals = cluster.events.filter(({ op, dir, success }) => op === 'AppendEntriesReply' && dir === 'recv' && success === false);
    assert.ok(refusals.length <= 3, `${refusals.length} refusals`);
  });
}

for (const [name, terms] of Object.entries(FIGURE_7)) {
  it(`5.3: with hints both ways the leader of figure 7 asks follower (${name}) one time too many at most`, () => {
    const disks = {
      S1: diskWith(FIGURE_7_LEADER, { term: 7 }),
      S2: diskWith(terms, { term: 7 }),
      S3: diskWith(FIGURE_7_LEADER, { term: 7 }),
    };
    const cluster = new Cluster(THREE, { disks, config: { hintsBothWays: true } });
    cluster.elect('S1');
    cluster.propose('S1', 'x');
    cluster.settle();
    assert.equal(termsOf(cluster, 'S2'), [...FIGURE_7_LEADER, 8]);
    const refusals = cluster.events.filter(({ op, dir, success }) => op === 'AppendEntriesReply' && dir === 'recv' && success === false);
    assert.ok(refusals.length <= 1, `${refusals.length} refusals`);
  });
}

it('5.3: a refused leader passes over all entries of the conflicting term at once', () => {
  const long = Array.from({ length: 50 }, () => 2);
  const disks = { S1: diskWith([1, 3], { term: 3 }), S2: diskWith([1, ...long], { term: 3 }) };
  const cluster = new Cluster(THREE, { disks });
  cluster.elect('S1');
  cluster.propose('S1', 'x');
  cluster.settle();
  cluster.heartbeat('S1');
  assert.equal(termsOf(cluster, 'S2'), [1, 3, 4]);
  const sent = cluster.events.filter(({ op, dir, dst }) => op === 'AppendEntries' && dir === 'send' && dst === 'S2');
  assert.ok(sent.length <= 5, `${sent.length} messages`);
});

it('5.3: one slow follower does not hold up a command', () => {
  const cluster = new Cluster(THREE);
  cluster.elect('S1');
  cluster.cut.add('S3');
  cluster.propose('S1', 'a');
  cluster.settle();
  assert.equal(cluster.commands('S1'), ['a']);
});

it('10.2.1 (thesis): the leader sends entries before its own disk holds them, and counts its own copy only then', () => {
  const cluster = new Cluster(THREE);
  cluster.elect('S1');
  const machine: StateMachine = cluster.machine('S1');
  machine.propose(['a'], cluster.nowMs);
  const effects = machine.takeEffects();
  const persist = effects.find((effect) => effect.kind === 'persist');
  for (const effect of effects) {
    if (effect.kind === 'send') {
      machine.sending(effect);
    }
  }
  machine.receive(appendReply({ from: 'S2', match: 1 }), cluster.nowMs);
  assert.is(machine.status().commit, 0);
  machine.persisted(persist?.id ?? 0, cluster.nowMs);
  assert.is(machine.status().commit, 1);
});
