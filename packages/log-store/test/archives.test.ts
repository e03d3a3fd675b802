import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { assert, suite, temporaryFolder } from '@raftlens/testing';
import { type LogStore, openLog } from '../src/index.ts';
import { ELECTION, textOfLog } from './lines.ts';

const archives = suite('Archives');

const TEXT = textOfLog(ELECTION);
const RAW = 0;
const REPEATED = 1;

async function opened(name: string, bytes: Buffer): Promise<LogStore> {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, bytes);
  const log = await openLog(path);
  await log.done;
  return log;
}

function block(type: number, size: number, content: Buffer, isLast = false): Buffer {
  const header = Buffer.alloc(3);
  header.writeUIntLE((size << 3) | (type << 1) | Number(isLast), 0, 3);
  return Buffer.concat([header, content]);
}

/** A frame whose header says how large the window is: 2 to the power of `bits`. */
function frame(bits: number, blocks: readonly Buffer[], flags = 0, after = Buffer.alloc(0)): Buffer {
  return Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, flags, (bits - 10) << 3]), ...blocks, after]);
}

const raw = (text: string, isLast = true) => block(RAW, Buffer.byteLength(text), Buffer.from(text), isLast);
const repeated = (character: string, size: number, isLast = false) => block(REPEATED, size, Buffer.from(character), isLast);

archives('of several frames, with checksums, and with frames to be skipped between them', async () => {
  const skipped = Buffer.concat([Buffer.from([0x53, 0x2a, 0x4d, 0x18, 100, 0, 0, 0]), Buffer.alloc(100, 1)]);
  const withChecksum = frame(17, [raw(TEXT)], 4, Buffer.from([1, 2, 3, 4]));
  const log = await opened('several.zst', Buffer.concat([withChecksum, skipped, frame(17, [raw(TEXT, false), raw(TEXT)])]));
  assert.equal(log.notices, []);
  assert.is(log.size, 3 * ELECTION.length);
  assert.is(log.unmatched, 0);
  log.close();
});

archives('of a few bytes that unpack to many take no more memory for it', { timeoutMs: 60_000 }, async () => {
  const before = process.memoryUsage().rss;
  const blocks = Array.from({ length: 2400 }, () => repeated('x', 1 << 17));
  const log = await opened('bomb.zst', frame(17, [raw(TEXT, false), ...blocks, raw(`\n${TEXT}`)]));
  assert.is(log.size, 2 * ELECTION.length + 1, 'the line of 300 MB is one row');
  assert.equal(
    log.notices.map(({ code }) => code),
    ['LONG_LINE'],
  );
  assert.is(log.text(log.size - 1), log.text(ELECTION.length - 1));
  assert.ok(process.memoryUsage().rss - before < 200e6, 'memory');
  log.close();
});

archives('that need too much memory are refused, also in a later frame', async () => {
  for (const bytes of [frame(31, [raw(TEXT)]), Buffer.concat([frame(17, [raw(TEXT)]), frame(31, [raw(TEXT)])])]) {
    const log = await opened('wide.zst', bytes);
    const [notice] = log.notices;
    assert.is(notice?.code, 'BAD_ARCHIVE');
    assert.match(notice?.message ?? '', /2048 MiB of memory, more than the 128 MiB .*zstd -d/);
    log.close();
  }
});

archives('that were packed with a dictionary say so', async () => {
  const log = await opened('dictionary.zst', Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 1, 0x38, 7]), raw(TEXT)]));
  assert.match(log.notices[0]?.message ?? '', /dictionary/);
  log.close();
});

for (const [what, bytes] of [
  ['cut in a block', frame(17, [raw(TEXT, false), raw(TEXT)]).subarray(0, -20)],
  ['cut in a header', Buffer.from([0x28, 0xb5, 0x2f, 0xfd])],
  ['followed by something else', Buffer.concat([frame(17, [raw(TEXT)]), Buffer.from('something else')])],
] as const) {
  archives(`that are damaged say so: ${what}`, async () => {
    const log = await opened('cut.zst', bytes);
    assert.equal(
      log.notices.map(({ code }) => code),
      ['BAD_ARCHIVE'],
    );
    log.close();
  });
}

archives('of gzip with one long line are read like others', async () => {
  const log = await opened('long.gz', gzipSync(`${TEXT}${'x'.repeat(75_000_000)}\n${TEXT}`));
  assert.is(log.size, 2 * ELECTION.length + 1);
  log.close();
});
