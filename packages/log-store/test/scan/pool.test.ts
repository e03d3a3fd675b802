import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeLine } from '@raftlens/events';
import { assert, rejects, suite, temporaryFolder } from '@raftlens/testing';
import { Cluster } from '../../bench/cluster.ts';
import { type LogStore, openLog } from '../../src/index.ts';
import { ELECTION, textOfLog } from '../lines.ts';

const pooling = suite('Threads');

/** Eleven megabytes, so that there are several ranges, with a line of 5 MB and lines of no format among them. */
function bigLog(): string {
  const lines: string[] = [];
  const cluster = new Cluster((event) => lines.push(encodeLine(event)), 7);
  while (lines.length < 20_000) cluster.round();
  lines.splice(9000, 0, 'panic: something', 'x'.repeat(5_000_000), '');
  return lines.join('\n');
}

/** Every cell of every column, and some of what is read through them. */
function everything(log: LogStore): unknown {
  const pages = log.columns.pages.map((page) => {
    const { time, term, commit, partner, op, dir, role, level, flags, id, count } = page;
    return [time.cells, term, commit, partner, op, dir, role, level, flags, id].map((column) =>
      Buffer.from(column.buffer, column.byteOffset, count * column.BYTES_PER_ELEMENT).toString('base64'),
    );
  });
  const names = Array.from({ length: log.size }, (_, row) => log.columns.names.nameOf(log.columns.node(row))).join(' ');
  return {
    size: log.size,
    unmatched: log.unmatched,
    peers: log.peers,
    pages,
    names,
    last: log.line(log.size - 1),
    long: log.line(9001, 20),
  };
}

async function read(path: string, workers: number): Promise<unknown> {
  const log = await openLog(path, { workers });
  await log.done;
  const all = everything(log);
  log.close();
  return all;
}

pooling('give the same index, however many there are', { timeoutMs: 60_000 }, async () => {
  const path = join(temporaryFolder(), 'big.ndjson');
  writeFileSync(path, bigLog());
  const alone = await read(path, 0);
  for (const workers of [1, 3]) assert.equal(await read(path, workers), alone);
});

pooling('read formats of the user, too', async () => {
  const folder = temporaryFolder();
  const definition = join(folder, 'own.json');
  writeFileSync(
    definition,
    JSON.stringify({
      name: 'own',
      line: { pattern: '^(?<t>\\d+) (?<who>\\w+) (?<text>.*)$' },
      time: { from: 't', unit: 'ms' },
      node: ['{who}'],
      detail: '{text}',
    }),
  );
  const path = join(folder, 'own.log');
  writeFileSync(path, Array.from({ length: 200_000 }, (_, i) => `${i} n${i % 7} did something for the ${i}th time\n`).join(''));
  const log = await openLog(path, { workers: 2, formats: [definition] });
  await log.done;
  assert.is(log.size, 200_000);
  assert.is(log.unmatched, 0);
  assert.equal(log.peers, ['n0', 'n1', 'n2', 'n3', 'n4', 'n5', 'n6']);
  assert.is(log.text(123_456), 'n4 Note detail=did something for the 123456th time');
  log.close();
});

pooling('end when the log is closed', async () => {
  const path = join(temporaryFolder(), 'closed.ndjson');
  writeFileSync(path, textOfLog(ELECTION).repeat(3000));
  const log = await openLog(path, { workers: 2 });
  log.close();
  await log.done;
  await rejects(async () => void log.line(0), { code: 'CLOSED' });
});
