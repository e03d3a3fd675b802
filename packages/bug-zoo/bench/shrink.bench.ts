/**
 * How small common failures become, and how soon: bugs of the zoo, each found in its scenario, kept as a plan and shrunk. Times are CPU time of
 * the process, on one core; entries are the actions of the plan and the draws that are not calm. The goals are 5 s and 90 % fewer entries.
 *
 *     npm run bench -- shrink            ten bugs that many have had
 *     npm run bench -- shrink -- C1 E1   these
 */
import { cpus, loadavg } from 'node:os';
import { keepFailure, type PlanSize, runScenario, type Scenario, scenarioNamed, shrink } from '@raftlens/simulator';
import { loadCore, showing } from '../src/index.ts';

const COMMON = ['C1', 'C5', 'C9', 'E1', 'E5', 'E10', 'R1', 'R6', 'R8', 'S3'];
const RUNS_MAX = 5000;
/** Of real time: a benchmark on a busy machine is to measure how long shrinking takes, not to cut it short. */
const BUDGET_MS = 60_000;

function cpuS(since?: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
}

type How = Parameters<typeof runScenario>[1];

async function firstFailure(scenario: Scenario, how: Omit<How, 'seed'>): Promise<string> {
  for (let seed = 1; seed <= RUNS_MAX; seed += 1) {
    const { failure } = await runScenario(scenario, { ...how, seed: `${seed}` });
    if (failure !== null) return `${seed}`;
  }
  throw new Error(`${scenario.name} does not fail within ${RUNS_MAX} runs`);
}

const entries = ({ actions, deviations }: PlanSize): number => actions + deviations;

console.log(
  `Node ${process.version}, ${cpus()[0]?.model ?? 'unknown CPU'}, load average ${loadavg()[0]?.toFixed(1) ?? '?'} at the start.\n`,
);
console.log('| bug | scenario | entries | shrunk | fewer, % | events | shrunk | runs | CPU s | ended |');
console.log('| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |');
const wanted = process.argv.slice(2);
for (const id of wanted.length > 0 ? wanted : COMMON) {
  const { scenario: where, structure, race } = showing(id);
  const scenario = scenarioNamed(where);
  const how = { core: await loadCore(id), structure, race };
  const seed = await firstFailure(scenario, how);
  const { plan } = await keepFailure(scenario, { ...how, seed });
  const start = process.cpuUsage();
  const { before, after, runs, ended } = await shrink(plan, { ...how, scenario, budgetCpuMs: BUDGET_MS });
  const fewer = 100 * (1 - entries(after) / entries(before));
  const cells = [
    id,
    where,
    entries(before),
    entries(after),
    fewer.toFixed(1),
    before.events,
    after.events,
    runs,
    cpuS(start).toFixed(2),
    ended,
  ];
  console.log(`| ${cells.join(' | ')} |`);
}
