import { randomInt } from 'node:crypto';
import { UserError } from '@raftlens/command-line';
import { freshEnvironment, freshWords } from '../execute/cached-results.ts';
import { type CaseCounter, type LaunchPlan, SESSION_VARIABLE } from '../execute/launch-plan.ts';
import { LauncherPool } from '../execute/launcher-pool.ts';
import { type SessionFolder, sessionName } from '../keep/session-folder.ts';
import type { Run, TestCase } from '../run.ts';
import type { SessionSettings } from '../session/settings.ts';
import type { Workload } from '../session/workload.ts';
import { type ShakeSetting, settingText } from '../shake.ts';
import { packageVersion } from '../version.ts';
import type { CommandSettings } from './command-options.ts';

const SEED_MAX = 1_000_000_000;

export interface CommandToRun {
  /** For people. */
  readonly label: string;
  /** With `{seed}`, `{dir}` and `{test}` still in it. */
  readonly words: readonly string[];
  readonly tests: readonly TestCase[];
  readonly caseCounter: CaseCounter | null;
  /** See Workload.version. */
  readonly version: readonly string[] | null;
  /** See Workload.identity. */
  readonly identity: readonly unknown[];
  /** The arguments of run-until-fail that say all this of one test alone; `options` stand in between. */
  readonly againOf: (test: string, options: readonly string[]) => readonly string[];
}

/** Runs of a command, in processes of this machine. @throws UserError NO_RAFTLENS */
export async function commandWorkload(command: CommandToRun, own: CommandSettings, settings: SessionSettings): Promise<Workload> {
  if (own.checksLogs && !(await (await import('../execute/check-log.ts')).canCheck()))
    throw new UserError('NO_RAFTLENS', '--check needs raftlens: npm install -g raftlens');
  // Shards of one session must agree on the seeds without talking to each other.
  const firstSeed = own.firstSeed ?? (settings.shard.count > 1 ? 1 : randomInt(1, SEED_MAX));
  const nameOf = (test: number): string => command.tests[test]?.name ?? '';
  const plan = launchPlan(command, own, settings);
  return {
    label: command.label,
    tests: command.tests,
    firstSeed,
    runsPerTest: null,
    ordered: false,
    version: command.version,
    directory: own.workingDirectory,
    identity: command.identity,
    details: () => ({
      nameOf,
      values: own.assigned,
      againOf: (run: Run, setting) => command.againOf(nameOf(run.test), againOptions(own, settings, run.seed, setting)),
      shared: {
        command: command.words,
        options: {
          ...(own.shell ? { shell: true } : {}),
          cwd: own.workingDirectory,
          env: Object.keys(own.assigned),
          timeoutMs: settings.timeoutMs,
        },
        versions: { 'run-until-fail': packageVersion(), node: process.version },
      },
    }),
    open: (folder: SessionFolder, noted) =>
      new LauncherPool({ plan, jobs: settings.jobs, nameOf, directoryOf: (run) => folder.directoryOf(run), noted }),
  };
}

function launchPlan({ words, caseCounter }: CommandToRun, own: CommandSettings, settings: SessionSettings): LaunchPlan {
  const environment = { ...definedOf(process.env), ...own.environment };
  return {
    command: own.shell ? [words.join(' ')] : freshWords(words),
    shell: own.shell,
    workingDirectory: own.workingDirectory,
    environment: { ...environment, ...freshEnvironment(environment), [SESSION_VARIABLE]: sessionName() },
    timeoutMs: settings.timeoutMs,
    killAfterMs: own.killAfterMs,
    quitSignal: own.quitSignal,
    failurePatterns: own.failurePatterns,
    ignorePatterns: own.ignorePatterns,
    caseCounter,
    keepPassing: settings.keepPassing,
    outputMaxBytes: own.outputMaxBytes,
    checksLogs: own.checksLogs,
    shake: own.shake,
  };
}

function definedOf(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** One run of that test with that seed, by the same rules. */
function againOptions(own: CommandSettings, settings: SessionSettings, seed: string, setting?: ShakeSetting): readonly string[] {
  const signal = !own.quitSignalGiven || own.quitSignal === null ? [] : ['--quit-signal', own.quitSignal];
  return [
    '--runs',
    '1',
    '--seed',
    seed,
    ...(settings.timeoutMs === null ? [] : ['--timeout', `${settings.timeoutMs}ms`, ...signal]),
    ...(own.givenDirectory === null ? [] : ['--cwd', own.givenDirectory]),
    ...Object.keys(own.assigned).flatMap((name) => ['--env', name]),
    ...own.failurePatterns.flatMap((pattern) => ['--failure', pattern]),
    ...own.ignorePatterns.flatMap((pattern) => ['--ignore', pattern]),
    ...(own.setup === null ? [] : ['--setup', own.setup]),
    ...(own.shell ? ['--shell'] : []),
    ...(own.checksLogs ? ['--check'] : []),
    ...(setting === undefined ? [] : ['--shake-with', settingText(setting)]),
  ];
}
