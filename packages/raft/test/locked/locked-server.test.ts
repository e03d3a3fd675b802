import { assert, suite, throws } from '@raftlens/testing';
import { defaultConfig, labConfig } from '../../src/config.ts';
import type { Snapshot } from '../../src/durable-state.ts';
import { createEntry } from '../../src/entry.ts';
import type { TaskHost } from '../../src/locked/host.ts';
import { LockedServer } from '../../src/locked/locked-server.ts';
import { appendEntries, diskWith, entriesOf } from '../messages.ts';
import { type ClusterOptions, VirtualCluster } from './virtual-cluster.ts';

const it = suite('locked server');

async function withLeader(count: number, options: ClusterOptions = {}): Promise<{ cluster: VirtualCluster; leader: string }> {
  const cluster = new VirtualCluster(count, options);
  await cluster.run(2000);
  const leader = cluster.leader();
  assert.ok(leader !== null, 'a leader within two seconds');
  return { cluster, leader: leader ?? '' };
}

/** Starts the command and lets time pass until it is applied everywhere. */
async function startAndSettle(cluster: VirtualCluster, leader: string, ...commands: readonly string[]): Promise<void> {
  for (const command of commands) void cluster.server(leader).start(command);
  await cluster.run(1000);
  assert.equal(cluster.failures, []);
}

it('elects one leader, whom everybody follows (5.2)', async () => {
  const { cluster, leader } = await withLeader(3);
  const term = cluster.server(leader).status().term;
  for (const id of cluster.ids) {
    const status = cluster.server(id).status();
    assert.equal([status.term, status.leader, status.role === 'leader'], [term, leader, id === leader]);
  }
});

it('replicates commands to all and applies them in order (5.3)', async () => {
  const { cluster, leader } = await withLeader(3);
  await startAndSettle(cluster, leader, 'a', 'b', 'c');
  for (const id of cluster.ids) assert.equal(cluster.applied(id), ['a', 'b', 'c']);
});

it('tells where a command went, and takes none when it does not lead', async () => {
  const { cluster, leader } = await withLeader(3);
  const started = cluster.server(leader).start('a');
  const refused = cluster.server(cluster.ids.find((id) => id !== leader) ?? '').start('b');
  await cluster.run(100);
  assert.equal(await started, { index: 1, term: cluster.server(leader).status().term });
  assert.is(await refused, null);
});

it('elects another leader when the first is cut off, and overwrites what that one could not commit (5.3, 5.4)', async () => {
  const { cluster, leader } = await withLeader(5);
  await startAndSettle(cluster, leader, 'a');
  cluster.connect(leader, false);
  void cluster.server(leader).start('lost');
  await cluster.run(3000);
  const second = cluster.leader() ?? '';
  assert.ok(second !== '' && second !== leader);
  await startAndSettle(cluster, second, 'b');
  cluster.connect(leader, true);
  await cluster.run(2000);
  for (const id of cluster.ids) assert.equal(cluster.applied(id), ['a', 'b']);
  assert.is(cluster.server(leader).status().role, 'follower');
});

it('does not commit without a majority', async () => {
  const { cluster, leader } = await withLeader(3);
  for (const id of cluster.ids) if (id !== leader) cluster.connect(id, false);
  await startAndSettle(cluster, leader, 'a');
  assert.is(cluster.server(leader).status().commit, 0);
});

it('comes back from its disk with term, vote and log (figure 2, persistent state)', async () => {
  const { cluster, leader } = await withLeader(3, { writeMs: 3 });
  await startAndSettle(cluster, leader, 'a', 'b');
  for (const id of cluster.ids) cluster.crash(id);
  for (const id of cluster.ids) cluster.start(id);
  await cluster.run(2000);
  await startAndSettle(cluster, cluster.leader() ?? '', 'c');
  for (const id of cluster.ids) assert.equal(cluster.applied(id), ['a', 'b', 'c']);
});

