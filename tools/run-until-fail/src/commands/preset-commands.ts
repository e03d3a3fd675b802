import { resolve } from 'node:path';
import { type ToolContext, UserError } from '@raftlens/command-line';
import type { ArgumentsCamelCase, Argv } from 'yargs';
import { buildFolderOf, makeBuildFolder } from '../keep/session-folder.ts';
import { BUILT_IN } from '../presets/built-in.ts';
import { checkProgram } from '../presets/find-program.ts';
import type { Preset } from '../presets/preset.ts';
import { runSetup } from '../session/run-setup.ts';
import { type CommandArguments, commandOptions, readCommandSettings } from './command-options.ts';
import { type CommandToRun, commandWorkload } from './command-workload.ts';
import { finishSession } from './finish-session.ts';
import { readSessionSettings, type SessionArguments, sessionOptions } from './session-options.ts';

type PresetArguments = SessionArguments &
  CommandArguments & {
    readonly targets?: readonly string[] | undefined;
    readonly race?: boolean | undefined;
    readonly lab?: boolean | undefined;
  };

/**
 * `run-until-fail go ./raft -t 3B`, and the same for every toolchain that is built in or that the user has defined.
 *
 * @param own the user's presets; they go over the built-in ones of their names
 */
export function addPresetCommands(cli: Argv, context: ToolContext, extra: readonly string[], own: readonly Preset[]): Argv {
  const builtIn = BUILT_IN.filter((preset) => !own.some((mine) => mine.name === preset.name));
  return [...builtIn, ...own].reduce((built, preset) => addPreset(built, context, preset, extra), cli);
}

function addPreset(cli: Argv, context: ToolContext, preset: Preset, extra: readonly string[]): Argv {
  return cli.command(
    `${preset.name} [targets..]`,
    preset.summary,
    (builder) =>
      commandOptions(sessionOptions(builder))
        .positional('targets', { type: 'string', array: true, describe: 'What to test: packages, files, folders' })
        .option('race', { type: 'boolean', describe: 'With the race detector of the toolchain' })
        .option('lab', {
          type: 'boolean',
          describe: 'Observe the Raft of a lab of 6.824 or 6.5840 from outside, and hold it against figure 2 (preset go)',
        }),
    async (options: ArgumentsCamelCase<PresetArguments>) => {
      context.exitCode = await runPreset(preset, options, extra);
    },
  );
}

async function runPreset(preset: Preset, options: PresetArguments, extra: readonly string[]) {
  const settings = readSessionSettings(options, process.env);
  const targets = options.targets ?? [];
  const given = readCommandSettings(options);
  const buildFolder = buildFolderOf(settings.logs);
  if (options.lab && preset.name !== 'go') {
    throw new UserError('NO_LAB', `--lab observes the labs of 6.824 and 6.5840, which are written in Go: run-until-fail go FOLDER --lab`);
  }
  const plan = preset.plan({
    targets,
    tests: given.tests,
    race: options.race ?? false,
    lab: options.lab ?? false,
    extra,
    directory: given.workingDirectory,
    buildFolder,
  });
  const own = {
    ...given,
    workingDirectory: resolve(given.workingDirectory, plan.directory ?? '.'),
    environment: { ...plan.environment, ...given.environment },
    // What is observed is there to be judged: a run that passes while a rule is broken has failed.
    checksLogs: given.checksLogs || (options.lab ?? false),
    quitSignal: options.quitSignal === undefined ? (plan.quitSignal ?? given.quitSignal) : given.quitSignal,
  };
  const words = [preset.name, ...targets];
  const flags = [...(options.race ? ['--race'] : []), ...(options.lab ? ['--lab'] : [])];
  const label = [...words, ...flags].join(' ');
  const runnable: CommandToRun = {
    label,
    words: plan.command,
    tests: given.tests.length > 0 ? given.tests.map((name) => ({ name })) : [{ name: label }],
    caseCounter: plan.caseCounter,
    version: plan.version,
    // Not the command itself: it names what each machine has built for itself.
    identity: ['preset', preset.name, targets, flags, extra, given.tests.length > 0],
    againOf: (test, again) => [
      ...words,
      ...flags,
      ...(given.tests.length > 0 ? ['-t', test] : []),
      ...again,
      ...(extra.length > 0 ? ['--', ...extra] : []),
    ],
  };
  return finishSession(async (interrupts) => {
    makeBuildFolder(settings.logs);
    const environment = { ...process.env, ...own.environment };
    if (own.setup !== null) await runSetup({ line: own.setup }, given.workingDirectory, environment, interrupts);
    for (const line of plan.notes) process.stderr.write(`${line}\n`);
    for (const step of plan.setup) await runSetup(step, given.workingDirectory, environment, interrupts);
    checkProgram(plan.command[0] ?? '', own.workingDirectory, environment['PATH'] ?? '');
    return commandWorkload(runnable, own, settings);
  }, settings);
}
