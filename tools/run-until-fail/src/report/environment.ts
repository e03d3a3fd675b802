import { spawnSync } from 'node:child_process';
import { availableParallelism, cpus, release, totalmem, type } from 'node:os';
import { basename } from 'node:path';
import { formatBytes, plural } from '../format.ts';
import { shellLine } from '../shell-words.ts';
import { withoutValues } from '../without-values.ts';

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

/** How the programs that tests are started with say their version; it is known of these only, since another may not know the option and do something. */
const VERSION_ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  go: ['version'],
  cargo: ['--version'],
  rustc: ['--version'],
  python: ['--version'],
  python3: ['--version'],
  pytest: ['--version'],
  'pytest-3': ['--version'],
  npm: ['--version'],
  java: ['-version'],
  mvn: ['--version'],
  gcc: ['--version'],
  clang: ['--version'],
  ctest: ['--version'],
  dotnet: ['--version'],
  ruby: ['--version'],
};

/** The command that says the version of a program; null where it is not known. */
export function versionCommand(program: string): readonly string[] | null {
  const words = VERSION_ARGUMENTS[basename(program)];
  return words === undefined ? null : [program, ...words];
}

/** @param version the command that says the version of the toolchain, if there is one */
export function describeEnvironment(commandLine: readonly string[], version: readonly string[] | null, directory: string): Environment {
  const [program, ...versionArguments] = version ?? [];
  const said = program === undefined ? null : firstLine(program, versionArguments, directory);
  return {
    system: `${type()} ${release()}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memory: formatBytes(totalmem()),
    node: process.version,
    toolchain: program === undefined || said === null ? {} : { [basename(program)]: said },
    commit: commitOf(directory),
    commandLine: withoutValues(commandLine),
  };
}

/** For people, a line each. It holds what programs printed: print it through `printable`. */
export function environmentLines({
  system,
  processor,
  cores,
  memory,
  node,
  toolchain,
  commit,
  commandLine,
}: Environment): readonly string[] {
  const versions = [
    `node ${node}`,
    ...Object.entries(toolchain).map(([program, said]) => (said.includes(program) ? said : `${program} ${said}`)),
  ];
  return [
    `on ${processor}, ${plural(cores, 'core')}, ${memory}, ${system}`,
    `with ${versions.join(', ')}; ${commit === null ? 'not in git' : `commit ${commit}`}`,
    `by ${shellLine(['run-until-fail', ...commandLine])}`,
  ];
}

/** What several machines have in common; where they differ, what each of them has. */
export function mergeEnvironments(environments: readonly [Environment, ...Environment[]]): Environment {
  const [first] = environments;
  const all = (of: (environment: Environment) => string): string => [...new Set(environments.map(of))].join(' | ');
  const programs = new Set(environments.flatMap(({ toolchain }) => Object.keys(toolchain)));
  return {
    ...first,
    system: all(({ system }) => system),
    processor: all(({ processor }) => processor),
    memory: all(({ memory }) => memory),
    node: all(({ node }) => node),
    toolchain: Object.fromEntries([...programs].map((program) => [program, all(({ toolchain }) => toolchain[program] ?? 'none')])),
    commit: environments.every(({ commit }) => commit === null) ? null : all(({ commit }) => commit ?? 'none'),
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
