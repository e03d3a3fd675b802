import { loadScenarioFile, runScenario, type Scenario, scenarioNamed } from '@raftlens/simulator';
import { assert, suite } from '@raftlens/testing';
import { bugById, listBugs } from '../src/catalogue.ts';
import { loadCore } from '../src/load.ts';
import { namesRule, type Showing, showing } from '../src/showing.ts';

const it = suite('finding the bugs of the zoo');

/** Enough for most; those that need luck, or a rare schedule, are measured by the benchmark `zoo`. */
const RUNS_MAX = 6;
/** A race needs its schedule as well as its faults. */
const RACE_RUNS_MAX = 15;
const FOUND_MIN = 50;

interface Find {
  readonly id: string;
  readonly seed: string;
  readonly named: boolean;
}

function scenarioOf({ scenario }: Showing): Scenario | Promise<Scenario> {
  return scenario.endsWith('.ts') ? loadScenarioFile(scenario) : scenarioNamed(scenario);
}

async function find(id: string): Promise<Find | null> {
  const core = await loadCore(id);
  const shown = showing(id);
  const scenario = await scenarioOf(shown);
  for (let run = 1; run <= (shown.race ? RACE_RUNS_MAX : RUNS_MAX); run++) {
    const seed = String(run);
    const { failure, violations } = await runScenario(scenario, { seed, core, structure: shown.structure, race: shown.race });
    if (failure === null) continue;
    const rule = failure.kind === 'race' ? (failure.rule ?? null) : (violations[0]?.rule ?? null);
    return { id, seed, named: namesRule(bugById(id).header, { kind: failure.kind, rule }) };
  }
  return null;
}

it('finds and names the first three, and the healthy core passes the same seeds', { timeoutMs: 60_000 }, async () => {
  for (const id of ['C1', 'E1', 'R1']) {
    const found = await find(id);
    assert.ok(found?.named === true, `${id} in ${showing(id).scenario}`);
    await healthyPasses(id, found?.seed ?? '1');
  }
});

it('finds each planted race, and the healthy core has none in the same seeds', { timeoutMs: 120_000 }, async () => {
  for (const bug of listBugs().filter(({ structure }) => structure === 'locked')) {
    const found = await find(bug.id);
    assert.ok(found?.named === true, `${bug.id}: ${bug.rule} in ${bug.scenario}`);
    await healthyPasses(bug.id, found?.seed ?? '1');
  }
});

it('finds most of the others within a few runs, and names the rule that they break', { timeoutMs: 240_000 }, async () => {
  const missed: string[] = [];
  let found = 0;
  for (const bug of listBugs().filter(({ structure }) => structure === 'state-machine')) {
    const hit = await find(bug.id);
    if (hit?.named === true) found++;
    else missed.push(`${bug.id} (${hit === null ? 'not found' : 'another rule named'})`);
    if (hit !== null) await healthyPasses(bug.id, hit.seed);
  }
  assert.ok(found >= FOUND_MIN, `${found} found in ${RUNS_MAX} runs each; not: ${missed.join(', ')}`);
});

const passed = new Set<string>();

async function healthyPasses(id: string, seed: string): Promise<void> {
  const shown = showing(id);
  const key = `${shown.scenario} ${shown.structure} ${seed}`;
  if (passed.has(key)) return;
  passed.add(key);
  const { failure } = await runScenario(await scenarioOf(shown), { seed, structure: shown.structure, race: shown.race });
  assert.is(failure, null, `the healthy core fails ${key}: ${failure?.message}`);
}
