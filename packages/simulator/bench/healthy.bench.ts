/**
 * How often a checker gives a false alarm: every scenario, on both structures as far as they can, seed after seed on the healthy core. Each report is
 * a false alarm, or a bug of the core; either fails the benchmark. Prints a Markdown table of the seeds that were run.
 *
 * `npm run bench -- healthy -- --seconds 10 --least 500 --from 1`: each scenario gets so many seconds on each structure, and at least so many
 * seeds, from that seed on; `--jobs` says in how many threads.
 */
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { allScenarios, runScenario, SimulatorError, type StructureName } from '../src/index.ts';

const STRUCTURES: readonly StructureName[] = ['state-machine', 'locked'];

/** What a thread is asked for: the seeds `from`, `from + stride`, `from + 2 stride`, ... of all scenarios. */
interface Share {
  readonly from: number;
  readonly stride: number;
  readonly ms: number;
  readonly least: number;
}

/** What came of one scenario on one structure; no seed at all where the structure lacks what the scenario needs. */
interface Tally {
  readonly scenario: string;
  readonly structure: StructureName;
  readonly seeds: number;
  readonly events: number;
  readonly reports: readonly string[];
}

async function tallyOf(scenario: string, structure: StructureName, { from, stride, ms, least }: Share): Promise<Tally> {
  const reports: string[] = [];
  const end = performance.now() + ms;
  let [seeds, events] = [0, 0];
  try {
    for (; seeds < least || performance.now() < end; seeds += 1) {
      const seed = String(from + seeds * stride);
      const outcome = await runScenario(scenario, { seed, structure });
      events += outcome.events;
      if (outcome.failure !== null) reports.push(`${scenario} on ${structure}, seed ${seed}: ${outcome.failure.message}`);
    }
  } catch (error) {
    if (!(error instanceof SimulatorError && error.code === 'NO_SUCH_FEATURE')) throw error;
  }
  return { scenario, structure, seeds, events, reports };
}

async function work(share: Share): Promise<void> {
  for (const { name } of allScenarios()) {
    for (const structure of STRUCTURES) parentPort?.postMessage(await tallyOf(name, structure, share));
  }
}

function hire(share: Share): Promise<Tally[]> {
  const tallies: Tally[] = [];
  const worker = new Worker(new URL(import.meta.url), { workerData: share });
  worker.on('message', (tally: Tally) => {
    tallies.push(tally);
    for (const report of tally.reports) console.error(report);
  });
  return new Promise((resolve, reject) => {
    worker.on('error', reject);
    worker.on('exit', () => resolve(tallies));
  });
}

/** What all threads did with one scenario, or with all. */
function totalOf(tallies: readonly Tally[]): { seeds: Record<StructureName, number>; events: number; reports: number } {
  const total = { seeds: { 'state-machine': 0, locked: 0 }, events: 0, reports: 0 };
  for (const { structure, seeds, events, reports } of tallies) {
    total.seeds[structure] += seeds;
    total.events += events;
    total.reports += reports.length;
  }
  return total;
}

function row(name: string, tallies: readonly Tally[]): string {
  const { seeds, events, reports } = totalOf(tallies);
  const count = (of: number): string => of.toLocaleString('en-US');
  return `| ${[name, count(seeds['state-machine']), count(seeds.locked), count(events), reports].join(' | ')} |`;
}

async function campaign(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { seconds: text, least: text, from: text, jobs: text } });
  const number = (name: keyof typeof values, usual: number): number => {
    const value = Number(values[name] ?? usual);
    if (!(value >= 0)) throw new RangeError(`--${name} is a number from 0 on, not "${values[name]}"`);
    return value;
  };
  const jobs = Math.max(1, number('jobs', availableParallelism()));
  const share = { stride: jobs, ms: number('seconds', 0.2) * 1000, least: Math.ceil(number('least', 10) / jobs) };
  const from = number('from', 1);
  const tallies = (await Promise.all(Array.from({ length: jobs }, (_, nth) => hire({ ...share, from: from + nth })))).flat();
  console.log(`Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown CPU'}, ${jobs} threads.\n`);
  console.log('| scenario | seeds, state machine | seeds, locked | checked events | reports |\n| --- | ---: | ---: | ---: | ---: |');
  for (const { name } of allScenarios()) {
    console.log(
      row(
        name,
        tallies.filter(({ scenario }) => scenario === name),
      ),
    );
  }
  console.log(row('**all**', tallies));
  if (tallies.some(({ reports }) => reports.length > 0)) process.exitCode = 1;
}

await (isMainThread ? campaign() : work(workerData as Share));
