/**
 * How many runs of /bin/true a second, beside xargs and GNU parallel in the same minute, and what memory the tool takes as the runs go on and
 * when they print much. `--runs N` sets how long the session is whose memory is watched.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const TOOL = fileURLToPath(new URL('../../bin/run-until-fail.mjs', import.meta.url));
const SPEED_RUNS = 4000;
const OUTPUT_BYTES = 100_000_000;
const MEMORY_ROWS = 10;

const { values } = parseArgs({ options: { runs: { type: 'string', default: '16000' } } });
const memoryRuns = Number(values.runs);
const folder = mkdtempSync(join(tmpdir(), 'runner-bench-'));
const environment = { ...process.env, RAFTLENS_LOGS: join(folder, 'logs') };

console.log(`${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)} (others were at work when this is above 1)\n`);
compareSpeed();
await watchMemory();
await watchOutput();
rmSync(folder, { recursive: true, force: true });

function compareSpeed(): void {
  const numbers = (count: number): string => Array.from({ length: count }, (_, at) => `${at}\n`).join('');
  const ours = ['--runs', String(SPEED_RUNS), '--jobs', '8', '--report', join(folder, 'report.json'), '--', '/bin/true'];
  console.log('| tool | runs | runs/s, start-up included | without | CPU ms a run | what is known afterwards |');
  console.log('| --- | ---: | ---: | ---: | ---: | --- |');
  for (const launcher of ['perl', 'node']) {
    const measured = measure([process.execPath, TOOL, ...ours], '', { RUN_UNTIL_FAIL_LAUNCHER: launcher });
    const { elapsedMs } = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as { elapsedMs: number };
    const known = 'verdict, time, seed, folder and output of each run';
    printSpeed(`run-until-fail --jobs 8, launcher in ${launcher}`, SPEED_RUNS, measured, known, elapsedMs / 1000);
  }
  printSpeed('xargs -P8 -n1', SPEED_RUNS, measure(['xargs', '-P8', '-n1', '/bin/true'], numbers(SPEED_RUNS)), 'whether any failed');
  if (spawnSync('parallel', ['--version']).status !== 0) return;
  const fewer = SPEED_RUNS / 4;
  printSpeed('parallel -j8', fewer, measure(['parallel', '-j8', '/bin/true {}'], numbers(fewer)), 'whether any failed');
}

interface Measure {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

function printSpeed(name: string, runs: number, { seconds, cpuSeconds }: Measure, known: string, bareSeconds?: number): void {
  const bare = bareSeconds === undefined ? '' : Math.round(runs / bareSeconds);
  console.log(`| ${name} | ${runs} | ${Math.round(runs / seconds)} | ${bare} | ${((1000 * cpuSeconds) / runs).toFixed(2)} | ${known} |`);
}

/** Wall time, and the processor time of a command with all its children, which does not depend on what else the machine does. */
function measure(words: readonly string[], input: string, variables: NodeJS.ProcessEnv = {}): Measure {
  const startedMs = performance.now();
  const { stdout, status } = spawnSync('sh', ['-c', '"$@" >/dev/null 2>&1 || exit; times', 'sh', ...words], {
    input,
    encoding: 'utf8',
    env: { ...environment, ...variables },
  });
  if (status !== 0) throw new Error(`${words.join(' ')} ended with ${String(status)}`);
  const children = stdout.trim().split('\n')[1] ?? '';
  const cpuSeconds = [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, rest]) => sum + 60 * Number(minutes) + Number(rest),
    0,
  );
  return { seconds: (performance.now() - startedMs) / 1000, cpuSeconds };
}

/** What the tool and its launcher hold as the runs go on. */
async function watchMemory(): Promise<void> {
  console.log('\n| runs so far | tool, MiB | launcher, MiB |\n| ---: | ---: | ---: |');
  const child = startTool(['--runs', String(memoryRuns), '--jobs', '8', '--', '/bin/true']);
  let next = 0;
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    const runs = Number(/^([\d,]+) runs/m.exec(text)?.[1]?.replaceAll(',', '') ?? 0);
    if (runs < next) return;
    next = runs + memoryRuns / MEMORY_ROWS;
    console.log(`| ${runs} | ${memoryOf(child.pid).toFixed(0)} | ${memoryOf(launcherOf(child.pid)).toFixed(0)} |`);
  });
  await ended(child);
}

/** Large outputs go to the disk; patterns are looked for in pieces. */
async function watchOutput(): Promise<void> {
  console.log(`\n| 4 runs that print ${OUTPUT_BYTES / 1e6} MB each | s | tool at most, MiB |\n| --- | ---: | ---: |`);
  for (const options of [[], ['--failure', 'not in there']]) {
    const startedMs = performance.now();
    const print = `yes "a line of a test that says too much" | head -c ${OUTPUT_BYTES}`;
    const child = startTool(['--runs', '4', '--jobs', '2', ...options, '--', 'sh', '-c', print]);
    let most = 0;
    const timer = setInterval(() => {
      most = Math.max(most, memoryOf(child.pid));
    }, 20);
    await ended(child);
    clearInterval(timer);
    console.log(`| ${options.join(' ') || 'no pattern'} | ${((performance.now() - startedMs) / 1000).toFixed(1)} | ${most.toFixed(0)} |`);
  }
}

function startTool(words: readonly string[]): ChildProcess {
  return spawn(process.execPath, [TOOL, ...words], { stdio: ['ignore', 'ignore', 'pipe'], env: environment });
}

async function ended(child: ChildProcess): Promise<void> {
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`run-until-fail ended with ${String(code)}`);
}

function memoryOf(pid: number | undefined): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readOrEmpty(`/proc/${pid}/status`))?.[1] ?? 0) / 1024;
}

function launcherOf(pid: number | undefined): number | undefined {
  const children = readOrEmpty(`/proc/${pid}/task/${pid}/children`).trim().split(' ');
  return children[0] === '' ? undefined : Number(children[0]);
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
