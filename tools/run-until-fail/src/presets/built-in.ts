import { spawnSync } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { UserError } from '@raftlens/command-line';
import type { CaseCounter } from '../execute/launch-plan.ts';
import { versionCommand } from '../report/environment.ts';
import { isExecutable, isOnPath } from './find-program.ts';
import { goLab } from './go-lab.ts';
import { NO_SETUP, type Preset, type PresetPlan, type PresetRequest } from './preset.ts';

/**
 * Go: builds the test binary once (`go test -c`), and runs that. `-count=1` is not needed, since a binary has no cache. The binary runs in
 * the package's folder, as `go test` would run it, so that its test data is found.
 */
function go(request: PresetRequest): PresetPlan {
  const { targets, tests, race, extra, directory, buildFolder } = request;
  const [target = '.', ...others] = targets;
  if (others.length > 0 || target.includes('...')) {
    throw new UserError('ONE_PACKAGE', 'the go preset builds one package; for several use: run-until-fail -- go test -count=1 ./...');
  }
  const binary = join(buildFolder, 'go.test');
  const build = ['go', 'test', '-c', ...(race ? ['-race'] : []), '-o', binary];
  const lab = request.lab ? goLab(resolve(directory, target), buildFolder) : null;
  return {
    ...NO_SETUP,
    setup: lab === null ? [{ words: [...build, target] }] : [{ words: [...build, ...lab.flags, '.'], directory: lab.directory }],
    command: [binary, '-test.v', ...(tests.length > 0 ? ['-test.run', '{test}'] : []), ...extra],
    directory: lab === null ? packageFolder(target, directory) : lab.directory,
    environment: lab === null ? {} : lab.environment,
    notes: lab === null ? [] : lab.notes,
    caseCounter: counter('^=== RUN\\s'),
    quitSignal: 'SIGQUIT',
    version: versionCommand('go'),
  };
}

