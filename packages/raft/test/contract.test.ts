import { assert, suite, throws } from '@raftlens/testing';
import type { PersistEffect, SendEffect } from '../src/entry-points/state-machine.ts';
import { ConfigError } from '../src/entry-points/timers.ts';
import { ContractError, configurationOf, createEntry, type Effect, labConfig, StateMachine } from '../src/index.ts';
import { Cluster } from './cluster.ts';
import { appendEntries, appendReply, diskWith, entriesOf, requestVote } from './messages.ts';

const it = suite('the contract of ordered effects');
const THREE = ['S1', 'S2', 'S3'];

function persistsOf(effects: readonly Effect[]): readonly PersistEffect[] {
  return effects.filter((effect) => effect.kind === 'persist');
}

function sendsOf(effects: readonly Effect[]): readonly SendEffect[] {
  return effects.filter((effect) => effect.kind === 'send');
}

function only<Item>(items: readonly Item[]): Item {
  const [item] = items;
  assert.is(items.length, 1);
  if (item === undefined) {
    throw new RangeError('there is one');
  }
  return item;
}

it('gives effects in the order persist, send, apply', () => {
  const cluster = new Cluster(['S1']);
  const machine = cluster.machine('S1');
  machine.tick(machine.deadlineMs);
  machine.takeEffects();
  machine.persisted(1, 1000);
  machine.propose(['a'], 1000);
  const kinds = machine.takeEffects().map(({ kind }) => kind);
  assert.equal(kinds, ['persist']);
  machine.persisted(2, 1000);
  assert.equal(
    machine.takeEffects().map(({ kind }) => kind),
    ['apply'],
  );
});

it('has a vote durable before the reply that tells of it', () => {
  const machine = new Cluster(THREE).machine('S1');
  machine.receive(requestVote(), 0);
  const effects = machine.takeEffects();
  const persist = only(persistsOf(effects));
  assert.equal(persist.hardState, { term: 1, vote: 'S2' });
  const send = only(sendsOf(effects));
  assert.is(send.after, persist.id);
  throws(() => machine.sending(send), { code: 'SENT_BEFORE_PERSIST' });
  machine.persisted(persist.id, 0);
  machine.sending(send);
});

it('has its own vote and term durable before it asks for votes', () => {
  const machine = new Cluster(THREE).machine('S1');
  machine.tick(machine.deadlineMs);
  for (const send of sendsOf(machine.takeEffects())) {
    throws(() => machine.sending(send), ContractError);
  }
});

it('has entries durable before it acknowledges them', () => {
  const machine = new Cluster(THREE).machine('S1');
  machine.receive(appendEntries({ entries: entriesOf(1, 1) }), 0);
  const send = only(sendsOf(machine.takeEffects()));
  throws(() => machine.sending(send), { code: 'SENT_BEFORE_PERSIST' });
});

it('has an empty acknowledgement wait too, as long as the entries that it tells of are not durable', () => {
  const machine = new Cluster(THREE).machine('S1');
  machine.receive(appendEntries({ entries: entriesOf(1, 1) }), 0);
  const persist = only(persistsOf(machine.takeEffects()));
  machine.receive(appendEntries({ prevLogIndex: 1, prevLogTerm: 1 }), 0);
  assert.is(only(sendsOf(machine.takeEffects())).after, persist.id);
  machine.persisted(persist.id, 0);
  machine.receive(appendEntries({ prevLogIndex: 1, prevLogTerm: 1 }), 0);
  assert.is(only(sendsOf(machine.takeEffects())).after, 0);
});

it('has a server that votes alone lead only once its vote is durable', () => {
  const cluster = new Cluster(['S1'], { learners: ['S2'] });
  const machine = cluster.machine('S1');
  machine.tick(machine.deadlineMs);
  const persist = only(machine.takeEffects());
  assert.is(machine.status().role, 'candidate');
  machine.persisted(persist.kind === 'persist' ? persist.id : 0, 1000);
  assert.is(machine.status().role, 'leader');
  assert.is(only(sendsOf(machine.takeEffects())).after, 0);
});

it('writes what a waiting message tells of before it writes what undoes it', () => {
  const machine = new Cluster(THREE).machine('S1');
  machine.receive(appendEntries({ entries: entriesOf(1, 1, 1) }), 0);
  machine.receive(appendEntries({ term: 2, from: 'S3', entries: entriesOf(1, 2) }), 0);
  const effects = machine.takeEffects();
  assert.equal(
    effects.map((effect) => (effect.kind === 'send' && effect.message.kind === 'AppendEntriesReply' ? effect.message.match : effect.kind)),
    ['persist', 2, 'persist', 1],
  );
  const [first, second] = persistsOf(effects);
  assert.equal([first?.entries.length, first?.truncateFrom, first?.hardState], [2, 0, { term: 1, vote: null }]);
  assert.equal([second?.entries.length, second?.truncateFrom, second?.hardState], [1, 1, { term: 2, vote: null }]);
});

it('takes a write that finished late for no proof of the entries that stand in its place now', () => {
  const cluster = new Cluster(THREE);
  cluster.elect('S1');
  const machine = cluster.machine('S1');
  machine.propose(['old'], cluster.nowMs);
  const old = only(persistsOf(machine.takeEffects()));
  machine.receive(appendEntries({ term: 2, entries: entriesOf(1, 2) }), cluster.nowMs);
  const replacing = only(persistsOf(machine.takeEffects()));
  machine.persisted(old.id, cluster.nowMs);
  assert.is(machine.status().durable, 0);
  machine.persisted(replacing.id, cluster.nowMs);
  assert.is(machine.status().durable, 1);
});

