import { bugById, isPatchFile, listBugs, readOwnPatch, type Showing, showing, showingOfOwn } from '@raftlens/bug-zoo';
import { type ExitCode, UserError, unknownName } from '@raftlens/command-line';
import { scenarioNames } from '@raftlens/simulator';
import { needing } from '../needing.ts';
import { asUserError, plantedCore } from '../seeded/planted-core.ts';
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
  // A patch that does not apply is told here, once, and not by each worker.
  if (work.tests.kind === 'sim' && work.tests.bug !== null) await plantedCore(work.tests.bug);
  // A mistake in a scenario's file is told here, once, and not by each worker.
  for (const { name } of work.cases) await scenarioOf(name);
  return finishSession(() => seededWorkload(work, settings), settings);
}

function workOf(options: SimArguments, runs: number | null): SeededWork {
  const { bug, shown } = plantedOf(options.bug);
  const race = options.race ?? shown?.race ?? false;
  const structure = STRUCTURES.find((known) => known === options.structure) ?? shown?.structure ?? (race ? 'locked' : 'state-machine');
  if (structure !== 'locked' && shown?.structure === 'locked')
    throw new UserError('BAD_OPTIONS', `the bug ${options.bug ?? ''} is in structure locked: --structure ${structure} does not have it`);
  if (race && structure !== 'locked')
    throw new UserError('BAD_OPTIONS', 'the state machine has one task, and no races: --race goes with --structure locked');
  const scenarios = scenariosOf(options.scenarios ?? [], shown?.scenario ?? null);
  const seeds = options.seeds === undefined ? { first: 1, count: null } : parseSeeds(options.seeds);
  if (seeds.count !== null && runs !== null)
    throw new UserError('BAD_OPTIONS', '--seeds A..B and --runs exclude each other: give one, or --seeds A..');
  const tests: SeededTests = { kind: 'sim', scenarios, bug, structure, race };
  const variant = [
    ...(bug === null ? [] : ['--bug', bug]),
    ...(structure === 'state-machine' ? [] : ['--structure', structure]),
    ...(race ? ['--race'] : []),
  ];
  return {
    label: ['sim', ...scenarios, ...variant].join(' '),
    tests,
    cases: scenarios.map((name) => ({ name })),
    seeds,
    identity: ['sim', packageVersion(), bug, structure, race],
    heapMaxMiB: parseCount(options.workerMemory, '--worker-memory', 64),
    againOf: (test: string, seed: string) => ['sim', test, '--seeds', seed, ...variant],
  };
}

/** The bug by its name in the zoo or the whole path of its patch, and how it shows itself where that is known. */
function plantedOf(nameOrFile: string | undefined): { readonly bug: string | null; readonly shown: Showing | null } {
  if (nameOrFile === undefined) return { bug: null, shown: null };
  if (isPatchFile(nameOrFile)) {
    try {
      const patch = readOwnPatch(nameOrFile);
      return { bug: patch.file, shown: showingOfOwn(patch) };
    } catch (error) {
      throw asUserError(error);
    }
  }
  const known = listBugs().map((bug) => bug.id);
  if (!known.some((name) => name.toLowerCase() === nameOrFile.toLowerCase())) throw unknownName('bug', nameOrFile, known);
  const { id } = bugById(nameOrFile).header;
  return { bug: id, shown: showing(id) };
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
