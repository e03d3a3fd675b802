import { bugById, listBugs, showing } from '@raftlens/bug-zoo';
import { type ExitCode, UserError, unknownName } from '@raftlens/command-line';
import { scenarioNames } from '@raftlens/simulator';
import { needing } from '../needing.ts';
import { type SeededTests, STRUCTURES } from '../seeded/protocol.ts';
import { isScenarioFile, scenarioOf } from '../seeded/scenario-file.ts';
import { packageVersion } from '../version.ts';
import { parseCount } from './arguments.ts';
import { finishSession } from './finish-session.ts';
import { parseSeeds, seedsAreBounded } from './seed-range.ts';
import { type SeededWork, seededWorkload } from './seeded-workload.ts';
import { readSessionSettings, type SessionArguments } from './session-options.ts';

export interface SimArguments extends SessionArguments {
  readonly scenarios?: readonly string[] | undefined;
  readonly seeds?: string | undefined;
  readonly bug?: string | undefined;
  readonly structure?: string | undefined;
  readonly race?: boolean | undefined;
  readonly workerMemory: string;
}

export async function runSim(options: SimArguments): Promise<ExitCode> {
  const settings = readSessionSettings(options, process.env, seedsAreBounded(options.seeds));
  const work = workOf(options, settings.runs);
  if (options.bug !== undefined) await needing(import('esbuild'), 'sim --bug', 'esbuild');
  // A mistake in a scenario's file is told here, once, and not by each worker.
  for (const { name } of work.cases) await scenarioOf(name);
  return finishSession(() => seededWorkload(work, settings), settings);
}

function workOf(options: SimArguments, runs: number | null): SeededWork {
  const bug = options.bug === undefined ? null : bugNamed(options.bug);
  const shown = bug === null ? null : showing(bug.header.id);
  const race = options.race ?? shown?.race ?? false;
  const structure = STRUCTURES.find((known) => known === options.structure) ?? shown?.structure ?? (race ? 'locked' : 'state-machine');
  if (race && structure !== 'locked')
    throw new UserError('BAD_OPTIONS', 'the state machine has one task, and no races: --race goes with --structure locked');
  const scenarios = scenariosOf(options.scenarios ?? [], shown?.scenario ?? null);
  const seeds = options.seeds === undefined ? { first: 1, count: null } : parseSeeds(options.seeds);
  if (seeds.count !== null && runs !== null)
    throw new UserError('BAD_OPTIONS', '--seeds A..B and --runs exclude each other: give one, or --seeds A..');
  const tests: SeededTests = { kind: 'sim', scenarios, bug: bug?.header.id ?? null, structure, race };
  const variant = [
    ...(bug === null ? [] : ['--bug', bug.header.id]),
    ...(structure === 'state-machine' ? [] : ['--structure', structure]),
    ...(race ? ['--race'] : []),
  ];
  return {
    label: ['sim', ...scenarios, ...variant].join(' '),
    tests,
    cases: scenarios.map((name) => ({ name })),
    seeds,
    identity: ['sim', packageVersion(), bug?.header.id ?? null, structure, race],
    heapMaxMiB: parseCount(options.workerMemory, '--worker-memory', 64),
    againOf: (test: string, seed: string) => ['sim', test, '--seeds', seed, ...variant],
  };
}

function bugNamed(id: string) {
  const known = listBugs().map((bug) => bug.id);
  if (!known.some((name) => name.toLowerCase() === id.toLowerCase())) throw unknownName('bug', id, known);
  return bugById(id);
}

function scenariosOf(given: readonly string[], ofBug: string | null): readonly string[] {
  const names = given.length === 0 && ofBug !== null ? [ofBug] : given;
  if (names.length === 0)
    throw new UserError(
      'NO_SCENARIO',
      `say which scenario to run, by name or as a file ./my-scenario.ts. Known: ${scenarioNames.join(', ')}`,
    );
  const unknown = names.find((name) => !isScenarioFile(name) && !scenarioNames.includes(name));
  if (unknown !== undefined) throw unknownName('scenario', unknown, scenarioNames);
  return [...new Set(names)];
}
