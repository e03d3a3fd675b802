/**
 * How soon each bug of the zoo is found, by which rule, how small its story becomes, and whether `explain` guesses it. Writes
 * docs/BUG-ZOO.md when all bugs are measured.
 *
 *     npm run bench -- zoo                     all bugs, five trials each
 *     npm run bench -- zoo -- --resume         goes on where the last run was ended
 *     npm run bench -- zoo -- --share 1/2      the first of two halves, for a machine with two cores; then the other; then --resume
 *     npm run bench -- zoo -- C1 E1            these, printed only
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  explain,
  keepFailure,
  type Likeness,
  loadScenarioFile,
  type PlanSize,
  type RunOutcome,
  runScenario,
  type Scenario,
  scenarioNamed,
  shrink,
  signOfFailure,
} from '@raftlens/simulator';
import { type BugHeader, functionsRun, listBugs, loadCore, namesRule, showing, suspects } from '../src/index.ts';
import { BOUNDS, documentOf, lineOf, type Row, summaryOf } from './table.ts';

const ROWS_FILE = fileURLToPath(new URL('../zoo-rows.jsonl', import.meta.url));
const DOCUMENT = new URL('../../../../docs/BUG-ZOO.md', import.meta.url);
/** Enough to try every bug, however busy the machine. */
const EXPLAIN_MAX_MS = 60_000;

interface Trial {
  readonly runs: number;
  readonly cpuS: number;
  readonly seed: string;
  readonly outcome: RunOutcome | null;
}

type How = Pick<Parameters<typeof runScenario>[1], 'core' | 'structure' | 'race'>;

async function main(): Promise<void> {
  const words = process.argv.slice(2);
  const sharing = words.includes('--share');
  const wanted = sharing ? [] : words.filter((word) => !word.startsWith('--'));
  const all = wanted.length === 0;
  const [share = 1, shares = 1] = sharing ? (words[words.indexOf('--share') + 1] ?? '').split('/').map(Number) : [];
  if (all && shares === 1 && !words.includes('--resume')) rmSync(ROWS_FILE, { force: true });
  const done = all ? rowsSoFar() : [];
  const rows: Row[] = [];
  for (const bug of listBugs().filter(({ id }, at) => (all ? at % shares === share - 1 : wanted.includes(id)))) {
    const row = done.find(({ id }) => id === bug.id) ?? (await measured(bug, all));
    rows.push(row);
    console.log(lineOf(bug, row));
  }
  console.log(`\n${summaryOf(rows)}`);
  if (all && shares === 1) writeFileSync(DOCUMENT, documentOf(rows));
}

function rowsSoFar(): Row[] {
  if (!existsSync(ROWS_FILE)) return [];
  const lines = readFileSync(ROWS_FILE, 'utf8').split('\n').slice(0, -1);
  // We wrote them ourselves, a line at a time.
  return lines.map((line) => JSON.parse(line) as Row);
}

async function measured(bug: BugHeader, keep: boolean): Promise<Row> {
  const row = await measure(bug);
  if (keep) {
    mkdirSync(fileURLToPath(new URL('..', import.meta.url)), { recursive: true });
    appendFileSync(ROWS_FILE, `${JSON.stringify(row)}\n`);
  }
  return row;
}

async function measure(bug: BugHeader): Promise<Row> {
  const core = await loadCore(bug.id);
  const { scenario: where, structure, race } = showing(bug.id);
  const scenario = where.endsWith('.ts') ? await loadScenarioFile(where) : scenarioNamed(where);
  const how = { core, structure, race };
  const trials: Trial[] = [];
  let missed = 0;
  for (let trial = 1; trial <= BOUNDS.trials && missed < BOUNDS.misses; trial++) {
    const tried = await tryOnce(scenario, `${trial}`, how);
    trials.push(tried);
    if (tried.outcome === null) missed++;
  }
  const first = trials.find(({ outcome }) => outcome !== null);
  if (first === undefined || first.outcome === null) return { id: bug.id, find: null };
  const verdict = verdictOf(first.outcome);
  const middle = (value: (trial: Trial) => number): number =>
    median(trials.map((trial) => (trial.outcome === null ? Number.POSITIVE_INFINITY : value(trial))));
  return {
    id: bug.id,
    find: {
      missed,
      runs: missed > BOUNDS.trials / 2 ? null : middle(({ runs }) => runs),
      cpuS: missed > BOUNDS.trials / 2 ? null : middle(({ cpuS }) => cpuS),
      ...verdict,
      signs: [...new Set(trials.flatMap(({ outcome }) => (outcome === null ? [] : [signOf(outcome)])))],
      named: namesRule(bug, verdict),
      ...(await told(bug, scenario, { seed: first.seed, ...how })),
    },
  };
}

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
    if (cpuS() > BOUNDS.trialCpuS) return { runs, cpuS: cpuS(), seed, outcome: null };
  }
}

function signOf({ failure, violations }: RunOutcome): string {
  return signOfFailure(violations[0]?.why ?? failure?.message ?? '');
}

function verdictOf({ failure, violations }: RunOutcome): { kind: string; rule: string | null } {
  const kind = failure?.kind ?? 'none';
  return { kind, rule: kind === 'race' ? (failure?.rule ?? null) : (violations[0]?.rule ?? null) };
}

type Told = Pick<NonNullable<Row['find']>, 'before' | 'after' | 'lines' | 'rank' | 'rankByRule'>;

/** What shrinking leaves of the failure, and how `explain` tells it. */
async function told(bug: BugHeader, scenario: Scenario, options: { seed: string } & How): Promise<Told> {
  const { plan } = await keepFailure(scenario, options);
  const shrunk = await shrink(plan, { scenario, ...options, budgetCpuMs: BOUNDS.shrinkMs });
  const size = ({ actions, deviations }: PlanSize): string => `${actions}+${deviations}`;
  const reproduced = shrunk.ended !== 'not-reproduced';
  const { suspects: found, story } = await explain(shrunk.plan, {
    scenario,
    ...(options.core === undefined ? {} : { core: options.core }),
    knownBugs: suspects(),
    functionsRun,
    budgetCpuMs: EXPLAIN_MAX_MS,
  });
  const own = found.hypotheses.find((hypothesis) => hypothesis.bug.id === bug.id);
  const level = own === undefined ? null : levelOf(own.likeness);
  return {
    before: reproduced ? size(shrunk.before) : null,
    after: size(shrunk.after),
    lines: story.length,
    rank: level === null ? null : found.hypotheses.filter(({ likeness }) => levelOf(likeness) <= level).length,
    rankByRule: listBugs().filter(({ rule }) => rule === bug.rule).length,
  };
}

/**
 * Of course a bug of the zoo makes the very run that it made before, and a bug that is not in the zoo does not: so that the rank says
 * something of those too, the same run counts no more here than the same wrong step, and ties count against us.
 */
function levelOf(likeness: Likeness): number {
  return likeness === 'same-run' || likeness === 'same-step' ? 0 : likeness === 'same-rule' ? 1 : 2;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

await main();
