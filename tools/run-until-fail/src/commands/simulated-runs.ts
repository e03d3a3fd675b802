import { existsSync, lstatSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { functionsRun, suspects } from '@raftlens/bug-zoo';
import { ExitCode, formatDuration, printable, printableJson, UserError } from '@raftlens/command-line';
import { decodeBytes, type Event, RUN_FILES, type RunOnDisk } from '@raftlens/events';
import type { RaftCore } from '@raftlens/raft/core';
import { explain, type Plan, readPlan, replay, type Scenario, shrink, textOfExplanation, writePlan } from '@raftlens/simulator';
import { errorMessage } from '../errors.ts';
import { readPlainBytes, readPlainFile } from '../files.ts';
import { fromHere } from '../from-here.ts';
import { plantedCore } from '../seeded/planted-core.ts';
import { scenarioFileOf } from '../seeded/scenario-file.ts';
import { runLines } from './show-run.ts';

/** A plan and what it is played on. */
interface Playable {
  readonly plan: Plan;
  readonly options: { readonly core?: RaftCore; readonly scenario?: Scenario };
}

/** Plays the plan of a run and says whether it went as before. */
export async function replayPlan(run: RunOnDisk): Promise<ExitCode> {
  const { plan, options } = await playableOf(run, RUN_FILES.plan);
  const kept = join(run.folder, RUN_FILES.events);
  const expected = existsSync(kept) ? { expected: keptEvents(kept) } : {};
  const { same, outcome, difference } = await replay(plan, { ...options, ...expected });
  const ending = outcome.failure === null ? 'it passes' : `it fails: ${outcome.failure.message}`;
  print([
    `${run.name}: ${ending}`,
    same ? `the same run, event for event (trace hash ${outcome.traceHash})` : 'NOT the same run: the code or the scenario has changed',
  ]);
  if (difference !== null) {
    const { fromSeq, toSeq } = difference;
    print([`first difference at event ${fromSeq === toSeq ? fromSeq : `${fromSeq} to ${toSeq}`} of the plan's run`]);
    if (difference.expected !== null) print([`  was  ${difference.expected}`, `  is   ${difference.found ?? 'nothing'}`]);
  }
  return outcome.failure === null ? ExitCode.ok : ExitCode.failed;
}

/** The events of the log that was kept of the run, up to the first line that cannot be read. */
function* keptEvents(file: string): Generator<Event> {
  const bytes = readPlainBytes(file, EVENTS_BYTES_MAX);
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline < 0 ? bytes.length : newline;
    const { event } = decodeBytes(bytes.subarray(start, end));
    if (event === undefined) return;
    yield event;
    start = end + 1;
  }
}

/**
 * Writes shrunk.json beside plan.json.
 *
 * @param testFile where the plan is written to as well, for a test to run it; undefined for nowhere.
 */
export async function shrinkRun(run: RunOnDisk, budgetCpuMs: number, testFile: string | undefined): Promise<ExitCode> {
  if (testFile !== undefined) checkTestFile(run, testFile);
  const { plan, options } = await playableOf(run, RUN_FILES.plan);
  const { plan: smaller, before, after, runs, ended } = await shrink(plan, { ...options, structure: plan.structure, budgetCpuMs });
  if (ended === 'not-reproduced') {
    print([`${run.name} does not fail as its plan says any more: there is nothing to shrink`]);
    return ExitCode.ok;
  }
  const target = join(run.folder, RUN_FILES.shrunk);
  writeFileSync(target, writePlan(smaller));
  print([
    `actions      ${before.actions} -> ${after.actions}`,
    `deviations   ${before.deviations} -> ${after.deviations}`,
    `virtual time ${formatDuration(before.virtualMs)} -> ${formatDuration(after.virtualMs)}`,
    `events       ${before.events} -> ${after.events}`,
    `${runs} runs; ${ended === 'budget' ? 'the budget ended it: a longer --budget may get further' : 'nothing more can be taken away'}`,
    `kept in ${fromHere(target)}`,
  ]);
  if (testFile !== undefined) {
    writeFileSync(testFile, writePlan(smaller), { flag: 'wx' });
    print([`and for the tests in ${fromHere(resolve(testFile))}`]);
  }
  return ExitCode.failed;
}

/** A test knows the scenarios of the simulator by their names, and no others. */
function checkTestFile(run: RunOnDisk, testFile: string): void {
  if (run.info['scenarioFile'] !== undefined)
    throw new UserError('NOT_FOR_TESTS', `${run.name} is of a scenario in a file of its own, which the tests of plans do not know`);
  if (existsSync(testFile)) throw new UserError('FILE_EXISTS', `${testFile} is there already; give another name`);
  if (!existsSync(dirname(resolve(testFile)))) throw new UserError('NO_FOLDER', `there is no folder ${dirname(testFile)}`);
}

/** Tells the story of a failed run: of its shrunk plan where there is one, which has less to tell. */
export async function explainRun(
  run: RunOnDisk,
  { budgetCpuMs, json }: { readonly budgetCpuMs: number; readonly json: boolean },
): Promise<ExitCode> {
  if (run.planFile === undefined) {
    print([
      ...runLines(run, 20),
      ...(run.eventFiles.length > 0 ? [`how its log came to that, by figure 2: raftlens explain ${fromHere(run.folder)}`] : []),
    ]);
    return run.info.outcome === 'fail' ? ExitCode.failed : ExitCode.ok;
  }
  const { plan, options } = await playableOf(run, run.shrunkFile === undefined ? RUN_FILES.plan : RUN_FILES.shrunk);
  const explanation = await explain(plan, { ...options, knownBugs: suspects(), functionsRun, budgetCpuMs });
  const width = process.stdout.isTTY ? process.stdout.columns : undefined;
  if (json) process.stdout.write(printableJson(`${JSON.stringify(explanation)}\n`));
  else process.stdout.write(textOfExplanation(explanation, width).split('\n').map(printable).join('\n'));
  return explanation.failure === null ? ExitCode.ok : ExitCode.failed;
}

async function playableOf(run: RunOnDisk, file: string): Promise<Playable> {
  const path = join(run.folder, file);
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined)
    throw new UserError('NO_PLAN', `${run.name} has no ${file}: only failed runs of the simulator have a plan`);
  const bug = run.info['bug'];
  const scenario = await scenarioFileOf(run.info['scenarioFile']);
  return {
    plan: planIn(path),
    options: { ...(typeof bug === 'string' ? { core: await plantedCore(bug) } : {}), ...(scenario === null ? {} : { scenario }) },
  };
}

const PLAN_BYTES_MAX = 2 ** 28;
const EVENTS_BYTES_MAX = 2 ** 30;

/** @throws UserError BAD_PLAN: the file may have been written by anyone */
function planIn(path: string): Plan {
  try {
    return readPlan(readPlainFile(path, PLAN_BYTES_MAX));
  } catch (error) {
    throw new UserError('BAD_PLAN', `${fromHere(path)} is no plan of a run: ${errorMessage(error)}`);
  }
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.map(printable).join('\n')}\n`);
}
