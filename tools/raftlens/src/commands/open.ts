import { openSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { ReadStream } from 'node:tty';
import { UserError, wantsColour } from '@raftlens/command-line';
import type { Argv } from 'yargs';
import { THEME_NAMES, type ThemeName } from '../text/theme.ts';
import { printColumns } from './columns.ts';
import { pathsOrLatest } from './input.ts';
import { has256Colours } from './output.ts';
import { runScreen } from './screen.ts';

interface OpenArguments {
  readonly paths: readonly string[];
  readonly color?: boolean | undefined;
  readonly theme: ThemeName;
  readonly ascii?: boolean | undefined;
  readonly mouse: boolean;
  readonly fresh: boolean;
}

export function openCommand(cli: Argv): Argv {
  return cli.command(
    ['open [paths..]', '$0'],
    'Open the log in the terminal; elsewhere print it as columns',
    (command) =>
      command
        .positional('paths', { describe: 'Runs or files (default: logs/latest)', type: 'string', array: true, default: [] as string[] })
        // Said once more, because yargs forgets it for the command that runs when none is named.
        .array('paths')
        .option('theme', { choices: THEME_NAMES, default: 'dark' as const, describe: 'Colours for a dark or a light terminal, or none' })
        .option('color', { type: 'boolean', describe: '--no-color: bold and underlined instead of colours' })
        .option('ascii', { type: 'boolean', describe: 'No signs beyond ASCII (default: by the locale)' })
        .option('mouse', { type: 'boolean', default: true, describe: '--no-mouse leaves the mouse to the terminal' })
        .option('fresh', { type: 'boolean', default: false, describe: 'Do not take up the session where it was left' }),
    async (options) => {
      await open({ ...options, paths: pathsOrLatest(options.paths.flat()) });
    },
  );
}

async function open(options: OpenArguments): Promise<void> {
  if (!process.stdout.isTTY) {
    await printColumns({ paths: options.paths, color: options.color });
    return;
  }
  const term = process.env['TERM'] ?? '';
  if (term === '' || term === 'dumb') {
    throw new UserError(
      'DUMB_TERMINAL',
      `the terminal (TERM=${term}) cannot place its cursor: use \`raftlens columns\`, which prints text.`,
    );
  }
  const colour = wantsColour({ flag: options.color, environment: process.env, isTerminal: true });
  await runScreen({
    paths: options.paths,
    input: keyboard(),
    output: process.stdout,
    term,
    depth: colour ? (has256Colours() ? 256 : 16) : 0,
    theme: options.theme,
    ascii: options.ascii ?? !speaksUtf8(),
    mouse: options.mouse,
    fresh: options.fresh,
  });
}

/** The terminal's keys, also where standard input is the log. */
function keyboard(): Duplex {
  if (process.stdin.isTTY) return process.stdin;
  try {
    return new ReadStream(openSync('/dev/tty', 'r'));
  } catch (error) {
    throw new UserError('NO_KEYBOARD', 'there is no terminal to read keys from: use `raftlens columns`.', { cause: error });
  }
}

/** The locale decides, in the order of POSIX. */
function speaksUtf8(): boolean {
  const { LC_ALL, LC_CTYPE, LANG } = process.env;
  return /utf-?8/i.test([LC_ALL, LC_CTYPE, LANG].find((value) => value !== undefined && value !== '') ?? '');
}
