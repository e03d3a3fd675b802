import { type ToolContext, UserError } from '@raftlens/command-line';
import type { ArgumentsCamelCase, Argv } from 'yargs';
import { checkProgram } from '../presets/find-program.ts';
import { versionCommand } from '../report/environment.ts';
import { runSetup } from '../session/run-setup.ts';
import { shellLine } from '../shell-words.ts';
import { type CommandArguments, type CommandSettings, commandOptions, readCommandSettings } from './command-options.ts';
import { type CommandToRun, commandWorkload } from './command-workload.ts';
import { finishSession } from './finish-session.ts';
import { readSessionSettings, type SessionArguments, sessionOptions } from './session-options.ts';

/** `run-until-fail [options] -- COMMAND...`, the default command. */
export function addRunCommand(cli: Argv, context: ToolContext, command: readonly string[]): Argv {
  return cli.command(
    '$0',
    'Run a command again and again until it fails',
    (builder) => commandOptions(sessionOptions(builder)),
    async (options: ArgumentsCamelCase<SessionArguments & CommandArguments>) => {
      const settings = readSessionSettings(options, process.env);
      const own = readCommandSettings(options);
      const runnable = commandToRun(command, own);
      context.exitCode = await finishSession(async (interrupts) => {
        if (own.setup !== null)
          await runSetup({ line: own.setup }, own.workingDirectory, { ...process.env, ...own.environment }, interrupts);
        if (!own.shell) checkProgram(command[0] ?? '', own.workingDirectory, own.environment['PATH'] ?? process.env['PATH'] ?? '');
        return commandWorkload(runnable, own, settings);
      }, settings);
    },
  );
}

function commandToRun(words: readonly string[], own: CommandSettings): CommandToRun {
  if (words.length === 0) throw new UserError('NO_COMMAND', 'say what to run: run-until-fail [options] -- COMMAND...; see --help');
  const line = own.shell ? words.join(' ') : shellLine(words);
  if (own.tests.length > 0 && !/\{test\}|RUN_TEST/.test(line)) {
    throw new UserError('NO_PLACE_FOR_TEST', 'tests are named, but the command has no {test} to put their names');
  }
  return {
    label: line,
    words,
    tests: own.tests.length > 0 ? own.tests.map((name) => ({ name })) : [{ name: line }],
    caseCounter: null,
    version: own.shell ? null : versionCommand(words[0] ?? ''),
    identity: ['command', own.shell, words],
    againOf: (test, options) => [...options, ...(own.tests.length > 0 ? ['-t', test] : []), '--', ...words],
  };
}
