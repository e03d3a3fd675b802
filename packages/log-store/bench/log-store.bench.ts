/**
 * Reading a generated log: `npm run bench -- log-store -- [SIZE]`, 100MiB by default. Beside it the tools that are on the machine,
 * each asked for the nearest thing that it does. Every figure is the best of a few rounds: the others tell of other work.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, rmSync, statSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type LogStore, openLog } from '../src/index.ts';
import { bytesOf, writeLog } from './generate.ts';

const ROUNDS = 5;
const size = process.argv[2] ?? '100MiB';
const path = join(tmpdir(), `raftlens-bench-${process.pid}.ndjson`);

try {
  const events = writeLog(path, bytesOf(size));
  const bytes = statSync(path).size;
  console.log(
    `${size}, ${events.toLocaleString('en')} events, ${Math.round(bytes / events)} B a line; ${cpus()[0]?.model ?? ''}, ${availableParallelism()} processors\n`,
  );
  console.log('| what | ms | |\n| --- | ---: | --- |');
  await ours(bytes, events);
  others(bytes);
} finally {
  for (const file of [path, `${path}.rlindex`]) rmSync(file, { force: true });
}

async function ours(bytes: number, events: number): Promise<void> {
  const cold = coldScreen();
  row('first screen, in a new process: openLog until it resolves', cold, '');
  for (const workers of [0, 1, 2]) {
    const ms = await best(async () => (await indexed({ workers })).close());
    row(`whole index, ${workers === 0 ? 'no threads' : `${workers} thread${workers === 1 ? '' : 's'}`}`, ms, rate(bytes, ms));
  }
  const before = memoryBytes();
  const log = await indexed({ workers: 0 });
  row('memory of the index', Number.NaN, `${((memoryBytes() - before) / events).toFixed(1)} B an event`);
  for (const filter of ['node=S2 op=AppendEntries term>=3', '!heartbeat role=leader', 'heartbeat or dir=recv commit>1000']) {
    let count = 0;
    const ms = await best(async () => {
      count = (await log.filter(filter)).length;
    });
    row(`filter \`${filter}\``, ms, `${count.toLocaleString('en')} rows, ${((ms / events) * 5e6).toFixed(0)} ms for 5 M events`);
  }
  const textMs = await best(async () => void (await log.search('no such text', 0, 'forward')));
  row('search for a text that is not there', textMs, rate(bytes, textMs));
  const patternMs = await best(async () => void (await log.search(/T7 .*match=99999999/, 0, 'forward')));
  row('search for a regular expression that matches nothing', patternMs, rate(bytes, patternMs));
  row('a screen of 60 rows somewhere: events, texts, partners', await best(() => Promise.resolve(screen(log, events))), 'mean of 200');
  row('the state of every server at some row', await best(() => Promise.resolve(states(log, events))), 'mean of 200');
  log.close();
  (await indexed({ workers: 0, keepIndex: true })).close();
  const keptMs = await best(async () => (await indexed({ keepIndex: true })).close());
  row('whole index, from the index that is kept beside the file', keptMs, rate(bytes, keptMs));
}

async function indexed(options: Parameters<typeof openLog>[1]): Promise<LogStore> {
  const log = await openLog(path, options);
  await log.done;
  return log;
}

/** Random rows, the same in every round. */
function* someRows(events: number): Generator<number> {
  for (let i = 0, row = 12345; i < 200; i++, row = (row * 7919 + 104_729) % (events - 100)) yield row;
}

function screen(log: LogStore, events: number): number {
  const startedAt = process.hrtime.bigint();
  for (const first of someRows(events)) {
    for (let row = first; row < first + 60; row++) {
      log.text(row);
      log.partnerOf(row);
    }
  }
  return Number(process.hrtime.bigint() - startedAt) / 1e6 / 200;
}

function states(log: LogStore, events: number): number {
  const startedAt = process.hrtime.bigint();
  for (const row of someRows(events)) log.stateAt(row);
  return Number(process.hrtime.bigint() - startedAt) / 1e6 / 200;
}

/** The time of the quickest round: what `round` measures itself, or what it takes. */
async function best(round: () => Promise<number | void>): Promise<number> {
  let bestMs = Number.POSITIVE_INFINITY;
  for (let i = 0; i < ROUNDS; i++) {
    const startedAt = process.hrtime.bigint();
    const measured = await round();
    bestMs = Math.min(bestMs, measured ?? Number(process.hrtime.bigint() - startedAt) / 1e6);
  }
  return bestMs;
}

/** Without what a process has compiled already: a user opens one log. */
function coldScreen(): number {
  const face = fileURLToPath(new URL('../src/index.js', import.meta.url));
  const script = `const { openLog } = await import(${JSON.stringify(face)}); const t = performance.now(); const log = await openLog(${JSON.stringify(path)}); log.event(30); console.log(performance.now() - t); log.close();`;
  const times = Array.from({ length: ROUNDS }, () =>
    Number(spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }).stdout),
  );
  return Math.min(...times);
}

function memoryBytes(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return heapUsed + Math.max(external, arrayBuffers);
}

interface Other {
  readonly what: string;
  readonly command: string;
  readonly argv: readonly string[];
}

/** Tools that a user would reach for otherwise. */
function others(bytes: number): void {
  const all: readonly Other[] = [
    { what: '`rg -c` of a text that is not there', command: 'rg', argv: ['-c', 'no such text', path] },
    { what: '`rg -c` of an opcode and a node', command: 'rg', argv: ['-c', '"node":"S2".*"op":"AppendEntries"', path] },
    {
      what: '`jq` of the same as the first filter',
      command: 'jq',
      argv: ['-c', 'select(.node == "S2" and .op == "AppendEntries" and .term >= 3) | .seq', path],
    },
    {
      what: '`lnav -n` counting by its SQL (format of docs/emitters)',
      command: 'lnav',
      argv: ['-n', '-c', ';select count(*) from raftlens_log', path],
    },
    { what: '`pino-pretty`', command: 'pino-pretty', argv: [] },
    {
      what: 'DuckDB: `count(*)` where the first filter holds',
      command: 'duckdb',
      argv: ['-c', `select count(*) from read_ndjson_auto('${path}') where node = 'S2' and op = 'AppendEntries' and term >= 3`],
    },
  ];
  for (const { what, command, argv } of all) {
    const ms = timed(command, argv);
    if (ms === null) row(what, Number.NaN, `${command} is not on this machine`);
    else row(what, ms, rate(bytes, ms));
  }
}

/** One run, with the file as standard input for tools that take no name; null where there is no such tool. */
function timed(command: string, argv: readonly string[]): number | null {
  const stdin = openSync(path, 'r');
  const startedAt = process.hrtime.bigint();
  const { error } = spawnSync(command, argv, { stdio: [stdin, 'ignore', 'ignore'] });
  closeSync(stdin);
  return error === undefined ? Number(process.hrtime.bigint() - startedAt) / 1e6 : null;
}

function row(what: string, ms: number, note: string): void {
  console.log(`| ${what} | ${Number.isNaN(ms) ? '' : ms < 10 ? ms.toFixed(2) : ms.toFixed(0)} | ${note} |`);
}

function rate(bytes: number, ms: number): string {
  return `${Math.round(bytes / 1000 / ms).toLocaleString('en')} MB/s`;
}
