import { appendFileSync, chmodSync, mkdirSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { assert, rejects, suite, temporaryFolder } from '@raftlens/testing';
import { type LogStore, openLog } from '../src/index.ts';
import { ELECTION, textOfLog } from './lines.ts';

const TEXT = textOfLog(ELECTION);
const inFolder = (name: string) => join(temporaryFolder(), name);

/** Waits until the log has so many rows; the follower looks ten times a second. */
async function untilRows(log: LogStore, rows: number): Promise<void> {
  for (let i = 0; i < 800 && log.size !== rows; i++) await sleep(10);
  assert.is(log.size, rows);
}

const sources = suite('Where logs come from');

sources('a file', async () => {
  const path = inFolder('events.ndjson');
  writeFileSync(path, TEXT);
  const log = await openLog(path);
  assert.is(log.size, ELECTION.length, 'the first screen is there at once');
  await log.done;
  log.close();
});

sources("a run's folder, with one file of events or one a server", async () => {
  const one = inFolder('one');
  mkdirSync(one);
  writeFileSync(join(one, 'events.ndjson'), TEXT);
  writeFileSync(join(one, 'output.log'), 'PASS\n');
  const log = await openLog(one);
  await log.done;
  assert.is(log.size, ELECTION.length);
  const many = inFolder('many');
  mkdirSync(many);
  const lines = TEXT.trimEnd().split('\n');
  for (const node of ['S1', 'S2'])
    writeFileSync(join(many, `${node}.ndjson`), lines.filter((line) => line.includes(`"node":"${node}"`)).join('\n'));
  const merged = await openLog(many);
  await merged.done;
  assert.is(merged.size, ELECTION.length - 1);
  assert.equal(merged.peers, ['S1', 'S2', 'S3']);
});

sources('what a test printed, where it has written nothing else', async () => {
  const folder = inFolder('printed');
  mkdirSync(folder);
  writeFileSync(join(folder, 'run.json'), '{}');
  writeFileSync(join(folder, 'output.log'), '000001 LEAD S0 Achieved Majority for T1\nPASS\n');
  const log = await openLog(folder);
  await log.done;
  assert.equal(log.peers, ['S0']);
  log.close();
});

sources('gzip, also of several members', async () => {
  const path = inFolder('log.gz');
  const half = TEXT.indexOf('\n', TEXT.length / 2) + 1;
  writeFileSync(path, Buffer.concat([gzipSync(TEXT.slice(0, half)), gzipSync(TEXT.slice(half))]));
  const log = await openLog(path);
  await log.done;
  assert.is(log.size, ELECTION.length);
  assert.equal(log.notices, []);
  assert.is(log.text(10), 'S1 BecomeLeader T1');
});

sources('zstd', async () => {
  const path = inFolder('log.zst');
  // A frame with one raw block: what zstd writes for what it cannot shrink.
  const body = Buffer.from(TEXT);
  const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x60, 0, 0]);
  header.writeUInt16LE(body.length - 256, 5);
  const block = Buffer.alloc(3);
  block.writeUIntLE((body.length << 3) | 1, 0, 3);
  writeFileSync(path, Buffer.concat([header, block, body]));
  const log = await openLog(path);
  await log.done;
  assert.equal(log.notices, []);
  assert.is(log.size, ELECTION.length);
});

sources('an archive that is cut short: what there is, and a notice', async () => {
  const path = inFolder('cut.gz');
  writeFileSync(path, gzipSync(TEXT.repeat(50)).subarray(0, 300));
  const log = await openLog(path);
  await log.done;
  assert.equal(
    log.notices.map((notice) => notice.code),
    ['BAD_ARCHIVE'],
  );
});

sources('standard input, while it is still coming', async () => {
  const stdin = new Readable({ read: () => undefined });
  const opening = openLog('-', { stdin });
  stdin.push(TEXT.slice(0, 1000));
  const log = await opening;
  stdin.push(TEXT.slice(1000));
  stdin.push(null);
  await log.done;
  assert.is(log.size, ELECTION.length);
  log.close();
});

const following = suite('A file that is followed');

async function followed(): Promise<{ log: LogStore; path: string }> {
  const path = inFolder('grow.ndjson');
  writeFileSync(path, TEXT);
  const log = await openLog(path, { follow: true });
  await log.done;
  return { log, path };
}

following('grows line by line, and half a line waits', async () => {
  const { log, path } = await followed();
  const more = textOfLog([{ op: 'Note', node: 'TEST', boot: 0, detail: 'more' }]);
  appendFileSync(path, more + more.slice(0, 20));
  await untilRows(log, ELECTION.length + 1);
  appendFileSync(path, more.slice(20));
  await untilRows(log, ELECTION.length + 2);
  assert.is(log.unmatched, 0);
  log.close();
});

