import { existsSync } from 'node:fs';
import { suggest, unknownName } from '@raftlens/command-line';
import type { Argv } from 'yargs';
import { THEME_NAMES } from '../text/theme.ts';
import { namedPaths, openOptions, readingOptions } from './input.ts';
import { SCREEN_DEFAULTS } from './terminal-options.ts';

/** `commandNames` are those of the other commands. */
export function openCommand(cli: Argv, commandNames: readonly string[]): Argv {
  return cli.command(
    ['open [paths..]', '$0'],
    'Open the log in the terminal; elsewhere print it as columns',
    (command) =>
      readingOptions(command)
        .positional('paths', { describe: 'Runs or files (default: logs/latest)', type: 'string', array: true, default: [] as string[] })
        // Said once more, because yargs forgets it for the command that runs when none is named.
        .array('paths')
        .option('theme', {
          choices: THEME_NAMES,
          default: SCREEN_DEFAULTS.theme,
          describe: 'Colours for a dark or a light terminal, or none',
        })
        .option('color', { type: 'boolean', describe: '--no-color: bold and underlined instead of colours' })
        .option('ascii', { type: 'boolean', describe: 'No signs beyond ASCII (default: by the locale)' })
        .option('mouse', { type: 'boolean', default: SCREEN_DEFAULTS.mouse, describe: '--no-mouse leaves the mouse to the terminal' })
        .option('fresh', { type: 'boolean', default: false, describe: 'Do not take up the session where it was left' }),
    async (options) => {
      const paths = namedPaths(options.paths.flat());
      refuseMistypedCommand(paths, commandNames);
      const { color, theme, ascii, mouse, fresh } = options;
      const reading = openOptions(options);
      if (!process.stdout.isTTY) {
        const { printColumns } = await import('./columns.ts');
        await printColumns({ ...reading, paths, color });
        return;
      }
      const { openScreen } = await import('./open-screen.ts');
      await openScreen({ color, theme, ascii, mouse, fresh, paths, reading });
    },
  );
}

/** A lone word that names no file but is nearly a command was meant as one. */
function refuseMistypedCommand(paths: readonly string[], commandNames: readonly string[]): void {
  const [word] = paths;
  if (word === undefined || !/^[a-z]+$/.test(word) || existsSync(word)) return;
  if (suggest(word, commandNames) !== undefined) throw unknownName('command', word, commandNames);
}
