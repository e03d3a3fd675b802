import { spawnSync } from 'node:child_process';
import { availableParallelism, cpus, release, totalmem, type } from 'node:os';
import { formatBytes } from '../format.ts';

/** What a reader of a report must know to believe it: where and on what it was made. */
export interface Environment {
  readonly system: string;
  readonly processor: string;
  readonly cores: number;
  readonly memory: string;
  readonly node: string;
  /** The versions of the toolchains that the command uses, as they print them. */
  readonly toolchain: Readonly<Record<string, string>>;
  /** The commit of the working directory, with "+" behind it when files are changed; null outside of git. */
  readonly commit: string | null;
  readonly commandLine: readonly string[];
}

const PROBE_TIMEOUT_MS = 3000;

/** The program that a command starts with, and how it says its version. */
const VERSION_ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  go: ['version'],
  cargo: ['--version'],
  python: ['--version'],
  python3: ['--version'],
  pytest: ['--version'],
  npm: ['--version'],
  java: ['-version'],
  gcc: ['--version'],
};

export function describeEnvironment(commandLine: readonly string[], program: string, directory: string): Environment {
  const versionArguments = VERSION_ARGUMENTS[program];
  const version = versionArguments === undefined ? null : firstLine(program, versionArguments, directory);
  return {
    system: `${type()} ${release()}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memory: formatBytes(totalmem()),
    node: process.version,
    toolchain: version === null ? {} : { [program]: version },
    commit: commitOf(directory),
    commandLine,
  };
}

function commitOf(directory: string): string | null {
  const commit = firstLine('git', ['rev-parse', '--short=12', 'HEAD'], directory);
  if (commit === null) return null;
  const changed = firstLine('git', ['status', '--porcelain', '--untracked-files=no'], directory);
  return changed === null || changed === '' ? commit : `${commit}+`;
}

function firstLine(program: string, programArguments: readonly string[], directory: string): string | null {
  const { status, stdout, stderr } = spawnSync(program, programArguments, { cwd: directory, encoding: 'utf8', timeout: PROBE_TIMEOUT_MS });
  return status === 0 ? ((stdout || stderr).split('\n')[0]?.trim() ?? '') : null;
}
