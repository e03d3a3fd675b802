import { ExitCode, printable, UserError } from '@raftlens/command-line';
import type { RunOnDisk } from '@raftlens/events';
import { fromHere } from '../from-here.ts';
import { readRuns } from '../keep/find-run.ts';
import { keptValues } from '../keep/read-values.ts';
import { runAgain } from '../session/run-again.ts';

/** Runs a kept run again: a simulated one by its plan, anything else by the line that is kept with it. */
export async function replayRun(run: RunOnDisk, logs: string): Promise<ExitCode> {
  if (run.planFile !== undefined) {
    const { replayPlan } = await import('./simulated-runs.ts');
    return replayPlan(run);
  }
  return runStored(run, logs);
}

/** Runs every kept failure once more, each test with each seed once, and says which still fail. */
export async function rerunFailed(logs: string): Promise<ExitCode> {
  const { runs, problems } = readRuns(logs);
  for (const problem of problems) process.stderr.write(`${printable(problem)}\n`);
  const failed = runs.filter((run) => run.info.outcome === 'fail' && againWordsOf(run) !== null);
  const once = [...new Map(failed.map((run) => [JSON.stringify(againWordsOf(run)), run])).values()];
  if (once.length === 0) throw new UserError('NOTHING_FAILED', `no failed run is kept in ${fromHere(logs)}`);
  let worst: ExitCode = ExitCode.ok;
  const lines: string[] = [];
  for (const run of once) {
    const exitCode = await runStored(run, logs);
    if (exitCode === ExitCode.interrupted) return exitCode;
    worst = exitCode > worst ? exitCode : worst;
    lines.push(`${exitCode === ExitCode.ok ? 'passes now ' : 'still fails'}  ${run.name}`);
  }
  process.stdout.write(`\n${lines.map(printable).join('\n')}\n`);
  return worst;
}

function runStored(run: RunOnDisk, logs: string): Promise<ExitCode> {
  const words = againWordsOf(run);
  if (words === null) throw new UserError('NO_COMMAND_KEPT', `${run.name} does not say how it was run: its run.json has no "againWords"`);
  const cwd = run.info.options?.['cwd'];
  return runAgain(words, { directory: typeof cwd === 'string' ? cwd : process.cwd(), logs, values: keptValues(run.folder) });
}

function againWordsOf(run: RunOnDisk): readonly string[] | null {
  const words = run.info['againWords'];
  return Array.isArray(words) && words.every((word) => typeof word === 'string') ? words : null;
}
