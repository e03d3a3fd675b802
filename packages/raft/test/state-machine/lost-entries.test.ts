import { assert, suite } from '@raftlens/testing';
import fc from 'fast-check';
import type { Notice } from '../../src/entry-points/state-machine.ts';
import { labConfig, type Message } from '../../src/index.ts';
import { Cluster } from '../cluster.ts';
import { appendReply, requestVote } from '../messages.ts';

const it = suite('a peer that loses what it acknowledged');
const THREE = ['S1', 'S2', 'S3'];

/** S1 leads and all hold three entries; then the disk of S3 is wiped and S3 starts again. */
function wiped(allowLogReversion = false): Cluster {
  const cluster = new Cluster(THREE, { config: { allowLogReversion } });
  cluster.elect('S1');
  cluster.propose('S1', 'a', 'b', 'c');
  cluster.settle();
  cluster.heartbeat('S1');
  const { state } = cluster.node('S3').disk;
  cluster.node('S3').disk.state = { ...state, entries: [] };
  cluster.restart('S3');
  return cluster;
}

function noticesOf(cluster: Cluster): readonly Notice[] {
  return cluster.node('S1').notices;
}

function sentTo(cluster: Cluster, to: string): number {
  return cluster.events.filter(({ dir, dst }) => dir === 'send' && dst === to).length;
}

it('is told of loudly, once, and gets heartbeats alone, while the others go on', () => {
  const cluster = wiped();
  cluster.heartbeat('S1');
  const before = sentTo(cluster, 'S3');
  cluster.propose('S1', 'd');
  cluster.settle();
  for (let beat = 0; beat < 10; beat++) {
    cluster.heartbeat('S1');
  }
  assert.equal(noticesOf(cluster), [{ kind: 'lost-entries', peer: 'S3', acknowledged: 3, missing: 3 }]);
  assert.is(sentTo(cluster, 'S3') - before, 10);
  assert.equal(cluster.commands('S2'), ['a', 'b', 'c', 'd']);
  assert.is(cluster.machine('S3').status().lastLogIndex, 0);
});

it('does not count for a majority any more', () => {
  const cluster = wiped();
  cluster.heartbeat('S1');
  cluster.cut.add('S2');
  cluster.propose('S1', 'd');
  cluster.settle();
  cluster.heartbeat('S1');
  assert.is(cluster.machine('S1').status().commit, 3);
});

it('is fed again where the user has asked for that in spite of its danger, and is still told of', () => {
  const cluster = wiped(true);
  for (let beat = 0; beat < 3; beat++) {
    cluster.heartbeat('S1');
  }
  assert.equal(cluster.commands('S3'), ['a', 'b', 'c']);
  assert.is(noticesOf(cluster).length, 1);
});

it('is not accused for a refusal that its acknowledgement has overtaken', () => {
  const cluster = new Cluster(THREE);
  cluster.elect('S1');
  cluster.propose('S1', 'a');
  const { id } = cluster.take().find(({ kind, to }) => kind === 'AppendEntries' && to === 'S3') ?? { id: 0 };
  cluster.answer(appendReply({ from: 'S3', re: id, match: 1 }));
  cluster.answer(appendReply({ from: 'S3', re: id, success: false, prevLogIndex: 1, conflictIndex: 1 }));
  assert.equal(noticesOf(cluster), []);
});

const replies = fc.record({
  success: fc.boolean(),
  match: fc.nat(40),
  conflictIndex: fc.nat(40),
  conflictTerm: fc.nat(3),
  offset: fc.nat(40),
});

it('never makes the leader send without a pause, whatever it answers', () => {
  for (const allowLogReversion of [false, true]) {
    fc.assert(
      fc.property(fc.array(replies, { minLength: 1, maxLength: 20 }), fc.boolean(), (answers, compacted) => {
        const cluster = new Cluster(THREE, {
          config: { ...labConfig, allowLogReversion, maxEntriesBytesPerMessage: 40, snapshotChunkBytes: 8 },
        });
        cluster.elect('S1');
        cluster.cut.add('S3');
        for (let n = 0; n < 40; n++) {
          cluster.propose('S1', `${n}`);
          cluster.settle();
        }
        if (compacted) {
          cluster.machine('S1').snapshotTaken(30, new Uint8Array(40), cluster.nowMs);
          cluster.perform('S1');
        }
        cluster.cut.clear();
        cluster.timeOut('S1');
        let asked = 0;
        for (let [request] = ofPeer(cluster); request !== undefined && asked < 5000; [request] = ofPeer(cluster)) {
          asked++;
          const wanted = answers[asked % answers.length];
          const { id: re, term, kind } = request;
          const head = { id: 1_000_000 + asked, re, from: 'S3', to: 'S1', term };
          const { success = true, match = 0, conflictIndex = 0, conflictTerm = 0, offset = 0 } = wanted ?? {};
          if (kind === 'AppendEntries') {
            const { prevLogIndex, round } = request;
            cluster
              .machine('S1')
              .receive(
                { ...head, kind: 'AppendEntriesReply', success, match, conflictIndex, conflictTerm, prevLogIndex, round },
                cluster.nowMs,
              );
          } else if (kind === 'InstallSnapshot') {
            cluster
              .machine('S1')
              .receive(
                { ...head, kind: 'InstallSnapshotReply', success, offset, lastIncludedIndex: request.snapshot.index },
                cluster.nowMs,
              );
          }
          cluster.perform('S1');
        }
        assert.ok(asked < 1000, `${asked} messages while time stood still`);
      }),
      { seed: 1, numRuns: 300 },
    );
  }
});

/** The next request to S3; what goes to others is lost. */
function ofPeer(cluster: Cluster): readonly Message[] {
  cluster.inTransit = cluster.inTransit.filter(({ to }) => to === 'S3');
  const next = cluster.inTransit.shift();
  return next === undefined ? [] : [next];
}

it('is not accused for a refusal of what this server sent in an older term, which a follower that is ahead gives in the term of now', () => {
  const cluster = new Cluster(THREE);
  cluster.elect('S1');
  const old = cluster.propose('S1', 'a') === null ? 0 : (cluster.take().find(({ to }) => to === 'S3')?.id ?? 0);
  cluster.answer(requestVote({ from: 'S2', term: 2, lastLogIndex: 9, lastLogTerm: 1 }));
  cluster.timeOut('S1');
  cluster.settle();
  cluster.heartbeat('S1');
  const next = cluster.events.filter(({ op }) => op === 'Progress').length;
  cluster.answer(appendReply({ from: 'S3', term: 3, re: old, success: false, prevLogIndex: 0 }));
  assert.is(cluster.events.filter(({ op }) => op === 'Progress').length, next);
  assert.equal(noticesOf(cluster), []);
});
