/**
 * How well random schedules find the bugs of the zoo: each bug is looked for by every given scenario, in turn in one process, for so many seconds
 * of CPU time at most. Bugs that a random schedule cannot show (those of clients need clients) are looked for all the same: nobody gets them.
 *
 *     npm run bench -- swarm                               swarm beside swarm-uniform, 3 CPU seconds a bug each
 *     npm run bench -- swarm -- --seconds 60 --list        and which were found when, and by which rule
 *     npm run bench -- swarm -- --scenarios swarm C1 E1    these alone
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { runScenario, type Scenario, scenarioNamed } from '@raftlens/simulator';
import { type BugHeader, listBugs, loadCore, namesRule } from '../src/index.ts';

interface Search {
  readonly bug: BugHeader;
  readonly scenario: string;
  /** CPU time until it was found; null where it was not. */
  readonly foundS: number | null;
  readonly spentS: number;
  readonly runs: number;
  readonly by: string;
  readonly named: boolean;
}

function cpuS(since?: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
}

async function search(bug: BugHeader, scenario: Scenario, secondsMax: number, from: number): Promise<Search> {
  const core = await loadCore(bug.id);
  const race = bug.structure === 'locked';
  const start = process.cpuUsage();
  for (let runs = 1; ; runs += 1) {
    const { failure, violations } = await runScenario(scenario, { seed: `${from + runs}`, core, structure: bug.structure, race });
    const spentS = cpuS(start);
    const rule = failure?.kind === 'race' ? (failure.rule ?? null) : (violations[0]?.rule ?? null);
    const outcome = { bug, scenario: scenario.name, spentS, runs };
    if (failure !== null)
      return { ...outcome, foundS: spentS, by: rule ?? `check: ${failure.kind}`, named: namesRule(bug, { kind: failure.kind, rule }) };
    if (spentS > secondsMax) return { ...outcome, foundS: null, by: '-', named: false };
  }
}

const WITHIN_S = [0.1, 0.3, 1, 3, 10, 30, 60];

function rowOf(name: string, searches: readonly Search[], secondsMax: number): string {
  const finds = searches.filter(({ foundS }) => foundS !== null);
  const spentS = searches.reduce((sum, one) => sum + one.spentS, 0);
  const within = WITHIN_S.filter((s) => s <= secondsMax).map((s) => finds.filter(({ foundS }) => (foundS ?? 0) <= s).length);
  const runs = searches.reduce((sum, one) => sum + one.runs, 0);
  const cells = [
    name,
    `${finds.length} of ${searches.length}`,
    finds.filter(({ named }) => named).length,
    ...within,
    spentS.toFixed(1),
    (finds.length / spentS).toFixed(2),
    ((1000 * spentS) / runs).toFixed(1),
  ];
  return `| ${cells.join(' | ')} |`;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '3' },
    scenarios: { type: 'string', default: 'swarm-uniform,swarm' },
    from: { type: 'string', default: '0' },
    list: { type: 'boolean', default: false },
  },
});
const secondsMax = Number(values.seconds);
if (!(secondsMax > 0)) throw new RangeError(`--seconds is a number above 0, not "${values.seconds}"`);
const scenarios = values.scenarios.split(',').map(scenarioNamed);
const bugs = listBugs().filter(({ id }) => positionals.length === 0 || positionals.includes(id));
// The first runs of a process pay for compiling it.
for (const scenario of scenarios) for (let seed = 1; seed <= 100; seed += 1) await runScenario(scenario, { seed: `warm ${seed}` });
const searches: Search[] = [];
for (const bug of bugs) {
  for (const scenario of scenarios) {
    const found = await search(bug, scenario, secondsMax, Number(values.from));
    searches.push(found);
    if (values.list)
      console.error(
        `${bug.id} ${scenario.name} ${found.foundS?.toFixed(2) ?? '-'} s ${found.runs} runs ${found.by}${found.named ? '' : ` (${bug.rule})`}`,
      );
  }
}
console.log(`Node ${process.version}, ${cpus()[0]?.model ?? 'unknown CPU'}; at most ${secondsMax} CPU s a bug.\n`);
const columns = WITHIN_S.filter((s) => s <= secondsMax).map((s) => `within ${s} s`);
console.log(`| scenario | found | named | ${columns.join(' | ')} | CPU s | found a CPU s | ms a run |`);
console.log(`| --- | ---: | ---: | ${columns.map(() => '---:').join(' | ')} | ---: | ---: | ---: |`);
for (const { name } of scenarios)
  console.log(
    rowOf(
      name,
      searches.filter(({ scenario }) => scenario === name),
      secondsMax,
    ),
  );