it('makes its vote durable before it tells of it', async () => {
  const { cluster } = await withLeader(3, { writeMs: 3 });
  for (const [at, event] of cluster.events.entries()) {
    if (event.op !== 'RequestVoteReply' || event.dir !== 'send' || event.granted !== true) continue;
    const persist = cluster.events.slice(0, at).findLast((earlier) => earlier.op === 'Persist' && earlier.node === event.node);
    assert.equal([persist?.durableTerm, persist?.durableVote], [event.term, event.dst]);
  }
});

it('brings a peer up to date by a snapshot, in chunks (7, figure 13)', async () => {
  const { cluster, leader } = await withLeader(3, { snapshotEvery: 5, snapshotChunkBytes: 16 });
  const behind = cluster.ids.find((id) => id !== leader) ?? '';
  cluster.connect(behind, false);
  const commands = Array.from({ length: 13 }, (_, at) => `x${at}`);
  await startAndSettle(cluster, leader, ...commands);
  cluster.connect(behind, true);
  await cluster.run(3000);
  assert.equal(cluster.applied(behind), commands);
  assert.ok(cluster.events.some((event) => event.op === 'SnapshotInstalled' && event.node === behind));
  assert.ok(cluster.durable(leader).entries.length < 5, 'the log was cut');
});

it('restarts from a snapshot and the entries after it', async () => {
  const { cluster, leader } = await withLeader(3, { snapshotEvery: 4 });
  await startAndSettle(cluster, leader, 'a', 'b', 'c', 'd', 'e', 'f');
  for (const id of cluster.ids) cluster.crash(id);
  for (const id of cluster.ids) cluster.start(id);
  await cluster.run(2000);
  await startAndSettle(cluster, cluster.leader() ?? '', 'g');
  for (const id of cluster.ids) assert.equal(cluster.applied(id), ['a', 'b', 'c', 'd', 'e', 'f', 'g']);
});

it('never holds its lock over an RPC or a call of the service: each Lock is followed by the same task’s Unlock', async () => {
  const { cluster, leader } = await withLeader(3);
  await startAndSettle(cluster, leader, 'a', 'b');
  const holders = new Map<string, string | undefined>();
  for (const event of cluster.events) {
    if (event.op === 'Lock') {
      assert.is(holders.get(event.node), undefined);
      holders.set(event.node, event.task);
    } else if (event.op === 'Unlock') {
      assert.is(holders.get(event.node), event.task);
      holders.set(event.node, undefined);
    }
  }
  assert.ok(holders.size === 3);
});

it('says nothing after it was stopped', async () => {
  const { cluster, leader } = await withLeader(3);
  const server = cluster.server(leader);
  const before = cluster.events.filter((event) => event.node === leader).length;
  cluster.crash(leader);
  assert.is(await server.start('late'), null);
  await cluster.run(2000);
  assert.is(cluster.events.filter((event) => event.node === leader).length, before);
});

it('lets go of its callers when it is stopped in the middle of a write', async () => {
  const { cluster, leader } = await withLeader(3, { writeMs: 50 });
  const started = cluster.server(leader).start('a');
  await cluster.run(20);
  cluster.crash(leader);
  assert.is(await started, null);
});

it('stops and says why when its disk fails', async () => {
  const cluster = new VirtualCluster(1);
  const failures: unknown[] = [];
  const server = new LockedServer(
    { ...optionsOf(), config: { ...optionsOf().config, preVote: false, checkQuorum: false, forwardProposals: false } },
    {
      now: () => cluster.nowMs,
      sleep: (ms) => cluster.sleep(ms),
      rpc: () => Promise.resolve(null),
      persist: () => Promise.reject(new Error('EIO')),
      apply: () => Promise.resolve(),
      restore: () => Promise.resolve(),
      failed: (error) => failures.push(error),
    },
  );
  await cluster.run(5000);
  assert.equal(String(failures[0]), 'Error: EIO');
  assert.is(failures.length, 1);
  assert.is(await server.start('a'), null);
});

it('refuses features that it does not have, and memberships that it cannot serve', () => {
  const host = new VirtualCluster(1);
  throws(() => new LockedServer(optionsOf(), hostOf(host)), { code: 'BAD_OPTIONS' });
  const config = { ...defaultConfig, preVote: false, checkQuorum: false, forwardProposals: false };
  const stranger = { ...optionsOf(), config, configuration: { voters: ['S2'], outgoing: [], learners: [], learnersNext: [] } };
  throws(() => new LockedServer(stranger, hostOf(host)), { code: 'BAD_OPTIONS' });
});

