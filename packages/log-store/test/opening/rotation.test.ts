import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Event, encodeLine } from '@raftlens/events';
import { assert, suite, temporaryFolder } from '@raftlens/testing';
import { type LogStore, openLog, openTexts } from '../../src/index.ts';
import { compareMarks, rotationOf } from '../../src/opening/rotation.ts';

const rotation = suite('Rotated files');

/** By the name of the log: names of its parts, the oldest first. */
const NAMES: readonly (readonly [base: string, parts: readonly string[]])[] = [
  ['S1.ndjson', ['S1.ndjson.10', 'S1.ndjson.2.gz', 'S1.ndjson.1', 'S1.ndjson']],
  ['server.log', ['server.log-20260228', 'server.log-20260301.gz', 'server.log']],
  ['server.log', ['server.log-2026030109', 'server.log-2026030110', 'server.log']],
  ['server.log', ['server.log-1772350000', 'server.log-1772360000', 'server.log']],
  ['server.log', ['server.log.2026-03-01-09', 'server.log.2026-03-01-10', 'server.log.2026-03-02', 'server.log']],
  ['server.log', ['server.log.2026-03-01_09-00-00', 'server.log.2026-03-01_10-00-00.gz', 'server.log']],
  ['server.log', ['server.log.2026-03-01T09:59:59.500', 'server.log.2026-03-01T10:00:00', 'server.log']],
  ['server.log', ['server.log.20260301-095959', 'server.log.20260301-100000', 'server.log']],
  ['server.log', ['server.log.2026-03-01.2', 'server.log.2026-03-01.10', 'server.log']],
  ['server.log', ['server.log.old', 'server.log']],
  ['server.log', ['server-2026-03-01T10-00.log', 'server-2026-03-01T11-00.log.gz', 'server.log']],
  ['a-b-1.log', ['a-b-1-2026-03-01T10-00-00.000.log.gz', 'a-b-1-2026-03-01T10-00-00.001.log', 'a-b-1.log']],
  ['server.log', ['server-20260301.log', 'server-20260302.log', 'server.log']],
  ['server.log', ['server.2026-03-01.log', 'server-2026-03-02-9.log.gz', 'server-2026-03-02-10.log.gz', 'server.log']],
  ['server.log', ['server-1772350000000000000.log', 'server-1772350000000000001.log', 'server.log']],
  ['server.log', ['server.2.log', 'server.1.log', 'server.log']],
  [
    'kv.host.raft.log.INFO',
    ['kv.host.raft.log.INFO.20260228-235959.77', 'kv.host.raft.log.INFO.20260301-000000.9', 'kv.host.raft.log.INFO.20260301-000000.10.gz'],
  ],
  ['current', ['@4000000065e1a2b30c0d1e2f.s', '@4000000065e1a2b30c0d1e30.u', '@4000000065e1a2b400000000.s', 'current']],
  ['messages', ['messages-20260301', 'messages.2', 'messages.1.gz', 'messages']],
];

for (const [base, parts] of NAMES) {
  rotation(`are told by their names: ${parts.join(', ')}`, () => {
    const told = parts.map((name) => ({ name, ...rotationOf(`/var/log.d/${name}`) }));
    assert.equal([...new Set(told.map((part) => part.base))], [base]);
    const order = told.toReversed().sort((a, b) => compareMarks(a.mark, b.mark));
    assert.equal(
      order.map(({ name }) => name),
      parts,
    );
  });
}

rotation('a folder of glog or of multilog is read by its lines once, in their order', async () => {
  const glog = temporaryFolder();
  const line = (text: string, clock: string) => `I20260301 ${clock}.000001 77 RaftPart.cpp:1279] [Port: 9780, Space: 1, Part: 3] ${text}\n`;
  const elected = (term: number) => `Partition is elected as the new leader for term ${term}`;
  writeFileSync(join(glog, 'kv.host.raft.log.INFO.20260301-090000.7'), line(elected(2), '09:00:00'));
  writeFileSync(join(glog, 'kv.host.raft.log.INFO.20260301-100000.8'), line(elected(3), '10:00:00'));
  writeFileSync(join(glog, 'kv.host.raft.log.ERROR.20260301-100000.8'), line(elected(3), '10:00:00'));
  const opened = await openLog([glog]);
  await opened.done;
  assert.equal(
    Array.from({ length: opened.size }, (_, row) => opened.event(row)?.term),
    [2, 3],
  );
  opened.close();
  const multilog = temporaryFolder();
  writeFileSync(join(multilog, '@4000000065e1a2b30c0d1e2f.s'), note('S1', 1, 'first'));
  writeFileSync(join(multilog, 'current'), note('S1', 2, 'second'));
  assert.equal((await told(await openLog([multilog]))).details, ['first', 'second']);
});

