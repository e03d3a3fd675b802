/**
 * Reading a generated log: `npm run bench -- log-store -- [SIZE]`, 100MiB by default. Beside it the tools that are on the machine,
 * each asked for the nearest thing that it does. Every figure is the best of a few rounds: the others tell of other work.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, copyFileSync, mkdirSync, openSync, rmSync, statSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type LogStore, openLog } from '../src/index.ts';
import { bytesOf, writeLog } from './generate.ts';

const ROUNDS = 5;
const FACE = fileURLToPath(new URL('../src/index.js', import.meta.url));
/** Where the optional DuckDB is installed. */
const TOOL = fileURLToPath(new URL('../../../../tools/raftlens/', import.meta.url));
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
  for (const file of [path, `${path}.rlindex`, `${path}.lnav`]) rmSync(file, { force: true, recursive: true });
}

async function ours(bytes: number, events: number): Promise<void> {
  const cold = coldScreen();
  row('first screen, in a new process: openLog until it resolves', cold, '');
  for (const workers of [0, 1, 2]) {
    const ms = await best(async () => (await indexed({ workers })).close());
    row(`whole index, ${workers === 0 ? 'no threads' : `${workers} thread${workers === 1 ? '' : 's'}`}`, ms, rate(bytes, ms));
  }
  row('memory of a new process with the whole index', Number.NaN, memoryOf(events));
  const log = await indexed({ workers: 0 });
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
  const script = `const { openLog } = await import(${JSON.stringify(FACE)}); const t = performance.now(); const log = await openLog(${JSON.stringify(path)}); log.event(30); console.log(performance.now() - t); log.close();`;
  const times = Array.from({ length: ROUNDS }, () =>
    Number(spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }).stdout),
  );
  return Math.min(...times);
}

/** What the process takes with the index, and with nothing but the module. */
function memoryOf(events: number): string {
  const script = `const { openLog } = await import(${JSON.stringify(FACE)}); const before = process.memoryUsage().rss; const log = await openLog(${JSON.stringify(path)}, { workers: 0 }); await log.done; globalThis.gc(); console.log(before, process.memoryUsage().rss); log.close();`;
  const { stdout } = spawnSync(process.execPath, ['--expose-gc', '--input-type=module', '-e', script], { encoding: 'utf8' });
  const [before = Number.NaN, after = Number.NaN] = stdout.trim().split(' ').map(Number);
  const allowed = ((40 * events) / 1e6 + 100).toFixed(0);
  return `${(after / 1e6).toFixed(0)} MB, ${(before / 1e6).toFixed(0)} of them before; the bound is ${allowed} (40 B an event + 100 MB)`;
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
      argv: ['-I', lnavFolder(), '-n', '-c', ';select count(*) from raftlens_log', path],
    },
    { what: '`pino-pretty`', command: 'pino-pretty', argv: [] },
    {
      what: 'DuckDB: `count(*)` where the first filter holds',
      command: process.execPath,
      argv: ['--input-type=module', '-e', duckScript()],
    },
  ];
  for (const { what, command, argv } of all) {
    const ms = timed(command, argv);
    if (ms === null) row(what, Number.NaN, 'not on this machine');
    else row(what, ms, rate(bytes, ms));
  }
}

/** lnav's own folder for this run, with the format that raftlens brings. */
function lnavFolder(): string {
  const folder = `${path}.lnav`;
  mkdirSync(join(folder, 'formats', 'raftlens'), { recursive: true });
  copyFileSync(join(TOOL, '..', '..', 'docs', 'emitters', 'raftlens.lnav.json'), join(folder, 'formats', 'raftlens', 'raftlens.json'));
  return folder;
}

function duckScript(): string {
  const query = `select count(*) from read_ndjson_auto('${path}') where node = 'S2' and op = 'AppendEntries' and term >= 3`;
  return `const { DuckDBInstance } = await import('@duckdb/node-api'); const db = await (await DuckDBInstance.create()).connect(); await db.runAndReadAll(${JSON.stringify(query)});`;
}

/** One run, with the file as standard input for tools that take no name; null where there is no such tool, or it fails. */
function timed(command: string, argv: readonly string[]): number | null {
  const stdin = openSync(path, 'r');
  const startedAt = process.hrtime.bigint();
  const { error, status } = spawnSync(command, argv, { stdio: [stdin, 'ignore', 'ignore'], cwd: TOOL });
  closeSync(stdin);
  const ms = Number(process.hrtime.bigint() - startedAt) / 1e6;
  // ripgrep says 1 where nothing matches.
  return error === undefined && (status ?? 2) <= 1 ? ms : null;
}

function row(what: string, ms: number, note: string): void {
  console.log(`| ${what} | ${Number.isNaN(ms) ? '' : ms < 10 ? ms.toFixed(2) : ms.toFixed(0)} | ${note} |`);
}

function rate(bytes: number, ms: number): string {
  return `${Math.round(bytes / 1000 / ms).toLocaleString('en')} MB/s`;
}
