import { constants } from 'node:os';
import { resolve } from 'node:path';
import { UserError, unknownName } from '@raftlens/command-line';
import type { Argv } from 'yargs';
import { checkSetting, levelsHere } from '../execute/shaken-command.ts';
import { parseSetting, type ShakeSetting, settingOf } from '../shake.ts';
import { parseAssignment, parseBytes, parsePattern, parsePositiveDuration } from './arguments.ts';
import { testNames } from './test-names.ts';

/** How a command is run, beside what every session is told. */
export interface CommandSettings {
  readonly workingDirectory: string;
  /** --cwd as given. */
  readonly givenDirectory: string | null;
  readonly environment: Readonly<Record<string, string>>;
  /** The variables of --env: their names may be told, and their values stay on this machine. */
  readonly assigned: Readonly<Record<string, string>>;
  readonly shell: boolean;
  readonly setup: string | null;
  readonly killAfterMs: number;
  /** See LaunchPlan.quitSignal. */
  readonly quitSignal: NodeJS.Signals | null;
  /** It was given, and is not a preset's own. */
  readonly quitSignalGiven: boolean;
  readonly failurePatterns: readonly string[];
  readonly ignorePatterns: readonly string[];
  readonly outputMaxBytes: number;
  readonly checksLogs: boolean;
  /** By what each run is shaken; null where none is. */
  readonly shake: ((seed: string) => ShakeSetting) | null;
  readonly firstSeed: number | null;
  /** Names for `{test}`; empty when the command is one test. */
  readonly tests: readonly string[];
}

const COMMAND = 'The command:';
const TESTS = 'Several tests, in one fair queue:';

export function commandOptions<T>(cli: Argv<T>) {
  return cli
    .option('env', {
      type: 'string',
      array: true,
      nargs: 1,
      group: COMMAND,
      describe: 'NAME=VALUE for its environment; NAME alone: the value that it has here',
    })
    .option('cwd', { type: 'string', group: COMMAND, describe: 'Its working directory' })
    .option('setup', { type: 'string', group: COMMAND, describe: 'A shell line to run once before, such as a build' })
    .option('shell', { type: 'boolean', group: COMMAND, describe: 'The command is one line for /bin/sh' })
    .option('kill-after', { type: 'string', default: '5s', group: COMMAND, describe: 'From the first signal to SIGKILL' })
    .option('quit-signal', {
      type: 'string',
      group: COMMAND,
      describe: 'First signal at a timeout (default: SIGTERM, once Go tests, JVMs and pytest were asked for their stacks)',
    })
    .option('failure', {
      type: 'string',
      array: true,
      nargs: 1,
      group: COMMAND,
      describe: 'Output that matches this is a failure whatever the exit code',
    })
    .option('ignore', {
      type: 'string',
      array: true,
      nargs: 1,
      group: COMMAND,
      describe: 'A failure whose output matches this does not count',
    })
    .option('check', {
      type: 'boolean',
      group: COMMAND,
      describe: "Hold each run's log against figure 2 (raftlens check): a broken rule fails the run, and is why",
    })
    .option('shake', {
      type: 'boolean',
      group: COMMAND,
      describe: 'Vary by the seed what makes races likelier: GOMAXPROCS, CPUs, busy neighbours, niceness, timer slack',
    })
    .option('shake-with', {
      type: 'string',
      group: COMMAND,
      describe: 'The same setting for each run, such as procs=1,cpus=1,neighbours=2,nice=19,slack=50ms',
    })
    .option('output-max', {
      type: 'string',
      default: '4G',
      group: COMMAND,
      describe: 'A run that prints more is ended and counts as failed',
    })
    .option('test', {
      alias: 't',
      type: 'string',
      array: true,
      nargs: 1,
      group: TESTS,
      describe: 'A test, for {test} in the command; may be given again',
    })
    .option('tests-from', { type: 'string', group: TESTS, describe: 'A file with a test on each line, - for stdin' })
    .option('tests-command', { type: 'string', group: TESTS, describe: 'A shell line that prints tests, such as "go test -list ."' })
    .option('seed', { type: 'string', group: COMMAND, describe: 'RUN_SEED of the first run; the others count on (default: at random)' });
}

export interface CommandArguments {
  readonly env?: readonly string[] | undefined;
  readonly cwd?: string | undefined;
  readonly setup?: string | undefined;
  readonly shell?: boolean | undefined;
  readonly killAfter: string;
  readonly quitSignal?: string | undefined;
  readonly failure?: readonly string[] | undefined;
  readonly ignore?: readonly string[] | undefined;
  readonly outputMax: string;
  readonly shake?: boolean | undefined;
  readonly shakeWith?: string | undefined;
  readonly check?: boolean | undefined;
  readonly seed?: string | undefined;
  readonly test?: readonly string[] | undefined;
  readonly testsFrom?: string | undefined;
  readonly testsCommand?: string | undefined;
}

export function readCommandSettings(options: CommandArguments): CommandSettings {
  const workingDirectory = resolve(options.cwd ?? '.');
  const environment = Object.fromEntries((options.env ?? []).map((text) => parseAssignment(text, process.env)));
  return {
    workingDirectory,
    givenDirectory: options.cwd ?? null,
    environment,
    assigned: environment,
    shell: options.shell ?? false,
    setup: options.setup ?? null,
    killAfterMs: parsePositiveDuration(options.killAfter, '--kill-after'),
    quitSignal: options.quitSignal === undefined ? null : parseSignal(options.quitSignal),
    quitSignalGiven: options.quitSignal !== undefined,
    failurePatterns: (options.failure ?? []).map((text) => parsePattern(text, '--failure')),
    ignorePatterns: (options.ignore ?? []).map((text) => parsePattern(text, '--ignore')),
    outputMaxBytes: parseBytes(options.outputMax, '--output-max'),
    shake: readShake(options),
    checksLogs: options.check ?? false,
    firstSeed: options.seed === undefined ? null : parseSeed(options.seed),
    tests: testNames({
      named: options.test ?? [],
      file: options.testsFrom ?? null,
      command: options.testsCommand ?? null,
      directory: workingDirectory,
      environment: { ...process.env, ...environment },
    }),
  };
}

function readShake({ shake, shakeWith }: CommandArguments): CommandSettings['shake'] {
  if (shakeWith === undefined) {
    const levels = levelsHere();
    return shake ? (seed) => settingOf(seed, levels) : null;
  }
  if (shake) throw new UserError('BAD_OPTIONS', '--shake varies the setting, and --shake-with gives one: give one of them');
  const setting = parseSetting(shakeWith);
  checkSetting(setting);
  return () => setting;
}

function parseSignal(text: string): NodeJS.Signals {
  const name = text.toUpperCase().startsWith('SIG') ? text.toUpperCase() : `SIG${text.toUpperCase()}`;
  const known = Object.keys(constants.signals);
  const signal = known.find((candidate): candidate is NodeJS.Signals => candidate === name);
  if (signal === undefined) throw unknownName('signal', text, known);
  return signal;
}

function parseSeed(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new UserError('BAD_SEED', `--seed must be a whole number of at most 15 digits, not "${text}": runs count on from it`);
}
