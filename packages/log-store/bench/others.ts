import { spawnSync } from 'node:child_process';
import { closeSync, copyFileSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rate, row } from './table.ts';

/** Where the optional DuckDB is installed. */
const TOOL = fileURLToPath(new URL('../../../../tools/raftlens/', import.meta.url));
const DOCS = fileURLToPath(new URL('../../../../docs/', import.meta.url));
/** Tools that read less than 50 MB a second are asked about logs up to here. */
const SLOW_BYTES_MAX = 1.2 * 2 ** 30;

interface Other {
  readonly what: string;
  readonly command: string;
  readonly argv: readonly string[];
  readonly isSlow?: boolean;
}

/** Tools that a user would reach for otherwise, each asked for the nearest thing that it does. */
export function others(path: string, bytes: number): void {
  const all: readonly Other[] = [
    { what: '`rg -c` of a text that is not there', command: 'rg', argv: ['-c', 'no such text', path] },
    { what: '`rg -c` of an opcode and a node', command: 'rg', argv: ['-c', '"node":"S2".*"op":"AppendEntries"', path] },
    {
      what: 'DuckDB: `count(*)` where the first filter holds',
      command: process.execPath,
      argv: ['--input-type=module', '-e', duckScript(path)],
    },
    {
      what: '`lnav -n` counting by its SQL (format of docs/emitters)',
      command: 'lnav',
      argv: ['-I', lnavFolder(path), '-n', '-c', ';select count(*) from raftlens_log', path],
      isSlow: true,
    },
    {
      what: '`jq` of the same as the first filter',
      command: 'jq',
      argv: ['-c', 'select(.node == "S2" and .op == "AppendEntries" and .term >= 3) | .seq', path],
      isSlow: true,
    },
    { what: '`pino-pretty`', command: 'pino-pretty', argv: [], isSlow: true },
  ];
  for (const { what, command, argv, isSlow } of all) {
    if (isSlow === true && bytes > SLOW_BYTES_MAX) {
      row(what, Number.NaN, 'not asked about so large a log');
      continue;
    }
    const ms = timed(command, argv, path);
    row(what, ms, Number.isNaN(ms) ? 'not on this machine' : rate(bytes, ms));
  }
}

/** lnav's own folder for this run, with the format that raftlens brings. */
function lnavFolder(path: string): string {
  const folder = `${path}.lnav`;
  mkdirSync(join(folder, 'formats', 'raftlens'), { recursive: true });
  copyFileSync(join(DOCS, 'emitters', 'raftlens.lnav.json'), join(folder, 'formats', 'raftlens', 'raftlens.json'));
  return folder;
}

function duckScript(path: string): string {
  const query = `select count(*) from read_ndjson_auto('${path}') where node = 'S2' and op = 'AppendEntries' and term >= 3`;
  return `const { DuckDBInstance } = await import('@duckdb/node-api'); const db = await (await DuckDBInstance.create()).connect(); await db.runAndReadAll(${JSON.stringify(query)});`;
}

/** One run, with the file as standard input for tools that take no name; NaN where there is no such tool, or it fails. */
function timed(command: string, argv: readonly string[], path: string): number {
  const stdin = openSync(path, 'r');
  const startedAt = performance.now();
  const { error, status } = spawnSync(command, argv, { stdio: [stdin, 'ignore', 'ignore'], cwd: TOOL });
  closeSync(stdin);
  const ms = performance.now() - startedAt;
  // ripgrep says 1 where nothing matches.
  return error === undefined && (status ?? 2) <= 1 ? ms : Number.NaN;
}
