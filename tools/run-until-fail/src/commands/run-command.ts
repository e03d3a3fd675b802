import { type Context, UserError } from '@raftlens/command-line';
import type { ArgumentsCamelCase, Argv } from 'yargs';
import { shellLine } from '../keep/shell-words.ts';
import { type CommandArguments, commandOptions, readCommandSettings } from './command-options.ts';
import { commandWorkload } from './command-workload.ts';
import { checkProgram } from './find-program.ts';
import { runSession } from './run-session.ts';
import { readSessionSettings, type SessionArguments, sessionOptions } from './session-options.ts';

/** `run-until-fail [options] -- COMMAND...`, the default command. */
export function addRunCommand(cli: Argv, context: Context, command: readonly string[]): Argv {
  return cli.command(
    '$0',
    'Run a command again and again until it fails',
    (builder) => commandOptions(sessionOptions(builder)),
    async (options: ArgumentsCamelCase<SessionArguments & CommandArguments>) => {
      const [program] = command;
      if (program === undefined) throw new UserError('NO_COMMAND', 'say what to run: run-until-fail [options] -- COMMAND...; see --help');
      const settings = readSessionSettings(options, process.env);
      const own = readCommandSettings(options);
      if (!own.shell) checkProgram(program, own.workingDirectory, own.environment['PATH'] ?? process.env['PATH'] ?? '');
      const tests = [{ name: own.shell ? command.join(' ') : shellLine(command) }];
      context.exitCode = await runSession(commandWorkload({ words: command, tests, caseCounter: null }, own, settings), settings);
    },
  );
}
