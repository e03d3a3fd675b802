import { resolve } from 'node:path';
import { ExitCode, formatDuration, printable, type ToolContext, table } from '@raftlens/command-line';
import type { RunOnDisk } from '@raftlens/events';
import type { ArgumentsCamelCase, Argv } from 'yargs';
import { fromHere } from '../from-here.ts';
import { findRun, readRuns, textOf } from '../keep/find-run.ts';
import { parseCount, parsePositiveDuration } from './arguments.ts';
import { logsFolder } from './session-options.ts';

interface StoredArguments {
  readonly run?: string | undefined;
  readonly logs?: string | undefined;
}

/** The commands on runs that were kept: list, show, replay, shrink, explain, rerun-failed, pack. */
export function addStoredCommands(cli: Argv, context: ToolContext): Argv {
  return [addList, addShow, addReplay, addShrink, addExplain, addRerunFailed, addPack].reduce((built, add) => add(built, context), cli);
}

function oneRun<T>(builder: Argv<T>) {
  return withLogs(builder).positional('run', { type: 'string', describe: 'A folder, a name or its end (default: the latest)' });
}

function withLogs<T>(builder: Argv<T>) {
  return builder.option('logs', { type: 'string', describe: 'Folder of kept runs (default: $RAFTLENS_LOGS or ./logs)' });
}

function runOf({ run, logs }: StoredArguments): RunOnDisk {
  return findRun(logsFolder(logs, process.env), run);
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

function addList(cli: Argv): Argv {
  return cli.command(
    'list',
    'List the kept runs',
    (builder) => withLogs(builder).option('json', { type: 'boolean', describe: 'A JSON object for each run' }),
    ({ logs, json }: ArgumentsCamelCase<{ logs?: string | undefined; json?: boolean | undefined }>) => {
      const folder = logsFolder(logs, process.env);
      const { runs, problems } = readRuns(folder);
      if (json) print(runs.map(({ name, folder: path, info }) => JSON.stringify({ name, folder: path, ...info })));
      else print(runs.length === 0 ? [printable(`no run is kept in ${fromHere(folder)}`)] : [runTable(runs)]);
      for (const problem of problems) process.stderr.write(`${printable(problem)}\n`);
    },
  );
}

function runTable(runs: readonly RunOnDisk[]): string {
  const width = process.stdout.isTTY ? { width: process.stdout.columns } : {};
  const columns = ['run', 'outcome', 'took', 'why'].map((title) => ({ title }));
  const rows = runs.map((run) => [
    run.name,
    textOf(run, 'outcome'),
    run.info.durationMs === undefined ? '-' : formatDuration(run.info.durationMs),
    textOf(run, 'why'),
  ]);
  return table(columns, rows, width);
}

function addShow(cli: Argv): Argv {
  return cli.command(
    'show [run]',
    'Tell what is known of a kept run',
    (builder) => oneRun(builder).option('lines', { type: 'string', default: '20', describe: 'Lines of its output' }),
    async (options: ArgumentsCamelCase<StoredArguments & { lines: string }>) => {
      const { runLines } = await import('./show-run.ts');
      print(runLines(runOf(options), parseCount(options.lines, '--lines', 0)));
    },
  );
}

function addReplay(cli: Argv, context: ToolContext): Argv {
  return cli.command('replay [run]', 'Run a kept run again', oneRun, async (options: ArgumentsCamelCase<StoredArguments>) => {
    const { replayRun } = await import('./replay-runs.ts');
    context.exitCode = await replayRun(runOf(options), logsFolder(options.logs, process.env));
  });
}

function addShrink(cli: Argv, context: ToolContext): Argv {
  return cli.command(
    'shrink [run]',
    'Make the plan of a failed simulated run smaller while it fails in the same way',
    (builder) =>
      oneRun(builder)
        .option('budget', { type: 'string', default: '10s', describe: 'At most so much processor time' })
        .option('to', { type: 'string', describe: 'Write the plan to this file too, for the tests to run it for ever' }),
    async (options: ArgumentsCamelCase<StoredArguments & { budget: string; to?: string | undefined }>) => {
      const { shrinkRun } = await import('./simulated-runs.ts');
      context.exitCode = await shrinkRun(runOf(options), parsePositiveDuration(options.budget, '--budget'), options.to);
    },
  );
}

function addExplain(cli: Argv, context: ToolContext): Argv {
  return cli.command(
    'explain [run]',
    'Tell how a failed simulated run came to fail, and which known bugs give it (any log: raftlens explain LOG)',
    (builder) =>
      oneRun(builder)
        .option('budget', { type: 'string', default: '8s', describe: 'At most so much processor time to try known bugs' })
        .option('json', { type: 'boolean', default: false, describe: 'One JSON object' }),
    async (options: ArgumentsCamelCase<StoredArguments & { budget: string; json: boolean }>) => {
      const { explainRun } = await import('./simulated-runs.ts');
      const budgetCpuMs = parsePositiveDuration(options.budget, '--budget');
      context.exitCode = await explainRun(runOf(options), { budgetCpuMs, json: options.json });
    },
  );
}

function addRerunFailed(cli: Argv, context: ToolContext): Argv {
  return cli.command(
    'rerun-failed',
    'Run every kept failure again, each test and seed once',
    withLogs,
    async ({ logs }: ArgumentsCamelCase<{ logs?: string | undefined }>) => {
      const { rerunFailed } = await import('./replay-runs.ts');
      context.exitCode = await rerunFailed(logsFolder(logs, process.env));
    },
  );
}

function addPack(cli: Argv, context: ToolContext): Argv {
  return cli.command(
    'pack [run]',
    'Pack a kept run into one file, to attach to an issue',
    (builder) => oneRun(builder).option('output', { alias: 'o', type: 'string', describe: 'The file (default: RUN.tar.gz)' }),
    async (options: ArgumentsCamelCase<StoredArguments & { output?: string | undefined }>) => {
      const { packRun } = await import('../keep/pack-run.ts');
      const run = runOf(options);
      const target = resolve(options.output ?? `${run.name}.tar.gz`);
      const leftOut = await packRun(run, target);
      print([fromHere(target), ...leftOut.map((file) => `left out: ${file}`)].map(printable));
      context.exitCode = ExitCode.ok;
    },
  );
}
