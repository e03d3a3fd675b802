/**
 * Reading a generated log: `npm run bench -- log-store -- [SIZE]`, 100MiB by default. Beside it what else is on the machine. Every
 * figure is the best of a few rounds: of raftlens, where nothing else is said, the processor time, of the others the time that they took.
 */
import { closeSync, openSync, readSync, rmSync, statSync, writeSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { linearPattern } from '@raftlens/patterns';
import { type LogStore, openLog } from '../src/index.ts';
import { foreign } from './foreign.ts';
import { bytesOf, writeLog } from './generate.ts';
import { openings } from './openings.ts';
import { others } from './others.ts';
import { best, processorMs, rate, row } from './table.ts';

/** Large logs take long to read once. */
const LARGE_BYTES = 2 ** 29;
const size = process.argv[2] ?? '100MiB';
const path = join(tmpdir(), `raftlens-bench-${process.pid}.ndjson`);
const halves = [`${path}.1.ndjson`, `${path}.2.ndjson`];

try {
  const events = writeLog(path, bytesOf(size));
  const bytes = statSync(path).size;
  const rounds = bytes < LARGE_BYTES ? 5 : 1;
  const machine = `${cpus()[0]?.model ?? ''}, ${availableParallelism()} processors, load ${(loadavg()[0] ?? 0).toFixed(1)}`;
  console.log(`${size}, ${events.toLocaleString('en')} events, ${Math.round(bytes / events)} B a line; ${machine}\n`);
  console.log('| what | ms | |\n| --- | ---: | --- |');
  openings(path, bytes, rounds);
  await reading(bytes, events, rounds);
  if (bytes < LARGE_BYTES) {
    await merging(bytes);
    await foreign(path);
  }
  others(path, bytes);
} finally {
  for (const file of [path, `${path}.rlindex`, `${path}.lnav`, ...halves]) rmSync(file, { force: true, recursive: true });
}

/** What a user does with a log that is open. */
async function reading(bytes: number, events: number, rounds: number): Promise<void> {
  const indexMs = await best(rounds, async () => (await indexed({ workers: 0 })).close());
  row('whole index again, one thread', indexMs, rate(bytes, indexMs));
  const log = await indexed({ workers: 0 });
  for (const filter of ['node=S2 op=AppendEntries term>=3', '!heartbeat role=leader', 'heartbeat or dir=recv commit>1000']) {
    let count = 0;
    const ms = await best(5, async () => {
      count = (await log.filter(filter)).length;
    });
    row(`filter \`${filter}\``, ms, `${count.toLocaleString('en')} rows, ${((ms / events) * 5e6).toFixed(0)} ms for 5 M events`);
  }
  const textMs = await best(rounds, async () => void (await log.search('no such text', 0, 'forward')));
  row('search for a text that is not there', textMs, rate(bytes, textMs));
  const patternMs = await best(rounds, async () => void (await log.search(linearPattern('T7 .*match=99999999'), 0, 'forward')));
  row('search for a regular expression that matches nothing', patternMs, rate(bytes, patternMs));
  row('a screen of 60 rows somewhere: events, texts, partners', await best(5, () => Promise.resolve(screen(log, events))), 'mean of 200');
  row('the state of every server at some row', await best(5, () => Promise.resolve(states(log, events))), 'mean of 200');
  log.close();
  (await indexed({ workers: 0, keepIndex: true })).close();
  const keptMs = await best(rounds, async () => (await indexed({ keepIndex: true })).close());
  row('whole index, from the index that is kept beside the file', keptMs, rate(bytes, keptMs));
}

/** The same log as two files of half the size, which go in turn every 64 KiB. */
async function merging(bytes: number): Promise<void> {
  deal(path, halves);
  const ms = await best(3, async () => (await indexed({ workers: 0 }, halves)).close());
  row('the same log as two files, merged by time, one thread', ms, rate(bytes, ms));
}

async function indexed(options: Parameters<typeof openLog>[1], paths: string | string[] = path): Promise<LogStore> {
  const log = await openLog(paths, options);
  await log.done;
  return log;
}

/** Deals the lines of a file out to others. */
function deal(from: string, to: readonly string[]): void {
  const [source, ...targets] = [openSync(from, 'r'), ...to.map((file) => openSync(file, 'w'))];
  const buffer = Buffer.alloc(1 << 16);
  for (let at = 0, turn = 0; ; turn++) {
    const count = readSync(source, buffer, 0, buffer.length, at);
    const used = buffer.lastIndexOf('\n', count - 1) + 1;
    if (count === 0 || used === 0) break;
    writeSync(targets[turn % targets.length] ?? source, buffer, 0, used);
    at += used;
  }
  for (const fd of [source, ...targets]) closeSync(fd);
}

/** Random rows, the same in every round. */
function* someRows(events: number): Generator<number> {
  for (let i = 0, at = 12345; i < 200; i++, at = (at * 7919 + 104_729) % (events - 100)) yield at;
}

function screen(log: LogStore, events: number): number {
  const startedMs = processorMs();
  for (const first of someRows(events)) {
    for (let at = first; at < first + 60; at++) {
      log.text(at);
      log.partnerOf(at);
    }
  }
  return (processorMs() - startedMs) / 200;
}

function states(log: LogStore, events: number): number {
  const startedMs = processorMs();
  for (const at of someRows(events)) log.stateAt(at);
  return (processorMs() - startedMs) / 200;
}