function packageFolder(target: string, directory: string): string {
  if (/^\.{0,2}\//.test(target) || target === '.' || target === '..') return target;
  const { stdout, status } = spawnSync('go', ['list', '-f', '{{.Dir}}', target], { cwd: directory, encoding: 'utf8' });
  if (status === 0) return stdout.trim();
  throw new UserError('UNKNOWN_PACKAGE', `go knows no package "${target}" here; a folder is written ./${target}`);
}

/** Rust: unit and integration tests, built once (`cargo test --no-run`). Doc tests are left out: they are compiled again at each run. */
function cargo({ targets, tests, race, extra }: PresetRequest): PresetPlan {
  if (race) throw noRace('cargo', 'set RUSTFLAGS=-Zsanitizer=thread on a nightly toolchain');
  const packages = targets.flatMap((target) => ['-p', target]);
  return {
    ...NO_SETUP,
    setup: [{ words: ['cargo', 'test', '--no-run', '--tests', ...packages] }],
    command: [
      'cargo',
      'test',
      '--tests',
      ...packages,
      ...(tests.length > 0 ? ['{test}'] : []),
      ...(extra.length > 0 ? ['--', ...extra] : []),
    ],
    environment: { RUST_BACKTRACE: '1' },
    version: versionCommand('cargo'),
    caseCounter: counter('^running (\\d+) tests?$'),
  };
}

/** Node's own runner; TAP, because its counts are the same in every version. */
function node({ targets, tests, race, extra }: PresetRequest): PresetPlan {
  if (race) throw noRace('node', 'JavaScript threads share no objects');
  const pattern = tests.length > 0 ? ['--test-name-pattern', '{test}'] : [];
  return {
    ...NO_SETUP,
    command: ['node', '--test', '--test-reporter', 'tap', ...pattern, ...extra, ...targets],
    caseCounter: counter('^# (?:pass|fail|cancelled) (\\d+)'),
  };
}

/** How the runners that npm scripts start say how many tests they executed: node (TAP and spec), uvu, mocha, jest and vitest. */
const NPM_COUNTS = [
  '^(?:#|ℹ) (?:pass|fail|cancelled) (\\d+)',
  '^\\s*Total:\\s+(\\d+)',
  '^\\s*(\\d+) (?:passing|failing)\\b',
  '^Tests:.*\\b(\\d+) total',
  '^\\s*Tests\\s.*\\((\\d+)\\)$',
].join('|');

/** Whatever the script does; its cases are counted where its runner is a known one. */
function npm({ targets, tests, race, extra }: PresetRequest): PresetPlan {
  if (race) throw noRace('npm', 'put the detector into the script');
  const [script = 'test', ...others] = targets;
  if (others.length > 0)
    throw new UserError('ONE_SCRIPT', `the npm preset runs one script; what ${others.join(' ')} is for goes behind --`);
  const rest = [...(tests.length > 0 ? ['{test}'] : []), ...extra];
  return {
    ...NO_SETUP,
    command: ['npm', 'run', '--silent', script, ...(rest.length > 0 ? ['--', ...rest] : [])],
    environment: { NO_COLOR: '1' },
    caseCounter: { ...counter(NPM_COUNTS), absent: 'unknown' },
  };
}

/** uvu exits with 0 when it finds no test, so that counting matters most here. Its tests have no names to choose by: `-t` is a pattern of files. */
function uvu({ targets, tests, race, extra, directory }: PresetRequest): PresetPlan {
  if (race) throw noRace('uvu', 'JavaScript threads share no objects');
  if (targets.length === 0 && tests.length === 0)
    throw new UserError('NO_TARGET', 'say which folder: run-until-fail uvu tests [-t PATTERN]');
  return {
    ...NO_SETUP,
    command: [installedProgram('uvu', directory), ...targets, ...(tests.length > 0 ? ['{test}'] : []), ...extra],
    environment: { NO_COLOR: '1' },
    caseCounter: counter('^\\s*Total:\\s+(\\d+)'),
  };
}

/** The program of a package, as npx would find it; npx itself would take longer than most tests. */
function installedProgram(name: string, directory: string): string {
  for (let folder = directory; ; folder = dirname(folder)) {
    const program = join(folder, 'node_modules', '.bin', name);
    if (isExecutable(program)) return program;
    if (folder === dirname(folder)) throw new UserError('NOT_INSTALLED', `${name} is not installed here: npm install --save-dev ${name}`);
  }
}

/** Debian names the program of Python 3 in its own way. */
const PYTEST = ['pytest', 'pytest-3'];

/** A test is named by its node id (`test_raft.py::test_election`) or by an expression for -k. */
function pytest({ targets, tests, race, extra }: PresetRequest): PresetPlan {
  if (race) throw noRace('pytest', 'use a free-threaded build with a sanitizer');
  const program = PYTEST.find((name) => isOnPath(name, process.env['PATH'] ?? '')) ?? 'pytest';
  const byId = tests.length > 0 && tests.every((test) => test.includes('::'));
  const select = tests.length === 0 ? [] : byId ? ['{test}'] : ['-k', '{test}'];
  return {
    ...NO_SETUP,
    command: [program, '-p', 'no:cacheprovider', '-rA', '--color=no', ...select, ...extra, ...targets],
    environment: { PYTHONFAULTHANDLER: '1' },
    caseCounter: { ...counter('^(?:PASSED|FAILED|ERROR|XFAIL|XPASS) \\S+::'), exitCodeOfNone: 5 },
    quitSignal: 'SIGABRT',
    version: versionCommand(program),
  };
}

function counter(pattern: string): CaseCounter {
  return { pattern, absent: 'none', exitCodeOfNone: null };
}

function noRace(preset: string, hint: string): UserError {
  return new UserError('NO_RACE_DETECTOR', `the ${preset} preset knows no race detector: ${hint}, or define a preset of your own`);
}

export const BUILT_IN: readonly Preset[] = [
  { name: 'go', summary: 'A Go package: built once, -race by --race, hangs dump their goroutines', plan: go },
  { name: 'cargo', summary: 'Rust tests, built once; not doc tests', plan: cargo },
  { name: 'node', summary: 'node --test: -t is a pattern of names', plan: node },
  { name: 'npm', summary: 'An npm script (default: test)', plan: npm },
  { name: 'uvu', summary: 'uvu: -t is a pattern of files', plan: uvu },
  { name: 'pytest', summary: 'pytest: -t is a node id or an expression for -k', plan: pytest },
];
