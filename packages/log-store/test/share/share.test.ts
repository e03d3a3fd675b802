import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { encodeLine } from '@raftlens/events';
import { assert, suite, temporaryFolder } from '@raftlens/testing';
import { Cluster } from '../../bench/cluster.ts';
import { type LogStore, openLog, openText, SharedLog, shareRows } from '../../src/index.ts';
import type { Sharing } from '../../src/share/sharing.ts';
import { ELECTION, textOfLog } from '../lines.ts';

const sharing = suite('A log that is shared with another thread');

/** From the build to the fixtures, which are read where they lie. */
const FIXTURES = fileURLToPath(new URL('../../../test/fixtures/', import.meta.url));
const FACE = new URL('../../src/index.js', import.meta.url).href;

/** What a message does to a part on its way. */
function tell(from: Sharing, to: SharedLog): void {
  to.add(structuredClone(from.next()));
}

function sharingOf(log: LogStore): Sharing {
  const shared = shareRows(log);
  if (shared === null) throw new Error('a log of files is there to be shared');
  return shared;
}

function sameEvents(log: LogStore, other: SharedLog): void {
  assert.is(other.size, log.size);
  const step = log.size > 10_000 ? 97 : 1;
  for (let row = 0; row < log.size; row += step) assert.equal(other.event(row), log.event(row));
}

function bigLog(events: number): string {
  const lines: string[] = [];
  const cluster = new Cluster((event) => lines.push(`${encodeLine(event)}\n`), 3);
  while (lines.length < events) cluster.round();
  return lines.join('');
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}

sharing('is the same there, part by part as it is indexed', async () => {
  const path = join(temporaryFolder(), 'events.ndjson');
  writeFileSync(path, bigLog(70_000));
  const log = await openLog(path, { workers: 0 });
  const [parts, other] = [sharingOf(log), new SharedLog()];
  tell(parts, other);
  assert.ok(other.size > 0 && other.size < 70_000 && !other.isDone);
  assert.equal(other.event(7), log.event(7));
  const end = log.subscribe(() => tell(parts, other));
  await log.done;
  end();
  tell(parts, other);
  assert.ok(other.isDone);
  sameEvents(log, other);
  log.close();
});

for (const name of ['shiviz.log', 'lab.log', 'etcd-trace.ndjson', 'node-1.hclog.log']) {
  sharing(`has its messages there, too: ${name}`, async () => {
    const log = await openLog(join(FIXTURES, name));
    await log.done;
    const other = new SharedLog();
    tell(sharingOf(log), other);
    sameEvents(log, other);
    log.close();
  });
}

sharing('is read in the order of time where it is several files', async () => {
  const folder = temporaryFolder();
  const lines = bigLog(3000).split('\n');
  for (const [node, offsetMs] of [
    ['S1', 0],
    ['S2', 400],
    ['S3', 0],
    ['S4', 0],
    ['S5', -250],
  ] as const) {
    const own = lines.filter((line) => line.includes(`"node":"${node}"`));
    const shifted = own.map((line) =>
      line.replace(/"time":([\d.]+)/, (_, time) => `"time":${(Number(time) * 1000 + offsetMs * 1000) / 1000}`),
    );
    writeFileSync(join(folder, `${node}.ndjson`), `${shifted.join('\n')}\n`);
  }
  const log = await openLog(folder);
  const [parts, other] = [sharingOf(log), new SharedLog()];
  tell(parts, other);
  await log.done;
  const part = parts.next();
  assert.ok(part.isReset && part.isDone);
  other.add(structuredClone(part));
  sameEvents(log, other);
  log.close();
});

sharing('grows, and starts again after it was truncated', async () => {
  const path = join(temporaryFolder(), 'events.ndjson');
  const text = textOfLog(ELECTION);
  writeFileSync(path, text);
  const log = await openLog(path, { follow: true });
  await log.done;
  const [parts, other] = [sharingOf(log), new SharedLog()];
  tell(parts, other);
  appendFileSync(path, text.slice(0, text.indexOf('\n') + 1));
  await until(() => log.size > ELECTION.length);
  const more = parts.next();
  assert.ok(!more.isReset);
  other.add(structuredClone(more));
  sameEvents(log, other);
  truncateSync(path, 0);
  writeFileSync(path, readFileSync(join(FIXTURES, 'etcd-trace.ndjson'), 'utf8').slice(0, 10) + '\n');
  await until(() => log.size === 1);
  const anew = parts.next();
  assert.ok(anew.isReset);
  other.add(structuredClone(anew));
  sameEvents(log, other);
  parts.end();
  log.close();
});

sharing('is read by a thread through the descriptor that is open', async () => {
  const path = join(temporaryFolder(), 'events.ndjson');
  writeFileSync(path, textOfLog(ELECTION));
  const log = await openLog(path);
  await log.done;
  const script = `
    const { parentPort } = require('node:worker_threads');
    parentPort.once('message', async (part) => {
      const { SharedLog } = await import(${JSON.stringify(FACE)});
      const log = new SharedLog();
      log.add(part);
      parentPort.postMessage(Array.from({ length: log.size }, (_, row) => log.event(row)));
    });`;
  const worker = new Worker(script, { eval: true });
  const events = await new Promise((resolve, reject) => {
    worker.once('message', resolve).once('error', reject);
    worker.postMessage(sharingOf(log).next());
  });
  await worker.terminate();
  assert.equal(
    events,
    Array.from({ length: log.size }, (_, row) => log.event(row)),
  );
  log.close();
});

sharing('cannot be what only this thread has in memory', () => {
  const log = openText(textOfLog(ELECTION));
  assert.is(shareRows(log), null);
  log.close();
});
