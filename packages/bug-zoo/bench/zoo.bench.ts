/**
 * How soon each bug of the zoo is found, by which rule, and how small its story becomes. Writes docs/BUG-ZOO.md unless told otherwise.
 *
 *     npm run bench -- zoo                     all bugs, five trials each
 *     npm run bench -- zoo -- C1 E1            these, printed only
 */
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { keepFailure, loadScenarioFile, type RunOutcome, runScenario, type Scenario, scenarioNamed, shrink } from '@raftlens/simulator';
import { type BugHeader, listBugs, loadCore, namesRule, SECTIONS, showing } from '../src/index.ts';

const TRIALS = 5;
/** CPU seconds after which a trial is given up; shuffled tasks cost several times as much. */
const TRIAL_MAX_S = 4;
const RACE_TRIAL_MAX_S = 15;
const SHRINK_MAX_MS = 1500;
/** Two trials in a row that find nothing end the bug's measurement. */
const MISSES_MAX = 2;

interface Trial {
  readonly runs: number;
  readonly cpuS: number;
  readonly seed: string;
  readonly outcome: RunOutcome | null;
}

async function main(): Promise<void> {
  const wanted = process.argv.slice(2);
  const bugs = listBugs().filter((bug) => wanted.length === 0 || wanted.includes(bug.id));
  const rows: { readonly id: string; readonly line: string; readonly found: boolean; readonly named: boolean }[] = [];
  for (const bug of bugs) {
    const row = await measure(bug);
    rows.push({ id: bug.id, ...row });
    console.log(row.line);
  }
  const found = rows.filter((row) => row.found).length;
  const named = rows.filter((row) => row.named).length;
  console.log(`\n${found} of ${rows.length} found, ${named} of them by the rule that they break as the first wrong step`);
  if (wanted.length === 0) writeFileSync(new URL('../../../../docs/BUG-ZOO.md', import.meta.url), document(rows, found, named));
}

async function measure(bug: BugHeader): Promise<{ line: string; found: boolean; named: boolean }> {
  const core = await loadCore(bug.id);
  const { scenario: where, structure, race } = showing(bug.id);
  const scenario = where.endsWith('.ts') ? await loadScenarioFile(where) : scenarioNamed(where);
  const trials: Trial[] = [];
  for (let trial = 1; trial <= TRIALS && trials.filter(({ outcome }) => outcome === null).length < MISSES_MAX; trial++) {
    trials.push(await tryOnce(scenario, `${trial}`, { core, structure, race }));
  }
  const hits = trials.filter(({ outcome }) => outcome !== null);
  const first = hits[0];
  const label = bug.schedule === null ? bug.scenario : 'schedule';
  const head = `| ${bug.id} | ${bug.what} | ${label} |`;
  if (first?.outcome === undefined || first.outcome === null) return { line: `${head} not found | | | |`, found: false, named: false };
  const verdict = verdictOf(first.outcome);
  const named = namesRule(bug, verdict);
  const size = await shrunkSize(scenario, { seed: first.seed, core, structure, race });
  const runs = median(trials.map((trial) => (trial.outcome === null ? Number.POSITIVE_INFINITY : trial.runs)));
  const cpuS = median(trials.map((trial) => (trial.outcome === null ? Number.POSITIVE_INFINITY : trial.cpuS)));
  const time = Number.isFinite(runs) ? `${runs} | ${cpuS.toFixed(2)}` : `> ${first.runs} | > ${TRIAL_MAX_S}`;
  const rule = `${verdict.rule ?? `check: ${verdict.kind}`}${named ? '' : ` (planted: ${bug.rule})`}`;
  return { line: `${head} ${time} | ${rule} | ${size} |`, found: true, named };
}

type How = Pick<Parameters<typeof runScenario>[1], 'core' | 'structure' | 'race'>;

async function tryOnce(scenario: Scenario, trial: string, how: How): Promise<Trial> {
  const start = process.cpuUsage();
  const cpuS = (): number => {
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1e6;
  };
  for (let runs = 1; ; runs++) {
    const seed = `${trial}.${runs}`;
    const outcome = await runScenario(scenario, { seed, ...how });
    if (outcome.outcome === 'fail') return { runs, cpuS: cpuS(), seed, outcome };
    if (cpuS() > (how.race === true ? RACE_TRIAL_MAX_S : TRIAL_MAX_S)) return { runs, cpuS: cpuS(), seed, outcome: null };
  }
}

function verdictOf({ failure, violations }: RunOutcome): { kind: string; rule: string | null } {
  const kind = failure?.kind ?? 'none';
  return { kind, rule: kind === 'race' ? (failure?.rule ?? null) : (violations[0]?.rule ?? null) };
}

async function shrunkSize(scenario: Scenario, options: { seed: string } & How): Promise<string> {
  const { plan } = await keepFailure(scenario, options);
  const { before, after, ended } = await shrink(plan, { scenario, ...options, budgetMs: SHRINK_MAX_MS });
  if (ended === 'not-reproduced') return 'not reproduced';
  return `${before.actions}+${before.deviations} → ${after.actions}+${after.deviations}`;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function document(rows: readonly { readonly id: string; readonly line: string }[], found: number, named: number): string {
  const sections = Object.entries(SECTIONS).map(([letter, title]) => {
    const lines = rows.filter((row) => row.id.startsWith(letter)).map((row) => row.line);
    return `## ${title}\n\n| bug | what the wrong core does | found by | runs | CPU s | named by | plan, shrunk |\n| --- | --- | --- | ---: | ---: | --- | --- |\n${lines.join('\n')}\n`;
  });
  return `${INTRODUCTION.replace('{found}', String(found))
    .replace('{named}', String(named))
    .replace('{all}', String(rows.length))
    .replace('{cpu}', cpus()[0]?.model.trim() ?? 'unknown')}\n${sections.join('\n')}`;
}

const INTRODUCTION = `# The bug zoo

Each bug is a patch of \`packages/raft/src\`, in \`packages/bug-zoo/bugs\`, with a head that says who had it and which rule it breaks. The core
itself has no hook and no flag: \`loadCore('C1')\` patches a copy of its sources in memory, bundles it into the temporary folder and
imports that. Run one with \`npx run-until-fail sim --bug C1\`; add one as CONTRIBUTING.md says.

This page is written by \`npm run bench -- zoo\`. For each bug: the scenario that shows it (a lab scenario, a targeted one or \`swarm\`, which
all draw at random; "schedule" is a script that is kept beside the patch, because random search misses the bug by nature), the runs and the CPU seconds to the
first failure (the median of five trials; four CPU seconds at most a trial, fifteen with the race detector, one core of "{cpu}", a machine that was busy), the first wrong
step as the checker names it (or the scenario's own check, where no single step is wrong), and the size of the failing plan before and after shrinking, in
actions + deviations of the network and the disks from first-in-first-out.

{found} of {all} are found; {named} are named by the rule that the head of the patch gives, as the
first wrong step. That rule is the one whose breach the log shows first: where the cause itself leaves no line (R2, R4, S2, S3, E18, C4), the head names the first step that it leads to.
`;

await main();
