import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { printable, UserError } from '@raftlens/command-line';
import { readEnds } from '../execute/inspect-output.ts';

/** A step before the first run: a shell line, or a program with its arguments, which may have a folder of its own to start in. */
export type SetupStep = { readonly line: string } | { readonly words: readonly string[]; readonly directory?: string };

const SHOWN_BYTES = 4096;
const SHOWN_LINES = 20;

/** Runs the step once and waits. @throws UserError SETUP_FAILED with the end of what it printed */
export function runSetup(step: SetupStep, directory: string, environment: NodeJS.ProcessEnv): void {
  const folder = mkdtempSync(join(tmpdir(), 'run-until-fail-setup-'));
  const output = join(folder, 'output.log');
  const file = openSync(output, 'a');
  try {
    const own = 'words' in step ? step.directory : undefined;
    const options = { cwd: own ?? directory, env: environment, stdio: ['ignore', file, file] } satisfies Parameters<typeof spawnSync>[2];
    const [program = '', ...words] = 'words' in step ? step.words : [];
    const { status, signal, error } =
      'line' in step ? spawnSync(step.line, { ...options, shell: true }) : spawnSync(program, words, options);
    if (status === 0) return;
    const shown = readEnds(output, SHOWN_BYTES)
      .trimEnd()
      .split('\n')
      .slice(-SHOWN_LINES)
      .filter((line) => line !== '')
      .map((line) => `  | ${printable(line)}`);
    const name = 'line' in step ? step.line : step.words.join(' ');
    throw new UserError(
      'SETUP_FAILED',
      [`the setup "${name}" failed: ${error?.message ?? `exit ${signal ?? status}`}`, ...shown].join('\n'),
    );
  } finally {
    closeSync(file);
    rmSync(folder, { recursive: true, force: true });
  }
}
