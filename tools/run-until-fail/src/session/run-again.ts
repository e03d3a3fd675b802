import { spawn } from 'node:child_process';
import { ExitCode, printable } from '@raftlens/command-line';
import { shellLine } from '../shell-words.ts';

export interface AgainSetting {
  /** Where the tool was started. */
  readonly directory: string;
  readonly logs: string;
  /** Of the variables that the words name. */
  readonly values: Readonly<Record<string, string>>;
}

/**
 * Starts the tool itself with arguments that a run was kept with, in the folder where it was started.
 *
 * @param ended ends it, as Ctrl-C would, when it is aborted
 */
export function runAgain(words: readonly string[], { directory, logs, values }: AgainSetting, ended?: AbortSignal): Promise<ExitCode> {
  process.stderr.write(`${printable(shellLine(['run-until-fail', ...words]))}\n`);
  const script = process.argv[1] ?? '';
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...words.slice(0, ownWords(words)), '--no-open', ...words.slice(ownWords(words))], {
      stdio: 'inherit',
      cwd: directory,
      env: { ...process.env, ...values, RAFTLENS_LOGS: logs },
    });
    // The terminal sends Ctrl-C to the child as well, which sums up and ends; we wait for it.
    const ignore = (): void => undefined;
    process.on('SIGINT', ignore);
    const end = (): void => void child.kill('SIGINT');
    ended?.addEventListener('abort', end, { once: true });
    child.once('error', reject);
    child.once('exit', (code) => {
      process.off('SIGINT', ignore);
      ended?.removeEventListener('abort', end);
      resolve(Object.values(ExitCode).find((known) => known === code) ?? ExitCode.internal);
    });
  });
}

/** How many of the words come before "--". */
function ownWords(words: readonly string[]): number {
  const dashes = words.indexOf('--');
  return dashes === -1 ? words.length : dashes;
}
