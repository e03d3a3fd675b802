import type { ToolContext } from '@raftlens/command-line';
import type { ArgumentsCamelCase, Argv } from 'yargs';
import type { ModuleArguments } from './run-module.ts';
import { sessionOptions } from './session-options.ts';

/** `run-until-fail module FILE.ts` */
export function addModuleCommand(cli: Argv, context: ToolContext): Argv {
  return cli.command(
    'module <file>',
    'Run your own seeded test functions: (seed, { folder }) => void, a failure throws',
    (builder) =>
      sessionOptions(builder)
        .positional('file', { type: 'string', describe: 'A TypeScript or JavaScript module; every function that it exports is a test' })
        .option('test', { alias: 't', type: 'string', array: true, nargs: 1, describe: 'Only this export; may be given again' })
        .option('seeds', { type: 'string', describe: 'A..B, A.. or one seed (default: 1..)' })
        .option('worker-memory', { type: 'string', default: '1024', describe: 'MiB of a worker; one that leaks is replaced' }),
    async (options: ArgumentsCamelCase<ModuleArguments>) => {
      const { runModule } = await import('./run-module.ts');
      context.exitCode = await runModule(options);
    },
  );
}
