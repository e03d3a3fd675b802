import { type Context, UserError } from '@raftlens/command-line';
import type { ArgumentsCamelCase, Argv } from 'yargs';
import { type CommandArguments, commandOptions, readCommandSettings } from './command-options.ts';
import { checkProgram } from './find-program.ts';
import { readSessionSettings, type SessionArguments, sessionOptions } from './session-options.ts';

/** `run-until-fail worker --queue redis://... -- COMMAND...` */
export function addWorkerCommand(cli: Argv, context: Context, command: readonly string[]): Argv {
  return cli.command(
    'worker',
    'Run what a coordinator hands out through Redis, with the command given here and no other',
    (builder) =>
      commandOptions(sessionOptions(builder)).option('queue', { type: 'string', demandOption: true, describe: 'redis://HOST:PORT' }),
    async (options: ArgumentsCamelCase<SessionArguments & CommandArguments & { queue: string }>) => {
      if (command.length === 0)
        throw new UserError('NO_COMMAND', 'say what this worker may run: run-until-fail worker --queue URL -- COMMAND...');
      const own = readCommandSettings(options);
      if (!own.shell) checkProgram(command[0] ?? '', own.workingDirectory, own.environment['PATH'] ?? process.env['PATH'] ?? '');
      const { runWorker } = await import('./shared-queue-commands.ts');
      context.exitCode = await runWorker(command, own, readSessionSettings(options, process.env, true), options.queue);
    },
  );
}
