import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  closeSync,
  cpSync,
  existsSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { assert, suite, temporaryFolder } from '@raftlens/testing';
import { type LogStore, openLog } from '../src/index.ts';
import { ELECTION, textOfLog } from './lines.ts';

const TEXT = textOfLog(ELECTION);
/** Large enough for an index to be worth it; ids repeat, as they do in logs that were put one behind the other. */
const LARGE = TEXT.repeat(Math.ceil((5 * 2 ** 20) / TEXT.length));

const keeping = suite('An index that is kept beside the file');

function largeFile(): { path: string; index: string } {
  const path = join(temporaryFolder(), 'large.ndjson');
  writeFileSync(path, LARGE);
  return { path, index: `${path}.rlindex` };
}

async function opened(path: string): Promise<LogStore> {
  const log = await openLog(path, { keepIndex: true, workers: 0 });
  await log.done;
  return log;
}

/** What is to be the same whether the rows were scanned or restored. */
function facts(log: LogStore): unknown {
  const { columns, size } = log;
  const rows = [0, 3, 6, 4095, 4096, size - 19, size - 1];
  return {
    size,
    unmatched: log.unmatched,
    peers: log.peers,
    rows: rows.map((row) => [
      log.line(row),
      columns.time(row),
      columns.op(row),
      columns.id(row),
      columns.term(row),
      log.partnerOf(row),
      log.text(row),
    ]),
    state: [...log.stateAt(size - 1)],
  };
}

keeping('gives the same rows at once', async () => {
  const { path, index } = largeFile();
  const scanned = await opened(path);
  assert.ok(existsSync(index));
  const restored = await openLog(path, { keepIndex: true });
  assert.is(restored.size, scanned.size, 'all rows are there with the first screen');
  assert.equal(facts(restored), facts(scanned));
});

keeping('is continued where the file has grown', async () => {
  const { path } = largeFile();
  const before = await opened(path);
  appendFileSync(path, TEXT);
  const restored = await openLog(path, { keepIndex: true });
  assert.is(restored.size, before.size);
  await restored.done;
  assert.is(restored.size, before.size + ELECTION.length);
  assert.is(restored.line(restored.size - 1), before.line(before.size - 1));
});

keeping('is not used when the last line was only half there', async () => {
  const { path } = largeFile();
  writeFileSync(path, LARGE.slice(0, -30));
  await opened(path);
  appendFileSync(path, LARGE.slice(-30));
  const log = await opened(path);
  assert.is(log.unmatched, 0);
  assert.is(log.text(log.size - 1), 'TEST Crash target=S2');
});

const unfit: readonly (readonly [string, (path: string, index: string) => void])[] = [
  ['the file was changed', (path) => writeFileSync(path, LARGE.replaceAll('"S1"', '"S9"'))],
  ['the file is shorter', (path) => writeFileSync(path, LARGE.slice(0, LARGE.length / 2))],
  ['the file was touched', (path) => utimesSync(path, 1, 1)],
  ['the index is cut short', (_, index) => writeFileSync(index, readFileSync(index).subarray(0, statSync(index).size / 2))],
  ['the index is something else', (_, index) => writeFileSync(index, 'hello')],
];

for (const [what, spoil] of unfit) {
  keeping(`is not used when ${what}`, async () => {
    const { path, index } = largeFile();
    await opened(path);
    spoil(path, index);
    const plain = await openLog(path, { workers: 0 });
    await plain.done;
    const careful = await openLog(path, { keepIndex: true, workers: 0 });
    assert.ok(careful.size < plain.size, 'it is scanned');
    await careful.done;
    assert.equal(facts(careful), facts(plain));
  });
}

/** Writes the header of an index again, with the digest that belongs to it. */
function withHeader(index: string, change: (header: Record<string, unknown>) => void): void {
  const bytes = readFileSync(index);
  const start = bytes.indexOf('\n') + 1;
  const length = Number(bytes.toString('latin1', start + 8, start + 20));
  const header = JSON.parse(bytes.toString('utf8', start + 20, start + 20 + length)) as Record<string, unknown>;
  change(header);
  const text = Buffer.from(JSON.stringify(header));
  let digest = 0x811c9dc5;
  for (const byte of text) digest = Math.imul(digest ^ byte, 0x01000193);
  const lead = `${(digest >>> 0).toString(16).padStart(8, '0')}${String(text.length).padStart(12)}`;
  writeFileSync(index, Buffer.concat([bytes.subarray(0, start), Buffer.from(lead), text, bytes.subarray(start + 20 + length)]));
}

