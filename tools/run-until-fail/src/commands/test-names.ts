import { spawnSync } from 'node:child_process';
import { UserError } from '@raftlens/command-line';
import { errorMessage } from '../errors.ts';
import { readNamedFile } from '../files.ts';

export interface TestNameSources {
  readonly named: readonly string[];
  /** A file with a name on each line, "-" for standard input. */
  readonly file: string | null;
  /** A shell line that prints the names, such as `go test -list .`. */
  readonly command: string | null;
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
}

const NAMES_BYTES_MAX = 2 ** 26;
const LIST_TIMEOUT_MS = 600_000;
const LIST_BYTES_MAX = 2 ** 26;

/** All names, each once, in order. @throws UserError NO_TESTS when a source that was given holds none */
export function testNames(sources: TestNameSources): readonly string[] {
  const listed = [
    ...(sources.file === null ? [] : namesIn(readList(sources.file), sources.file)),
    ...(sources.command === null ? [] : namesIn(runList(sources.command, sources), sources.command)),
  ];
  return [...new Set([...sources.named, ...listed])];
}

function namesIn(text: string, source: string): readonly string[] {
  const names = namesOfList(text);
  if (names.length === 0) throw new UserError('NO_TESTS', `${source} names no test`);
  return names;
}

/** What runners add to the names that they list: "ok  package 0.1s", "?   package [no test files]", "3 tests, 0 benchmarks", "3 tests collected in 0.1s". */
const NO_NAME = /^#|^(?:ok|\?)\s+\S+\s|^\d+ tests?(?:, \d+ benchmarks?$| collected)|: bench(?:mark)?$/;
/** `cargo test -- --list` says what a name is the name of. */
const KIND = /: test$/;

/** A name a line, of a person's list or as `go test -list`, `cargo test -- --list` and `pytest --collect-only -q` print them; `#` begins a comment. */
export function namesOfList(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !NO_NAME.test(line))
    .map((line) => line.replace(KIND, ''));
}

function readList(file: string): string {
  try {
    return readNamedFile(file === '-' ? 0 : file, NAMES_BYTES_MAX);
  } catch (error) {
    throw new UserError('LIST_UNREADABLE', `cannot read the list of tests ${file}: ${errorMessage(error)}`);
  }
}

function runList(command: string, { directory, environment }: TestNameSources): string {
  const { status, signal, stdout, error } = spawnSync(command, {
    cwd: directory,
    env: environment,
    shell: true,
    encoding: 'utf8',
    maxBuffer: LIST_BYTES_MAX,
    timeout: LIST_TIMEOUT_MS,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status === 0) return stdout;
  throw new UserError('LIST_FAILED', `--tests-command "${command}" failed: ${error?.message ?? `exit ${signal ?? status}`}`);
}