following('may end in half a line when it is opened', async () => {
  const path = inFolder('half.ndjson');
  writeFileSync(path, TEXT.slice(0, -30));
  const log = await openLog(path, { follow: true });
  await log.done;
  assert.is(log.size, ELECTION.length - 1);
  appendFileSync(path, TEXT.slice(-30));
  await untilRows(log, ELECTION.length);
  assert.is(log.unmatched, 0);
  log.close();
});

following('ends the reading of its rows when it is closed', async () => {
  const { log } = await followed();
  const rows = log.rows(ELECTION.length);
  const next = rows[Symbol.asyncIterator]().next();
  log.close();
  assert.is((await next).done, true);
});

following('is read on after it was rotated', async () => {
  const { log, path } = await followed();
  appendFileSync(path, 'the last line of the old file');
  renameSync(path, `${path}.1`);
  writeFileSync(path, textOfLog([{ op: 'Note', node: 'TEST', boot: 0, time: 50, detail: 'in the new file' }]));
  await untilRows(log, ELECTION.length + 2);
  assert.is(log.line(ELECTION.length), 'the last line of the old file');
  assert.is(log.text(log.size - 1), 'TEST Note detail=in the new file');
  assert.is(log.lineNumberOf(log.size - 1), 1);
  assert.equal(
    log.notices.map((notice) => notice.code),
    ['ROTATED'],
  );
  log.close();
});

following('is read on after it was rotated beside older parts, none of which is read twice', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'S1.ndjson');
  const note = (time: number, detail: string) => textOfLog([{ op: 'Note', node: 'TEST', boot: 0, time, detail }]);
  writeFileSync(path, note(20, 'b'));
  writeFileSync(`${path}.1`, note(10, 'a'));
  const log = await openLog(folder, { follow: true });
  await log.done;
  renameSync(`${path}.1`, `${path}.2`);
  renameSync(path, `${path}.1`);
  writeFileSync(path, note(30, 'c'));
  await untilRows(log, 3);
  // The clock is set back: the parts keep their order.
  appendFileSync(path, note(5, 'd'));
  await untilRows(log, 4);
  assert.equal(
    Array.from({ length: log.size }, (_, row) => log.event(row)?.detail),
    ['a', 'b', 'c', 'd'],
  );
  assert.equal(
    log.notices.map(({ code }) => code),
    ['ROTATED'],
  );
  log.close();
});

following('is read anew after it was truncated', async () => {
  const { log, path } = await followed();
  truncateSync(path, 0);
  appendFileSync(path, textOfLog([{ op: 'Note', node: 'TEST', boot: 0, detail: 'anew' }]));
  await untilRows(log, 1);
  assert.is(log.text(0), 'TEST Note detail=anew');
  assert.equal(
    log.notices.map((notice) => notice.code),
    ['TRUNCATED'],
  );
  log.close();
});

following('is merged anew by time after one of several was truncated', async () => {
  const folder = temporaryFolder();
  const paths = ['a', 'b'].map((name) => join(folder, `${name}.ndjson`));
  const note = (time: number, detail: string) => textOfLog([{ op: 'Note', node: 'TEST', boot: 0, time, detail }]);
  const [first = '', second = ''] = paths;
  writeFileSync(first, note(1, 'a1') + note(3, 'a3') + note(5, 'a5'));
  writeFileSync(second, note(2, 'b2') + note(4, 'b4') + note(6, 'b6'));
  const log = await openLog(paths, { follow: true });
  await log.done;
  const details = () => Array.from({ length: log.size }, (_, row) => log.event(row)?.detail);
  assert.equal(details(), ['a1', 'b2', 'a3', 'b4', 'a5', 'b6']);
  truncateSync(first, 0);
  appendFileSync(first, note(5, 'new'));
  await untilRows(log, 4);
  assert.equal(details(), ['b2', 'b4', 'new', 'b6']);
  log.close();
});

const refusing = suite('What is no log is refused with one line');

const NOBODY = 65_534;

refusing('a file that is not there', async () => {
  await rejects(openLog('/no/such/file'), { code: 'NOT_FOUND' });
});

refusing('a device', async () => {
  await rejects(openLog('/dev/zero'), { code: 'NOT_A_FILE' });
});

refusing('a folder without a log', async () => {
  await rejects(openLog(temporaryFolder()), { code: 'NO_LOG_IN_FOLDER' });
});

/** Root may read everything: for it the work is done in the name of a user who owns nothing. */
async function withoutPrivileges(work: () => Promise<unknown>): Promise<void> {
  const isRoot = process.getuid?.() === 0;
  if (isRoot) process.seteuid?.(NOBODY);
  try {
    await work();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

refusing('a file without permission', async () => {
  const path = inFolder('secret.ndjson');
  writeFileSync(path, TEXT);
  chmodSync(path, 0o000);
  chmodSync(dirname(path), 0o755);
  await withoutPrivileges(() => rejects(openLog(path), { code: 'NOT_READABLE' }));
});
