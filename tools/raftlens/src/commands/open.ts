import type { Argv } from 'yargs';
import { printColumns } from './columns.ts';
import { pathsOrLatest } from './input.ts';

export function openCommand(cli: Argv): Argv {
  return cli.command(
    ['open [paths..]', '$0'],
    'Open the log in the terminal; elsewhere print it as columns',
    (command) =>
      command
        .positional('paths', { describe: 'Runs or files (default: logs/latest)', type: 'string', array: true, default: [] as string[] })
        // Said once more, because yargs forgets it for the command that runs when none is named.
        .array('paths'),
    async ({ paths }) => {
      await printColumns({ paths: pathsOrLatest(paths.flat()) });
    },
  );
}
