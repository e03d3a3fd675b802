import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { readPlainFile } from '../files.ts';

/** How a runner of tests says that it has run nothing, and repeats an old result instead. */
interface CachingRunner {
  readonly name: string;
  /** A line for a result that comes from its cache. */
  readonly cached: RegExp;
  /** A line for something that was run all the same; null where the line above speaks of the whole. */
  readonly fresh: RegExp | null;
  /** What makes it run its tests again. */
  readonly advice: string;
}

const RUNNERS: readonly CachingRunner[] = [
  {
    name: 'Go',
    // Also in the JSON of `go test -json`, and as gotestsum prints it.
    cached: /^(?:ok|✓|\{.{0,200}"Output":"ok)\s?.{0,1000}\(cached\)/,
    fresh: /^(?:ok\s+\S{1,500}\s+[\d.]+s|✓\s+\S{1,500}\s+\([\d.]+m?s|FAIL|--- FAIL|=== RUN|\{.{0,300}"Elapsed":0*\.?0*[1-9])/,
    advice: 'add -count=1',
  },
  {
    name: 'Gradle',
    cached:
      /^(?:> Task (?:\S{0,500}:)?(?:test|\w{1,100}Test) (?:UP-TO-DATE|FROM-CACHE)|\d+ actionable tasks?: \d+ (?:up-to-date|from cache)(?:, \d+ (?:up-to-date|from cache))?)$/,
    fresh: /^> Task (?:\S{0,500}:)?(?:test|\w{1,100}Test)(?: FAILED)?$/,
    advice: 'add --rerun-tasks, or from Gradle 7.6 on --rerun behind the task',
  },
  {
    name: 'Bazel',
    cached: /^(?:Executed 0 out of \d+ tests?|\/\/\S{1,500}\s+\(cached\) PASSED)/,
    fresh: /^(?:Executed [1-9]\d* out of \d+ tests?|\/\/\S{1,500}\s+(?:PASSED|FAILED|FLAKY))/,
    advice: 'add --nocache_test_results',
  },
  {
    name: 'Nx',
    cached: /read the output from the cache instead of running the command for (\d+) out of \1 tasks?/,
    fresh: null,
    advice: 'add --skip-nx-cache',
  },
  { name: 'Turborepo', cached: /^\s{0,20}Cached:\s{1,20}(\d+) cached, \1 total/, fresh: null, advice: 'add --force' },
  {
    name: 'make',
    cached: /^g?make(?:\[\d+\])?: (?:['`].{1,500}' is up to date|Nothing to be done for ['`].{1,500}')\.$/,
    fresh: /\S/,
    advice: 'make the target .PHONY',
  },
];

/** Most outputs hold none of these words, and are not looked at line by line. */
const WORDS =
  /\(cached\)|UP-TO-DATE|FROM-CACHE|up-to-date|from cache|Executed 0 out of|read the output from the cache|Cached: | is up to date|Nothing to be done/;
const LINE_MAX = 2000;

/** A result that is an old one. */
export interface CachedResult {
  readonly runner: string;
  readonly advice: string;
}

/** Whether an output says that nothing was run, and the result comes from a runner's cache; null where something was run. */
export function cachedResultIn(output: string): CachedResult | null {
  if (!WORDS.test(output)) return null;
  const lines = output.split('\n').map((line) => line.slice(0, LINE_MAX).trimEnd());
  for (const { name, cached, fresh, advice } of RUNNERS) {
    if (!lines.some((line) => cached.test(line))) continue;
    if (fresh === null || !lines.some((line) => fresh.test(line) && !cached.test(line))) return { runner: name, advice };
  }
  return null;
}

/**
 * What of the environment makes runners run their tests again, where a variable can ask for it. Each is known to one runner alone; one that the user has set
 * stays as it is, and Go's flags stay as they were and get one more.
 */
export function freshEnvironment(environment: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  const goFlags = environment['GOFLAGS'] ?? configuredGoFlags(environment);
  return {
    ...(/(?:^|\s)-?-count=/.test(goFlags) ? {} : { GOFLAGS: `${goFlags} -count=1`.trim() }),
    ...(environment['NX_SKIP_NX_CACHE'] === undefined ? { NX_SKIP_NX_CACHE: 'true' } : {}),
    ...(environment['TURBO_FORCE'] === undefined ? { TURBO_FORCE: 'true' } : {}),
  };
}

const CONFIGURATION_BYTES_MAX = 1 << 16;

/** The flags of `go env -w GOFLAGS=...`, which a variable of that name would hide. */
function configuredGoFlags(environment: Readonly<Record<string, string | undefined>>): string {
  const folder =
    environment['XDG_CONFIG_HOME'] ??
    join(environment['HOME'] ?? homedir(), process.platform === 'darwin' ? 'Library/Application Support' : '.config');
  try {
    const text = readPlainFile(environment['GOENV'] ?? join(folder, 'go', 'env'), CONFIGURATION_BYTES_MAX);
    return /^GOFLAGS=(.*)$/m.exec(text)?.[1] ?? '';
  } catch {
    return ''; // Most have none.
  }
}

/** The words of a command with what makes its runner run the tests again, where only a flag can: Bazel's. */
export function freshWords(words: readonly string[]): readonly string[] {
  const [program = '', command] = words;
  const asks = words.some((word) => /^(?:-t-|--(?:no)?cache_test_results\b.*)$/.test(word));
  if (!/^bazel(?:isk)?$/.test(basename(program)) || command !== 'test' || asks) return words;
  return [program, command, '--nocache_test_results', ...words.slice(2)];
}
