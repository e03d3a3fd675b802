/**
 * What a second core brings: the same seeds of a scenario with `--jobs 1` and with `--jobs 2`, in turn, whole processes with their start-up.
 * The goal is 1.8 times, on a machine whose two cores have nothing else to do: its load is printed beside.
 *
 * `npm run bench -- cores -- --seeds 2000 --rounds 2`
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const TOOL = fileURLToPath(new URL('../../bin/run-until-fail.mjs', import.meta.url));
const { values } = parseArgs({ options: { seeds: { type: 'string', default: '2000' }, rounds: { type: 'string', default: '2' } } });
const seeds = Number(values.seeds);
const rounds = Number(values.rounds);
if (!Number.isInteger(seeds) || seeds < 1) throw new RangeError(`--seeds is a whole number above 0, not "${values.seeds}"`);
if (!Number.isInteger(rounds) || rounds < 1) throw new RangeError(`--rounds is a whole number above 0, not "${values.rounds}"`);
/** How many seeds of a scenario take about as long as one of swarm. */
const SCENARIOS = { swarm: 1, 'initial-election': 10 };

const logs = mkdtempSync(join(tmpdir(), 'cores-bench-'));

function secondsOf(scenario: string, runs: number, jobs: number): number {
  const words = ['sim', scenario, '--seeds', `1..${runs}`, '--jobs', String(jobs)];
  const startedMs = performance.now();
  const { status } = spawnSync(process.execPath, [TOOL, ...words], { stdio: 'ignore', env: { ...process.env, RAFTLENS_LOGS: logs } });
  if (status !== 0) throw new Error(`run-until-fail ${words.join(' ')} ended with ${String(status)}`);
  return (performance.now() - startedMs) / 1000;
}

console.log(
  `Node ${process.version}, ${availableParallelism()} x ${cpus()[0]?.model ?? 'unknown CPU'}, load average ` +
    `${loadavg()[0]?.toFixed(1) ?? '?'} at the start; the best of ${rounds} rounds.\n`,
);
console.log(
  '| scenario | seeds | --jobs 1, s | --jobs 2, s | seeds/s with 2 | times as fast |\n| --- | ---: | ---: | ---: | ---: | ---: |',
);
try {
  for (const [scenario, factor] of Object.entries(SCENARIOS)) {
    const runs = Math.ceil(seeds * factor);
    let [one, two] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (let round = 0; round < rounds; round += 1) {
      one = Math.min(one, secondsOf(scenario, runs, 1));
      two = Math.min(two, secondsOf(scenario, runs, 2));
    }
    console.log(`| ${[scenario, runs, one.toFixed(1), two.toFixed(1), (runs / two).toFixed(0), (one / two).toFixed(2)].join(' | ')} |`);
  }
} finally {
  rmSync(logs, { recursive: true, force: true });
}
