/**
 * How fast the simulator is: one process, one core, checkers on, logs off. Times are CPU time of the process: other work on the
 * machine counts as little as possible. Prints Markdown tables.
 *
 * `npm run bench -- simulator -- --seeds 20`: how many seeds of each scenario are measured, after as many to warm up.
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { allScenarios, labNames, runScenario } from '../src/index.ts';

const { values } = parseArgs({ options: { seeds: { type: 'string', default: '10' } } });
const seeds = Number(values.seeds);
if (!Number.isInteger(seeds) || seeds < 1) throw new RangeError(`--seeds is a whole number above 0, not "${values.seeds}"`);

interface Measured {
  readonly name: string;
  readonly cpuMs: number;
  readonly virtualMs: number;
  readonly events: number;
  readonly steps: number;
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The mean over the seeds. A benchmark of runs that fail would measure something else. */
async function measure(name: string, prefix: string): Promise<Measured> {
  const sum = { virtualMs: 0, events: 0, steps: 0 };
  const start = cpuMs();
  for (let seed = 1; seed <= seeds; seed += 1) {
    const { failure, virtualMs, events, steps } = await runScenario(name, { seed: `${prefix}${seed}` });
    if (failure !== null) throw new Error(`${name}, seed ${prefix}${seed}: ${failure.message}`);
    sum.virtualMs += virtualMs;
    sum.events += events;
    sum.steps += steps;
  }
  return { name, cpuMs: (cpuMs() - start) / seeds, virtualMs: sum.virtualMs / seeds, events: sum.events / seeds, steps: sum.steps / seeds };
}

function row({ name, cpuMs: ms, virtualMs, events, steps }: Measured): string {
  const cells = [
    name,
    (virtualMs / 1000).toFixed(1),
    ms.toFixed(2),
    (virtualMs / ms).toFixed(0),
    steps.toFixed(0),
    events.toFixed(0),
    (events / ms / 1000).toFixed(2),
  ];
  return `| ${cells.join(' | ')} |`;
}

function total(name: string, rows: readonly Measured[]): Measured {
  const sum = (of: (row: Measured) => number): number => rows.reduce((so, each) => so + of(each), 0);
  return {
    name,
    cpuMs: sum((each) => each.cpuMs),
    virtualMs: sum((each) => each.virtualMs),
    events: sum((each) => each.events),
    steps: sum((each) => each.steps),
  };
}

console.log(
  `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown CPU'}; mean of ${seeds} seeds, CPU time, checkers on, logs off.\n`,
);
console.log('| scenario | virtual s | CPU ms | times real time | steps | checked events | M events/s |');
console.log('| --- | ---: | ---: | ---: | ---: | ---: | ---: |');
const names = allScenarios().map((scenario) => scenario.name);
for (let round = 0; round < 2; round += 1) for (const name of names) await measure(name, `warm${round}-`);
const rows: Measured[] = [];
for (const name of names) {
  const measured = await measure(name, '');
  rows.push(measured);
  console.log(row(measured));
}
console.log(
  row(
    total(
      '**one pass over the labs**',
      rows.filter(({ name }) => labNames.includes(name)),
    ),
  ),
);