it('takes a message of more entries than a call may have arguments', async () => {
  const cluster = new VirtualCluster(1);
  const config = { ...labConfig };
  const configuration = { voters: ['S1', 'S2'], outgoing: [], learners: [], learnersNext: [] };
  const server = new LockedServer({ ...optionsOf(), config, configuration }, hostOf(cluster));
  const count = 200_000;
  const entries = Array.from({ length: count }, (_, place) => createEntry(place + 1, 1, 'command', ''));
  const reply = await server.handle(appendEntries({ entries }));
  assert.is(reply?.kind === 'AppendEntriesReply' ? reply.match : 0, count);
  server.stop();
});

it('refuses a configuration that counts somebody twice', () => {
  const config = { ...defaultConfig, preVote: false, checkQuorum: false, forwardProposals: false };
  const twice = { ...optionsOf(), config, configuration: { voters: ['S1', 'S1', 'S2'], outgoing: [], learners: [], learnersNext: [] } };
  throws(() => new LockedServer(twice, hostOf(new VirtualCluster(1))), { code: 'BAD_CONFIGURATION' });
});

it('tells of a follower that lost what it acknowledged, and sends it heartbeats alone', async () => {
  const { cluster, leader } = await withLeader(3);
  await startAndSettle(cluster, leader, 'a', 'b', 'c');
  const victim = cluster.ids.find((id) => id !== leader) ?? '';
  cluster.crash(victim);
  cluster.loseLog(victim);
  cluster.start(victim);
  await cluster.run(1000);
  const before = sentTo(cluster, victim);
  await startAndSettle(cluster, leader, 'd');
  assert.ok(sentTo(cluster, victim) - before < 15, `${sentTo(cluster, victim) - before} messages in a second`);
  assert.equal(cluster.notices, [{ kind: 'lost-entries', peer: victim, acknowledged: 3, missing: 3 }]);
  assert.equal(cluster.applied(leader), ['a', 'b', 'c', 'd']);
});

it('never sends without a pause, whatever a peer replies', async () => {
  const rng = (seed: number) => () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  for (let seed = 1; seed <= 20; seed++) {
    const random = rng(seed);
    const below = (n: number): number => Math.floor(random() * n);
    const cluster = new VirtualCluster(1);
    let asked = 0;
    const host: TaskHost = {
      ...hostOf(cluster),
      rpc: (request) => {
        asked++;
        const { id: re, from: to, to: from, term } = request;
        const head = { id: asked, re, from, to, term };
        if (request.kind === 'RequestVote') return Promise.resolve({ ...head, kind: 'RequestVoteReply', granted: true });
        if (request.kind === 'InstallSnapshot') {
          const { index: lastIncludedIndex } = request.snapshot;
          return Promise.resolve({ ...head, kind: 'InstallSnapshotReply', success: below(2) === 0, offset: below(9), lastIncludedIndex });
        }
        const match = below(3);
        const [conflictIndex, conflictTerm] = [1 + below(9), below(2)];
        return Promise.resolve({
          ...head,
          kind: 'AppendEntriesReply',
          success: below(2) === 0,
          match,
          conflictIndex,
          conflictTerm,
          prevLogIndex: 0,
          round: 0,
        });
      },
    };
    const config = { ...labConfig, snapshotChunkBytes: 2, maxEntriesBytesPerMessage: 40 };
    const durable = diskWith([1, 1, 1, 1, 1, 1], seed % 2 === 0 ? {} : { entries: entriesOf(4, 1, 1, 1), snapshot: snapshotTo(3) });
    const configuration = { voters: ['S1', 'S2'], outgoing: [], learners: [], learnersNext: [] };
    let id = 1000;
    const server = new LockedServer({ ...optionsOf(), config, configuration, durable, nextMessageId: () => ++id }, host);
    await cluster.run(500);
    asked = 0;
    await cluster.run(1000);
    assert.ok(asked < 200, `seed ${seed}: ${asked} messages in a second`);
    server.stop();
  }
});