it('counts the leader’s own copy only when that very entry is durable', () => {
  const cluster = new Cluster(THREE);
  cluster.elect('S1');
  const machine = cluster.machine('S1');
  machine.propose(['a'], cluster.nowMs);
  const first = only(persistsOf(machine.takeEffects()));
  machine.propose(['b'], cluster.nowMs);
  const second = only(persistsOf(machine.takeEffects()));
  machine.receive(appendReply({ match: 2 }), cluster.nowMs);
  machine.persisted(first.id, cluster.nowMs);
  assert.is(machine.status().commit, 1);
  machine.persisted(second.id, cluster.nowMs);
  assert.is(machine.status().commit, 2);
});

it('applies no entry that its own disk may still lose', () => {
  const machine = new Cluster(THREE).machine('S1');
  machine.receive(appendEntries({ entries: entriesOf(1, 1), leaderCommit: 1 }), 0);
  const effects = machine.takeEffects();
  assert.is(machine.status().commit, 1);
  assert.is(effects.filter(({ kind }) => kind === 'apply').length, 0);
});

it('refuses the acknowledgement of a write that was never asked for, or was acknowledged already', () => {
  const machine = new Cluster(THREE).machine('S1');
  machine.receive(requestVote(), 0);
  throws(() => machine.persisted(1, 0), { code: 'UNKNOWN_PERSIST' });
  machine.takeEffects();
  throws(() => machine.persisted(2, 0), { code: 'UNKNOWN_PERSIST' });
  machine.persisted(1, 0);
  const error = throws(() => machine.persisted(1, 0), ContractError);
  assert.is(error.message, 'S1: persisted(1), but the writes that may be acknowledged now are 2 to 1: acknowledge each write once');
});

it('takes the acknowledgement of a later write for that of the earlier ones too', () => {
  const machine = new Cluster(THREE).machine('S1');
  machine.receive(appendEntries({ entries: entriesOf(1, 1) }), 0);
  const first = sendsOf(machine.takeEffects());
  machine.receive(appendEntries({ prevLogIndex: 1, prevLogTerm: 1, entries: entriesOf(2, 1) }), 0);
  const second = sendsOf(machine.takeEffects());
  machine.persisted(2, 0);
  for (const send of [...first, ...second]) {
    machine.sending(send);
  }
  assert.is(machine.status().durable, 2);
});

it('refuses entries applied out of order, twice, or before they were handed over', () => {
  const machine = new Cluster(THREE, { disks: { S1: diskWith([1, 1, 1]) } }).machine('S1');
  machine.receive(appendEntries({ prevLogIndex: 3, prevLogTerm: 1, leaderCommit: 2 }), 0);
  throws(() => machine.applied(1, 0), { code: 'APPLY_OUT_OF_ORDER' });
  machine.takeEffects();
  throws(() => machine.applied(3, 0), { code: 'APPLY_OUT_OF_ORDER' });
  machine.applied(1, 0);
  throws(() => machine.applied(1, 0), { code: 'APPLY_OUT_OF_ORDER' });
  machine.applied(2, 0);
});

it('refuses a clock that goes back, and a message that is for another', () => {
  const machine = new Cluster(THREE).machine('S1');
  machine.tick(10);
  throws(() => machine.tick(9), { code: 'TIME_WENT_BACK' });
  throws(() => machine.tick(Number.NaN), { code: 'TIME_WENT_BACK' });
  throws(() => machine.receive(requestVote({ to: 'S2' }), 10), { code: 'WRONG_RECEIVER' });
});

it('refuses a disk with a gap in the log, with terms that fall, or with entries from the future', () => {
  const start = (...entries: readonly (readonly [number, number])[]): unknown =>
    new Cluster(THREE, {
      disks: { S1: diskWith([], { term: 3, entries: entries.map(([index, term]) => createEntry(index, term, 'command', '')) }) },
    });
  start([1, 1], [2, 3]);
  throws(() => start([2, 1]), { code: 'BAD_DURABLE_STATE' });
  throws(() => start([1, 2], [2, 1]), { code: 'BAD_DURABLE_STATE' });
  throws(() => start([1, 4]), { code: 'BAD_DURABLE_STATE' });
});

it('refuses a configuration of values that make no sense', () => {
  throws(() => new Cluster(THREE, { config: { heartbeatIntervalMs: 0 } }), ConfigError);
});

it('has nothing to do when nothing happened, and does nothing when it is called too early', () => {
  const machine = new Cluster(THREE).machine('S1');
  machine.tick(machine.deadlineMs - 1);
  assert.equal(machine.takeEffects(), []);
});

it('a write that was under way proves nothing of an entry that was cut and came back', () => {
  let id = 0;
  const config = { configuration: configurationOf(['S1', 'S2', 'S3']), config: labConfig, random: () => 0.5, nextMessageId: () => ++id };
  const machine = new StateMachine({ ...config, id: 'S1', boot: 1, durable: diskWith([1, 1, 1, 1]) }, 0);
  const append = (from: string, term: number, entryTerm: number): readonly Effect[] => {
    machine.receive(appendEntries({ from, term, prevLogIndex: 4, prevLogTerm: 1, entries: entriesOf(5, entryTerm) }), 0);
    return machine.takeEffects();
  };
  const first = only(persistsOf(append('S2', 2, 2)));
  append('S3', 3, 3);
  machine.receive(requestVote({ term: 4, lastLogIndex: 5, lastLogTerm: 2 }), 0);
  machine.takeEffects();
  const last = only(persistsOf(append('S2', 4, 2)));
  // The disk is done with the first write alone: a crash may still leave the entry of term 3 on it.
  machine.persisted(first.id, 0);
  assert.is(machine.status().durable, 4);
  machine.persisted(last.id, 0);
  assert.is(machine.status().durable, 5);
});
