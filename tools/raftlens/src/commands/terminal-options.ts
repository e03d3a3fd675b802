import { openSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { ReadStream } from 'node:tty';
import { UserError, wantsColour } from '@raftlens/command-line';
import type { ColorDepth, ThemeName } from '../text/theme.ts';
import { has256Colours } from './output.ts';

/** What the command line says about the screen. */
export interface ScreenFlags {
  readonly color?: boolean | undefined;
  readonly theme: ThemeName;
  readonly ascii?: boolean | undefined;
  readonly mouse: boolean;
}

/** What holds where the command line says nothing. */
export const SCREEN_DEFAULTS: ScreenFlags = { theme: 'dark', mouse: true };

/** What the terminal at hand can do, and what the user wants of it. */
export interface TerminalSetup {
  readonly input: Duplex;
  readonly output: Duplex;
  readonly term: string;
  readonly depth: ColorDepth;
  readonly theme: ThemeName;
  readonly ascii: boolean;
  readonly mouse: boolean;
}

/** Throws for a terminal that cannot show the screen. `instead` is what to use there. */
export function terminalSetup(flags: ScreenFlags, instead: string): TerminalSetup {
  const term = process.env['TERM'] ?? '';
  if (term === '' || term === 'dumb') {
    throw new UserError('DUMB_TERMINAL', `the terminal (TERM=${term}) cannot place its cursor: use \`${instead}\`, which prints text.`);
  }
  const colour = wantsColour({ flag: flags.color, environment: process.env, isTerminal: true });
  return {
    input: keyboard(instead),
    output: process.stdout,
    term,
    depth: colour ? (has256Colours() ? 256 : 16) : 0,
    theme: flags.theme,
    ascii: flags.ascii ?? !speaksUtf8(),
    mouse: flags.mouse,
  };
}

/** The terminal's keys, also where standard input is the log. */
function keyboard(instead: string): Duplex {
  if (process.stdin.isTTY) return process.stdin;
  try {
    return new ReadStream(openSync('/dev/tty', 'r'));
  } catch (error) {
    throw new UserError('NO_KEYBOARD', `there is no terminal to read keys from: use \`${instead}\`.`, { cause: error });
  }
}

/** The locale decides, in the order of POSIX. */
function speaksUtf8(): boolean {
  const { LC_ALL, LC_CTYPE, LANG } = process.env;
  return /utf-?8/i.test([LC_ALL, LC_CTYPE, LANG].find((value) => value !== undefined && value !== '') ?? '');
}