const strange: readonly (readonly [string, (path: string, index: string) => Promise<void> | void])[] = [
  [
    'of another file with the same ends, size and time',
    async (path, index) => {
      const other = `${path}.other`;
      const middle = Math.floor(LARGE.length / 2);
      writeFileSync(other, LARGE.slice(0, middle) + LARGE.slice(middle).replace('"S1"', '"S9"'));
      utimesSync(other, statSync(path).atime, statSync(path).mtime);
      await opened(other);
      renameSync(`${other}.rlindex`, index);
    },
  ],
  [
    'of the file before it was changed in the middle and given its old time',
    (path) => {
      const { atime, mtime } = statSync(path);
      const fd = openSync(path, 'r+');
      writeSync(fd, '"S9"', LARGE.indexOf('"S1"', LARGE.length / 2));
      closeSync(fd);
      utimesSync(path, atime, mtime);
    },
  ],
  [
    'that was copied along with the file',
    (path, index) => {
      cpSync(path, `${path}.copy`, { preserveTimestamps: true });
      renameSync(`${path}.copy`, path);
      utimesSync(index, 1, 1);
    },
  ],
  ['that others may write', (_, index) => chmodSync(index, 0o666)],
  [
    'that is a link',
    (_, index) => {
      renameSync(index, `${index}.elsewhere`);
      symlinkSync(`${index}.elsewhere`, index);
    },
  ],
  [
    'that is a named pipe',
    (_, index) => {
      rmSync(index);
      execFileSync('mkfifo', [index]);
    },
  ],
  [
    'that says that there are no rows',
    (_, index) => withHeader(index, (header) => Object.assign(header, { rows: 0, pages: [], offsets: [] })),
  ],
  ['that leaves out the last page', (_, index) => withHeader(index, shortened)],
  ['that names others', (_, index) => withHeader(index, (header) => Object.assign(header, { names: ['X', 'Y', 'Z', 'W'] }))],
  ['whose header was edited', (_, index) => writeFileSync(index, readFileSync(index, 'latin1').replace('"rows":', '"Rows":'), 'latin1')],
  [
    'whose columns were edited',
    (_, index) => {
      const bytes = readFileSync(index);
      writeFileSync(index, bytes.fill(0, Math.floor(bytes.length / 4)));
    },
  ],
];

function shortened(header: Record<string, unknown>): void {
  const [pages, offsets] = [header['pages'] as { count: number }[], header['offsets'] as unknown[]];
  const gone = pages.pop();
  offsets.pop();
  header['rows'] = (header['rows'] as number) - (gone?.count ?? 0);
}

for (const [what, spoil] of strange) {
  keeping(`is not trusted: one ${what}`, async () => {
    const { path, index } = largeFile();
    await opened(path);
    await spoil(path, index);
    const plain = await openLog(path, { workers: 0 });
    await plain.done;
    const careful = await openLog(path, { keepIndex: true, workers: 0 });
    assert.ok(careful.size < plain.size, 'it is scanned');
    await careful.done;
    assert.equal(facts(careful), facts(plain));
    assert.equal(careful.peers, plain.peers);
  });
}

keeping('is not written through a link that lies at its place', async () => {
  const { path, index } = largeFile();
  const target = `${path}.target`;
  writeFileSync(target, 'mine');
  symlinkSync(target, index);
  symlinkSync(target, `${index}.${process.pid}`);
  await opened(path);
  assert.is(readFileSync(target, 'utf8'), 'mine');
  assert.ok(lstatSync(index).isFile());
});

keeping('is only written when it is asked for', async () => {
  const { path, index } = largeFile();
  const log = await openLog(path, { workers: 0 });
  await log.done;
  assert.not.ok(existsSync(index));
});
