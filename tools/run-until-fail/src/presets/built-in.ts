import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { UserError } from '@raftlens/command-line';
import { NO_SETUP, type Preset, type PresetPlan, type PresetRequest } from './preset.ts';

/**
 * Go: builds the test binary once (`go test -c`), and runs that. `-count=1` is not needed, since a binary has no cache. The binary runs in
 * the package's folder, as `go test` would run it, so that its test data is found.
 */
function go({ targets, tests, race, extra, directory, buildFolder }: PresetRequest): PresetPlan {
  const [target = '.', ...others] = targets;
  if (others.length > 0 || target.includes('...')) {
    throw new UserError('ONE_PACKAGE', 'the go preset builds one package; for several use: run-until-fail -- go test -count=1 ./...');
  }
  const binary = join(buildFolder, 'go.test');
  return {
    ...NO_SETUP,
    setup: [{ words: ['go', 'test', '-c', ...(race ? ['-race'] : []), '-o', binary, target] }],
    command: [binary, '-test.v', ...(tests.length > 0 ? ['-test.run', '{test}'] : []), ...extra],
    directory: packageFolder(target, directory),
    caseCounter: { pattern: '^=== RUN\\s', failWhenZero: true },
    quitSignal: 'SIGQUIT',
  };
}

function packageFolder(target: string, directory: string): string {
  if (/^\.{0,2}\//.test(target) || target === '.' || target === '..') return target;
  const { stdout, status } = spawnSync('go', ['list', '-f', '{{.Dir}}', target], { cwd: directory, encoding: 'utf8' });
  if (status === 0) return stdout.trim();
  throw new UserError('UNKNOWN_PACKAGE', `go knows no package "${target}" here; a folder is written ./${target}`);
}

/** Rust: builds once (`cargo test --no-run`), and then runs without looking for changes anew. */
function cargo({ targets, tests, race, extra }: PresetRequest): PresetPlan {
  if (race) throw noRace('cargo', 'set RUSTFLAGS=-Zsanitizer=thread on a nightly toolchain');
  const packages = targets.flatMap((target) => ['-p', target]);
  return {
    ...NO_SETUP,
    setup: [{ words: ['cargo', 'test', '--no-run', ...packages] }],
    command: [
      'cargo',
      'test',
      '--quiet',
      ...packages,
      ...(tests.length > 0 ? ['{test}'] : []),
      ...(extra.length > 0 ? ['--', ...extra] : []),
    ],
    environment: { RUST_BACKTRACE: '1' },
    caseCounter: { pattern: '^running (\\d+) tests?$', failWhenZero: true },
  };
}

/** Node's own runner; TAP, because its counts are the same in every version. */
function node({ targets, tests, race, extra }: PresetRequest): PresetPlan {
  if (race) throw noRace('node', 'JavaScript threads share no objects');
  const pattern = tests.length > 0 ? ['--test-name-pattern', '{test}'] : [];
  return {
    ...NO_SETUP,
    command: ['node', '--test', '--test-reporter', 'tap', ...pattern, ...extra, ...targets],
    caseCounter: { pattern: '^# pass (\\d+)', failWhenZero: true },
  };
}

/** Whatever `npm test` does; its runner cannot be known, so that cases are not counted. */
function npm({ targets, tests, race, extra }: PresetRequest): PresetPlan {
  if (race) throw noRace('npm', 'put the detector into the script');
  const [script = 'test'] = targets;
  const rest = [...(tests.length > 0 ? ['{test}'] : []), ...extra];
  return { ...NO_SETUP, command: ['npm', 'run', '--silent', script, ...(rest.length > 0 ? ['--', ...rest] : [])], caseCounter: null };
}

/** uvu exits with 0 when it finds no test, so that counting matters most here. */
function uvu({ targets, tests, race, extra }: PresetRequest): PresetPlan {
  if (race) throw noRace('uvu', 'JavaScript threads share no objects');
  if (targets.length === 0 && tests.length === 0)
    throw new UserError('NO_TARGET', 'say which folder: run-until-fail uvu tests [-t PATTERN]');
  return {
    ...NO_SETUP,
    command: ['npx', '--no-install', 'uvu', ...targets, ...(tests.length > 0 ? ['{test}'] : []), ...extra],
    caseCounter: { pattern: '^\\s*Total:\\s+(\\d+)', failWhenZero: true },
  };
}

/** pytest's own exit code 5 says that nothing was collected; the count tells of changes. */
function pytest({ targets, tests, race, extra }: PresetRequest): PresetPlan {
  if (race) throw noRace('pytest', 'use a free-threaded build with a sanitizer');
  return {
    ...NO_SETUP,
    command: ['pytest', '-p', 'no:cacheprovider', '-rA', ...(tests.length > 0 ? ['-k', '{test}'] : []), ...extra, ...targets],
    environment: { PYTHONFAULTHANDLER: '1' },
    caseCounter: { pattern: '^(?:collected|\\S+ collected) (\\d+) items?', failWhenZero: true },
    quitSignal: 'SIGABRT',
  };
}

function noRace(preset: string, hint: string): UserError {
  return new UserError('NO_RACE_DETECTOR', `the ${preset} preset knows no race detector: ${hint}, or define a preset of your own`);
}

export const BUILT_IN: readonly Preset[] = [
  { name: 'go', summary: 'A Go package: built once, -race by --race, hangs dump their goroutines', plan: go },
  { name: 'cargo', summary: 'Rust tests', plan: cargo },
  { name: 'node', summary: 'node --test', plan: node },
  { name: 'npm', summary: 'An npm script (default: test)', plan: npm },
  { name: 'uvu', summary: 'uvu', plan: uvu },
  { name: 'pytest', summary: 'pytest', plan: pytest },
];