rotation('are not what servers are called', () => {
  for (const name of ['S1.ndjson', 'server-1.log', 'n2.log', 'node-10.log.gz', '10.0.0.1.log', 'kv-0_7000.log', 'raft3.out', '0.log']) {
    const { mark, evidence } = rotationOf(name);
    assert.ok(mark === null || evidence === 'number', name);
  }
});

const note = (node: string, time: number, detail: string): string => {
  const event: Event = { seq: time, time, node, boot: 1, src: node, dst: node, op: 'Note', detail };
  return `${encodeLine(event)}\n`;
};

async function told(log: LogStore): Promise<{ details: readonly string[]; files: readonly string[]; codes: readonly string[] }> {
  await log.done;
  const details = Array.from({ length: log.size }, (_, row) => log.event(row)?.detail ?? log.line(row));
  const all = { details, files: log.files.map(({ name }) => basename(name)), codes: log.notices.map(({ code }) => code) };
  log.close();
  return all;
}

function folderOf(files: Readonly<Record<string, string | Buffer>>): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

rotation('of a folder are read as one log, the oldest part first', async () => {
  const folder = folderOf({
    'S1.ndjson': note('S1', 30, 'c'),
    'S1.ndjson.1': note('S1', 20, 'b'),
    'S1.ndjson.2.gz': gzipSync(note('S1', 10, 'a')),
    'S2.ndjson': note('S2', 15, 'x') + note('S2', 25, 'y'),
  });
  const { details, files, codes } = await told(await openLog(folder));
  assert.equal(details, ['a', 'x', 'b', 'y', 'c']);
  assert.equal(files, ['S1.ndjson.2.gz', 'S1.ndjson.1', 'S1.ndjson', 'S2.ndjson']);
  assert.equal(codes, []);
});

rotation('that are named one by one are put together, too', async () => {
  const folder = folderOf({ 'a.log': note('S1', 30, 'c'), 'a.log-20260301': note('S1', 20, 'b'), 'b.log': note('S2', 25, 'x') });
  const { details, files } = await told(await openLog(['a.log', 'b.log', 'a.log-20260301'].map((name) => join(folder, name))));
  assert.equal(details, ['b', 'x', 'c']);
  assert.equal(files, ['a.log-20260301', 'a.log', 'b.log']);
});

rotation('keep the order of their lines where a clock was set back between two of them', async () => {
  const first = note('S1', 10, 'a') + note('S1', 40, 'b');
  const second = note('S1', 20, 'c') + note('S1', 50, 'd');
  const log = openTexts([
    { name: 'S1.ndjson', text: second },
    { name: 'S1.ndjson.1', text: first },
  ]);
  const { details, codes } = await told(log);
  assert.equal(details, ['a', 'b', 'c', 'd']);
  assert.equal(codes, ['ROTATION']);
});

rotation('that are counted the other way are read by the times of their lines, and it is said', async () => {
  const texts = [10, 20, 30].map((time, i) => ({ name: `S1.ndjson.${i}`, text: note('S1', time, `part ${i}`) }));
  const { details, codes } = await told(openTexts(texts));
  assert.equal(details, ['part 0', 'part 1', 'part 2']);
  assert.equal(codes, ['ROTATION']);
});

rotation('are files of several servers where dates or numbers are in their names and their times overlap', async () => {
  for (const names of [
    ['run-20260301-100000.log', 'run-20260301-100001.log'],
    ['node.log', 'node.1.log'],
    ['out.log.1', 'out.log.2', 'out.log.3'],
  ]) {
    const texts = names.map((name, i) => ({ name, text: note(`S${i}`, 10 + i, 'early') + note(`S${i}`, 90 + i, 'late') }));
    const log = openTexts(texts);
    const { files, codes } = await told(log);
    assert.equal(files, names);
    assert.equal(codes, []);
  }
});

