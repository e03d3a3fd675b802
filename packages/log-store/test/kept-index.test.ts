import { appendFileSync, existsSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
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

keeping('is only written when it is asked for', async () => {
  const { path, index } = largeFile();
  const log = await openLog(path, { workers: 0 });
  await log.done;
  assert.not.ok(existsSync(index));
});
