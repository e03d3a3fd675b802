import { spawn } from 'node:child_process';
import { unlessRuns } from '@raftlens/testing';
import { shellLine } from '../../src/shell-words.ts';
import { TOOL, until } from './tool.ts';

/** Why there is no terminal to be had here, or false: for `skip`. */
export const NO_TERMINAL =
  process.platform === 'linux' ? unlessRuns(['script', '--version'], 'script of util-linux') : 'it needs script as Linux has it';

/** The real tool on a pseudo-terminal. */
export interface OnTerminal {
  type(text: string): void;
  /** Everything that was shown so far. */
  shown(): string;
  /** Waits until the text is shown behind what `from` characters hold, and gives how many characters are shown then. */
  untilShown(text: string, from?: number, limitMs?: number): Promise<number>;
  readonly exitCode: Promise<number | null>;
}

export function onTerminal(folder: string, environment: Readonly<Record<string, string>>, ...words: readonly string[]): OnTerminal {
  const line = `stty rows 24 cols 100; exec ${shellLine([process.execPath, TOOL, ...words])}`;
  const child = spawn('script', ['--quiet', '--flush', '--return', '--command', line, '/dev/null'], {
    cwd: folder,
    env: { ...process.env, TERM: 'xterm-256color', GITHUB_ACTIONS: '', ...environment },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  let shown = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (shown += text));
  return {
    type: (text) => child.stdin.write(text),
    shown: () => shown,
    untilShown: async (text, from = 0, limitMs = 20_000) => {
      await until(`"${text}" is shown`, () => shown.includes(text, from), limitMs);
      return shown.length;
    },
    exitCode: new Promise((resolve) => child.once('close', resolve)),
  };
}
