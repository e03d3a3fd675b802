/** How many runs of /bin/true a second, beside xargs and GNU parallel in the same minute, and how memory grows with the number of runs. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const TOOL = fileURLToPath(new URL('../../bin/run-until-fail.mjs', import.meta.url));
const RUNS = Number(process.argv[2] ?? 4000);
const MEMORY_RUNS = [RUNS, 4 * RUNS];

const logs = mkdtempSync(join(tmpdir(), 'runner-bench-'));

interface Measure {
  readonly seconds: number;
  readonly peakMiB: number;
}

/** Starts a tool, waits for it, and watches the memory of its first process. */
async function measure(program: string, words: readonly string[], input = ''): Promise<Measure> {
  const startedMs = performance.now();
  const child = spawn(program, words, { stdio: ['pipe', 'ignore', 'ignore'], env: { ...process.env, RAFTLENS_LOGS: logs } });
  child.stdin.end(input);
  let peakMiB = 0;
  const timer = setInterval(() => {
    peakMiB = Math.max(peakMiB, peakOf(child.pid ?? 0));
  }, 50);
  const code = await new Promise((resolve) => child.once('exit', resolve));
  clearInterval(timer);
  if (code !== 0) throw new Error(`${program} ended with ${String(code)}`);
  return { seconds: (performance.now() - startedMs) / 1000, peakMiB };
}

function peakOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

const list = `${Array.from({ length: RUNS }, (_, at) => at).join('\n')}\n`;
const ours = (runs: number): Promise<Measure> =>
  measure(process.execPath, [TOOL, '--runs', String(runs), '--jobs', '8', '--', '/bin/true']);
const rows: [string, number, Measure][] = [
  ['run-until-fail --jobs 8', RUNS, await ours(RUNS)],
  ['xargs -P8 -n1', RUNS, await measure('xargs', ['-P8', '-n1', '/bin/true'], list)],
];
if (spawnSync('parallel', ['--version']).status === 0) {
  rows.push([
    'parallel -j8',
    RUNS / 4,
    await measure(
      'parallel',
      ['-j8', '/bin/true {}'],
      list
        .split('\n')
        .slice(0, RUNS / 4)
        .join('\n'),
    ),
  ]);
}

console.log(
  `${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)} (others were at work when this is above 1), start-up included\n`,
);
console.log('| tool | runs | runs/s | what is known afterwards |\n| --- | ---: | ---: | --- |');
for (const [name, runs, { seconds }] of rows) {
  const known = name.startsWith('run-until-fail') ? 'verdict, time, seed, folder and output of each run' : 'whether any failed';
  console.log(`| ${name} | ${runs} | ${Math.round(runs / seconds)} | ${known} |`);
}
console.log('\n| runs | peak memory of the tool (MiB) |\n| ---: | ---: |');
for (const runs of MEMORY_RUNS) console.log(`| ${runs} | ${(await ours(runs)).peakMiB.toFixed(0)} |`);
rmSync(logs, { recursive: true, force: true });
