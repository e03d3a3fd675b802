import { randomInt } from 'node:crypto';
import { basename } from 'node:path';
import { LauncherPool } from '../execute/launcher-pool.ts';
import { type CaseCounter, type LaunchPlan, SESSION_VARIABLE } from '../execute/protocol.ts';
import { type SessionFolder, sessionName } from '../keep/session-folder.ts';
import { shellLine } from '../keep/shell-words.ts';
import type { Run, TestCase } from '../run.ts';
import { packageVersion } from '../version.ts';
import type { CommandSettings } from './command-options.ts';
import type { SessionSettings } from './session-options.ts';
import type { Workload } from './workload.ts';

const SEED_MAX = 1_000_000_000;

export interface CommandToRun {
  /** With `{seed}`, `{dir}` and `{test}` still in it. */
  readonly words: readonly string[];
  readonly tests: readonly TestCase[];
  readonly caseCounter: CaseCounter | null;
}

/** Runs of a command, in processes. */
export function commandWorkload(command: CommandToRun, own: CommandSettings, settings: SessionSettings): Workload {
  // Shards of one session must agree on the seeds without talking to each other.
  const firstSeed = own.firstSeed ?? (settings.shard.count > 1 ? 1 : randomInt(1, SEED_MAX));
  const label = own.shell ? command.words.join(' ') : shellLine(command.words);
  const nameOf = (test: number): string => command.tests[test]?.name ?? '';
  const plan = launchPlan(command, own, settings);
  return {
    label,
    tests: command.tests,
    seedOf: (index) => String(firstSeed + index),
    runsPerTest: null,
    ordered: false,
    program: own.shell ? '' : basename(command.words[0] ?? ''),
    directory: own.workingDirectory,
    open: (folder: SessionFolder) => ({
      executor: new LauncherPool({ plan, jobs: settings.jobs, nameOf, directoryOf: (run) => folder.directoryOf(run) }),
      details: {
        nameOf,
        againOf: (run: Run) => againLine(command, own, settings, nameOf(run.test), run.seed),
        shared: {
          command: command.words,
          options: {
            ...(own.shell ? { shell: true } : {}),
            cwd: own.workingDirectory,
            env: own.environment,
            timeoutMs: settings.timeoutMs,
          },
          versions: { 'run-until-fail': packageVersion(), node: process.version },
        },
      },
    }),
  };
}

function launchPlan({ words, caseCounter }: CommandToRun, own: CommandSettings, settings: SessionSettings): LaunchPlan {
  return {
    command: own.shell ? [words.join(' ')] : words,
    shell: own.shell,
    workingDirectory: own.workingDirectory,
    environment: { ...definedOf(process.env), ...own.environment, [SESSION_VARIABLE]: sessionName() },
    timeoutMs: settings.timeoutMs,
    killAfterMs: own.killAfterMs,
    quitSignal: own.quitSignal,
    failurePatterns: own.failurePatterns,
    ignorePatterns: own.ignorePatterns,
    caseCounter,
    keepPassing: settings.keepPassing,
    outputMaxBytes: own.outputMaxBytes,
  };
}

function definedOf(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** One run of that test with that seed, by the same rules. */
function againLine({ words }: CommandToRun, own: CommandSettings, settings: SessionSettings, test: string, seed: string): string {
  const options = [
    '--runs',
    '1',
    '--seed',
    seed,
    ...(settings.timeoutMs === null ? [] : ['--timeout', `${settings.timeoutMs}ms`]),
    ...(own.workingDirectory === process.cwd() ? [] : ['--cwd', own.workingDirectory]),
    ...own.assignments.flatMap((assignment) => ['--env', assignment]),
    ...own.failurePatterns.flatMap((pattern) => ['--failure', pattern]),
    ...(own.shell ? ['--shell'] : []),
  ];
  const command = words.map((word) => word.replaceAll('{test}', () => test));
  return shellLine(['run-until-fail', ...options, '--', ...command]);
}