rotation('name their writer once, where only the file names it', async () => {
  const won = (second: number, term: number) => `2026-03-03T14:20:0${second}.000Z [INFO]  raft: election won: term=${term} tally=2\n`;
  const log = openTexts([
    { name: 'n1.log', text: won(2, 3) },
    { name: 'n1.log.1', text: won(1, 2) },
    { name: 'n2.log.gz', text: won(3, 4) },
  ]);
  await log.done;
  assert.equal(log.peers, ['n1', 'n2']);
  log.close();
});

rotation('of numbered servers belong each to its own', async () => {
  const log = openTexts(
    ['node.log', 'node.1.log', 'node.1.log.1'].map((name, i) => ({
      name,
      text: note(`S${i}`, 30 - 10 * i, name) + note(`S${i}`, 35 - 10 * i, name),
    })),
  );
  const { files, codes } = await told(log);
  assert.equal(files, ['node.log', 'node.1.log.1', 'node.1.log']);
  assert.equal(codes, []);
});

rotation('leave servers their names that are called by numbers or addresses', async () => {
  const won = (second: number) =>
    [1, 2].map((term) => `2026-03-03T14:20:0${second}.${term}00Z [INFO]  raft: election won: term=${term} tally=2\n`).join('');
  for (const names of [
    ['out.log.1', 'out.log.2'],
    ['10.0.0.1', '10.0.0.2'],
  ]) {
    const log = openTexts(names.map((name) => ({ name, text: won(1) })));
    await log.done;
    assert.equal(log.peers, names);
    log.close();
  }
});

rotation('may cut a stack trace, whose rest stays with its line', async () => {
  const log = openTexts([
    { name: 'S1.ndjson.1', text: `${note('S1', 20, 'failed')}goroutine 1\n` },
    { name: 'S1.ndjson', text: `\tstore.go:12\n${note('S1', 40, 'goes on')}` },
    { name: 'S2.ndjson', text: note('S2', 10, 'x') + note('S2', 30, 'y') },
  ]);
  await log.done;
  assert.equal(
    Array.from({ length: log.size }, (_, row) => log.columns.time(row)),
    [10, 20, 20, 20, 30, 40],
  );
  assert.equal((await told(log)).details, ['x', 'failed', 'goroutine 1', '\tstore.go:12', 'y', 'goes on']);
});

rotation('are read once where a packed copy or a link stands beside them', async () => {
  const part = note('S1', 10, 'a');
  const folder = folderOf({ 'S1.log.1': part, 'S1.log.1.gz': gzipSync(part), 'S1.log': note('S1', 20, 'b') });
  symlinkSync(join(folder, 'S1.log'), join(folder, 'current.log'));
  const { details, codes } = await told(await openLog(folder));
  assert.equal(details, ['a', 'b']);
  assert.equal(codes, ['LEFT_OUT']);
});

rotation('belong to the events of a run', async () => {
  const folder = folderOf({
    'run.json': '{}',
    'events.ndjson': note('S1', 20, 'b'),
    'events.ndjson.1': note('S1', 10, 'a'),
    'output.log': 'PASS\n',
    'output.log.1': 'PASS\n',
    'wal.bin': 'x',
  });
  assert.equal(await told(await openLog(folder)), { details: ['a', 'b'], files: ['events.ndjson.1', 'events.ndjson'], codes: [] });
});

rotation('and other files that a folder has and that are not read are told in one notice', async () => {
  const folder = folderOf({ 'S1.ndjson': note('S1', 10, 'a'), 'S1.ndjson.1.bz2': 'BZh9', 'S2.ndjson.xz': 'x', 'notes.txt': 'x' });
  mkdirSync(join(folder, 'old.log'));
  symlinkSync('/dev/zero', join(folder, 'device.log'));
  const log = await openLog(folder);
  await log.done;
  assert.equal(
    log.notices.map(({ message }) => message.replace(folder, 'run')),
    [
      'left out in run: S1.ndjson.1.bz2, S2.ndjson.xz, notes.txt; give a log by its name to read it, and unpack what is neither gzip nor zstd',
    ],
  );
  log.close();
});
