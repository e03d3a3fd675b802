import { configurationOf, createEntry, type LogEntry } from '@raftlens/raft';
import type { PersistEffect } from '@raftlens/raft/state-machine';
import { assert, suite } from '@raftlens/testing';
import { ASYNC_DISK, Disk, type DiskUser } from '../../src/disk/disk.ts';
import { TapeDeck } from '../../src/engine/tape-deck.ts';
import { VirtualTime } from '../../src/engine/virtual-time.ts';
import type { PersistPoint } from '../../src/protocol/disk-fault.ts';

const it = suite('disk');

interface Bench {
  readonly time: VirtualTime;
  readonly disk: Disk;
  readonly user: DiskUser;
  readonly told: string[];
}

/** A disk whose draws are those of the tape: how many pending writes survive a crash, and how much of a torn one. */
function bench(draws: readonly number[] = []): Bench {
  const time = new VirtualTime();
  const deck = new TapeDeck({ seed: '1', play: { version: 1, rest: 'calm', draws: { 'disk S1': draws } } });
  const told: string[] = [];
  const user: DiskUser = {
    durable: (id) => void told.push(`durable ${id}`),
    killed: (point: PersistPoint) => void told.push(`killed ${point.when}`),
  };
  return { time, disk: new Disk(time, deck.draws('disk S1')), user, told };
}

const entries = (from: number, to: number, term = 1): LogEntry[] =>
  Array.from({ length: to - from + 1 }, (_, at) => createEntry(from + at, term, 'command', `c${from + at}`));

function write(id: number, change: Partial<PersistEffect>): PersistEffect {
  return { kind: 'persist', id, hardState: null, truncateFrom: 0, entries: [], snapshot: null, keepLog: true, ...change };
}

const logOf = (disk: Disk): string =>
  disk
    .read()
    .entries.map((entry) => `${entry.index}/${entry.term}`)
    .join(' ');

it('holds what was written: term, vote, entries; a truncation takes the tail away', () => {
  const { disk, user } = bench();
  assert.is(disk.write(write(1, { hardState: { term: 2, vote: 'S3' }, entries: entries(1, 4) }), user), 'durable');
  disk.write(write(2, { truncateFrom: 3, entries: entries(3, 3, 2) }), user);
  const { term, vote } = disk.read();
  assert.equal([term, vote, logOf(disk)], [2, 'S3', '1/1 2/1 3/2']);
});

it('replaces the log by a snapshot, with or without the entries after it, and counts the bytes', () => {
  const { disk, user } = bench();
  const snapshot = { index: 2, term: 1, configuration: configurationOf(['S1']), data: new Uint8Array(5) };
  disk.write(write(1, { entries: entries(1, 4) }), user);
  const before = disk.logBytes;
  disk.write(write(2, { snapshot, keepLog: true }), user);
  assert.is(logOf(disk), '3/1 4/1');
  assert.is(disk.logBytes, 16 + (before - 16) / 2);
  disk.write(write(3, { snapshot: { ...snapshot, index: 9 }, keepLog: false }), user);
  assert.equal([logOf(disk), disk.logBytes, disk.snapshotBytes], ['', 16, 5]);
});

it('acknowledges asynchronous writes later and in order', async () => {
  const { time, disk, user, told } = bench([0, 900, 1, 0]);
  disk.model = ASYNC_DISK;
  await time.run(
    async () => {
      assert.is(disk.write(write(1, { entries: entries(1, 1) }), user), 'pending');
      disk.write(write(2, { entries: entries(2, 2) }), user);
      await time.sleepUs(999);
      assert.equal(told, []);
      await time.sleepUs(5000);
    },
    { virtualMs: 100, realMs: 1000 },
  );
  assert.is(time.failure, null);
  assert.equal(told, ['durable 1', 'durable 2']);
  assert.is(logOf(disk), '1/1 2/1');
});

it('loses pending writes in a crash, except the prefix that was drawn, and reports none of them', async () => {
  // Two latencies; then one write survives, and of the next one two of its three entries.
  const { time, disk, user, told } = bench([0, 4000, 1, 4000, 2, 1, 3, 2]);
  disk.model = ASYNC_DISK;
  await time.run(
    async () => {
      disk.write(write(1, { entries: entries(1, 1) }), user);
      disk.write(write(2, { entries: entries(2, 4) }), user);
      disk.crash();
      await time.sleepUs(10_000);
    },
    { virtualMs: 100, realMs: 1000 },
  );
  assert.equal(told, []);
  assert.is(logOf(disk), '1/1 2/1 3/1');
});

it('kills its process at the persist point that was set: before the write, or just after', () => {
  for (const [when, log] of [
    ['before', '1/1'],
    ['after', '1/1 2/1'],
  ] as const) {
    const { disk, user, told } = bench();
    disk.arm({ nth: 2, when, kind: 'crash' });
    disk.write(write(1, { entries: entries(1, 1) }), user);
    assert.is(disk.write(write(2, { entries: entries(2, 2) }), user), 'killed');
    assert.equal([told, logOf(disk)], [[`killed ${when}`], log]);
  }
});

it('does not start a server whose acknowledged records were damaged, until it is wiped', () => {
  const { disk, user } = bench();
  disk.write(write(1, { entries: entries(1, 1) }), user);
  disk.damage('bit-flip');
  assert.equal([disk.verify(), disk.verify(), disk.lost], ['corrupt', 'corrupt', true]);
  disk.wipe();
  assert.equal([disk.verify(), disk.lost], [null, true]);
  disk.write(write(2, { entries: entries(1, 1) }), user);
  assert.not.ok(disk.lost);
});

it('hides a misdirected write until the start after it', () => {
  const { disk, user } = bench();
  disk.damage('misdirected-write');
  assert.is(disk.verify(), null);
  disk.write(write(1, { entries: entries(1, 1) }), user);
  assert.is(disk.verify(), 'corrupt');
});

it('reads all when a read that came short is tried again', () => {
  const { disk, user } = bench();
  disk.write(write(1, { entries: entries(1, 2) }), user);
  disk.damage('short-read');
  assert.equal([disk.verify(), disk.verify(), logOf(disk)], ['short-read', null, '1/1 2/1']);
});