function snapshotTo(index: number): Snapshot {
  return { index, term: 1, configuration: { voters: ['S1', 'S2'], outgoing: [], learners: [], learnersNext: [] }, data: new Uint8Array(8) };
}

function sentTo(cluster: VirtualCluster, to: string): number {
  return cluster.events.filter(({ dir, dst }) => dir === 'send' && dst === to).length;
}

it('gives no race report in many shuffled schedules with crashes, cuts and snapshots', { timeoutMs: 60_000 }, async () => {
  for (let seed = 1; seed <= 6; seed++) {
    const { cluster, leader } = await withLeader(3, { seed, race: true, writeMs: 2, snapshotEvery: 3 });
    await startAndSettle(cluster, leader, 'a', 'b', 'c', 'd');
    cluster.connect(leader, false);
    await cluster.run(1500);
    cluster.connect(leader, true);
    const second = cluster.leader() ?? leader;
    await startAndSettle(cluster, second, 'e', 'f');
    cluster.crash(second);
    await cluster.run(1500);
    cluster.start(second);
    await cluster.run(1500);
    assert.equal(
      cluster.detector?.reports.map((report) => `${seed}: ${report.kind}: ${report.message}`),
      [],
    );
    const lists = cluster.ids.map((id) => cluster.applied(id).join());
    assert.ok(
      lists.every((list) => list === lists[0]),
      lists.join(' | '),
    );
  }
});

function optionsOf() {
  return {
    id: 'S1',
    boot: 1,
    configuration: { voters: ['S1'], outgoing: [], learners: [], learnersNext: [] },
    config: defaultConfig,
    durable: { term: 0, vote: null, snapshot: null, entries: [] },
    random: () => 0.5,
    nextMessageId: () => 1,
  };
}

function hostOf(cluster: VirtualCluster) {
  return {
    now: () => cluster.nowMs,
    sleep: (ms: number) => cluster.sleep(ms),
    rpc: () => Promise.resolve(null),
    persist: () => Promise.resolve(),
    apply: () => Promise.resolve(),
    restore: () => Promise.resolve(),
    failed: () => undefined,
  };
}

it('tells a commit at once where tellCommits is on, long before the next heartbeat (5.3)', async () => {
  for (const [tellCommits, expected] of [
    [false, []],
    [true, ['a']],
  ] as const) {
    const { cluster, leader } = await withLeader(3, {
      config: { tellCommits, heartbeatIntervalMs: 900, electionTimeoutMinMs: 1000, electionTimeoutMaxMs: 1100 },
    });
    void cluster.server(leader).start('a');
    await cluster.run(300);
    for (const id of cluster.ids) assert.equal(cluster.applied(id), id === leader ? ['a'] : expected);
  }
});

it('hands the service pages of no more than maxApplyBytes', async () => {
  const { cluster, leader } = await withLeader(1, { config: { maxApplyBytes: 1 } });
  await startAndSettle(cluster, leader, 'a', 'b', 'c');
  assert.equal(cluster.applied(leader), ['a', 'b', 'c']);
});

it('tells how far the leader knows its peers to be, and when they answered last', async () => {
  const { cluster, leader } = await withLeader(3);
  await startAndSettle(cluster, leader, 'a', 'b');
  const others = cluster.ids.filter((id) => id !== leader);
  const [first] = others;
  cluster.connect(first ?? '', false);
  const cutMs = cluster.nowMs;
  await startAndSettle(cluster, leader, 'c');
  const peers = cluster.server(leader).status().peers;
  assert.equal(
    peers.map(({ id, match, next, state }) => [id, match, next, state]),
    others.map((id) => (id === first ? [id, 2, 3, 'replicate'] : [id, 3, 4, 'replicate'])),
  );
  for (const { id, heardMs } of peers)
    assert.ok(heardMs !== null && (id === first ? heardMs <= cutMs : heardMs > cutMs), `${id} was heard at ${heardMs}`);
  for (const id of others) assert.equal(cluster.server(id).status().peers, []);
});
