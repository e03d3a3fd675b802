/**
 * What `raftlens check FILE` costs from the file to the verdict: reading, splitting, indexing, decoding and checking, in one thread. The
 * log is a generated one (packages/log-store/bench/generate.ts); give a size after `--`, as in `npm run bench -- check -- 400MiB`. CPU time
 * of this process: the first reading, with the compilation in it, and the median of five more. Prints a Markdown table.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openLog } from '@raftlens/log-store';
import { checkStore, type LogCheck } from '../src/check/log-check.ts';
import { checkFile } from '../src/commands/check-file.ts';

const ROUNDS = 5;
const GENERATOR = fileURLToPath(new URL('../../../../packages/log-store/dist/bench/generate.js', import.meta.url));

const folder = mkdtempSync(join(tmpdir(), 'raftlens-bench-'));
try {
  const path = join(folder, 'events.ndjson');
  execFileSync(process.execPath, [GENERATOR, process.argv[2] ?? '100MiB', path]);
  await run(path);
} finally {
  rmSync(folder, { recursive: true });
}

async function run(path: string): Promise<void> {
  const first = await cpuMsOf(() => Promise.resolve(checkFile([path], {})));
  const load = loadavg()[0]?.toFixed(1) ?? '?';
  console.log(
    `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown CPU'}, load average ${load}; ${first.events} events.\n`,
  );
  console.log('| from the file to the verdict | CPU ms | k events/s |\n| --- | ---: | ---: |');
  row('first file of a process', first);
  row(`median of ${ROUNDS} more`, await median(() => Promise.resolve(checkFile([path], {}))));
  row('the same, opened as a whole: with the index that shows lines', await median(() => opened(path)));
}

async function opened(path: string): Promise<LogCheck> {
  const store = await openLog(path, { workers: 0 });
  await store.done;
  const check = checkStore(store);
  store.close();
  return check;
}

interface Cost {
  readonly ms: number;
  readonly events: number;
}

async function median(run: () => Promise<LogCheck | null>): Promise<Cost> {
  const costs: Cost[] = [];
  for (let round = 0; round < ROUNDS; round += 1) costs.push(await cpuMsOf(run));
  costs.sort((a, b) => a.ms - b.ms);
  return costs[Math.floor(ROUNDS / 2)] ?? { ms: Number.NaN, events: 0 };
}

async function cpuMsOf(run: () => Promise<LogCheck | null>): Promise<Cost> {
  const start = process.cpuUsage();
  const report = (await run())?.finish();
  const { user, system } = process.cpuUsage(start);
  if (report === undefined || report.first !== null)
    throw new Error(`the log of the bench is not healthy: ${report?.first?.why ?? 'it cannot be read'}`);
  return { ms: (user + system) / 1000, events: report.checkedEvents };
}

function row(name: string, { ms, events }: Cost): void {
  console.log(`| ${name} | ${ms.toFixed(0)} | ${(events / ms).toFixed(0)} |`);
}
