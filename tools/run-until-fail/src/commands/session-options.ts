import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { UserError } from '@raftlens/command-line';
import type { Argv } from 'yargs';
import type { HookSettings } from '../keep/failure-hook.ts';
import type { SessionSettings } from '../session/settings.ts';
import { parseBytes, parseCount, parsePositiveDuration, parseShard } from './arguments.ts';

const STOPPING = 'How much, and when to stop:';
const KEEPING = 'What is kept:';
const REPORTING = 'Reports:';
const SHARING = 'More machines, through Redis:';

/** Adds the options that `readSessionSettings` reads. Values are texts: as numbers, `--runs 1e3x` would become NaN in silence. */
export function sessionOptions<T>(cli: Argv<T>) {
  return cli
    .option('runs', { alias: 'n', type: 'string', group: STOPPING, describe: 'Runs of each test (default: until it fails)' })
    .option('time', { type: 'string', group: STOPPING, describe: 'Stop after this long, such as 90s, 10m, 1h30m' })
    .option('keep-going', { alias: 'k', type: 'boolean', group: STOPPING, describe: 'Do not stop at a failure' })
    .option('until-failures', { type: 'string', group: STOPPING, describe: 'Stop at this many failures (default: 1)' })
    .option('each', {
      type: 'boolean',
      group: STOPPING,
      describe: 'That many failures of each test: only the test that had them is not run any more, the others go on',
    })
    .option('jobs', { alias: 'j', type: 'string', group: STOPPING, describe: 'Runs at the same time (default: the cores)' })
    .option('timeout', { type: 'string', group: STOPPING, describe: 'A run that takes longer is ended and counts as failed' })
    .option('shard', { type: 'string', group: STOPPING, describe: 'Run only part PART of COUNT, as PART/COUNT' })
    .option('resume', { type: 'boolean', group: STOPPING, describe: 'Go on with this very command line where it was interrupted' })
    .option('watch', { alias: 'w', type: 'boolean', group: STOPPING, describe: 'Run again when files change here: the last failure first' })
    .option('open', {
      type: 'boolean',
      group: REPORTING,
      describe: 'On a terminal, offer to open raftlens at the violation (--no-open: do not ask)',
    })
    .option('logs', { type: 'string', group: KEEPING, describe: 'Folder of kept runs (default: $RAFTLENS_LOGS or ./logs)' })
    .option('keep', { type: 'boolean', group: KEEPING, describe: 'Keep passing runs too' })
    .option('keep-runs', {
      type: 'string',
      default: '200',
      group: KEEPING,
      describe: 'Keep at most so many runs; the first of each kind of failure stays',
    })
    .option('keep-bytes', { type: 'string', default: '4G', group: KEEPING, describe: 'Keep at most so many bytes' })
    .option('on-failure', {
      type: 'string',
      group: KEEPING,
      describe: 'A shell line for each failing run before it is kept, with RUN_DIR, RUN_WHY and more: collect logs into $RUN_DIR',
    })
    .option('on-failure-timeout', { type: 'string', default: '60s', group: KEEPING, describe: 'It is ended after this long' })
    .option('json', { type: 'boolean', group: REPORTING, describe: 'Events as NDJSON on stdout; the summary goes to stderr' })
    .option('junit', { type: 'string', group: REPORTING, describe: 'Write a JUnit XML file' })
    .option('report', { type: 'string', group: REPORTING, describe: 'Write a JSON report, which `merge` reads' })
    .option('github', { type: 'boolean', group: REPORTING, describe: 'Print GitHub annotations (default: on GitHub Actions)' })
    .option('queue', {
      type: 'string',
      group: SHARING,
      describe: 'redis://HOST:PORT: hand the runs to workers started with this same command',
    })
    .option('worker', {
      type: 'boolean',
      group: SHARING,
      describe: 'Be such a worker: run what --queue has for this command, and nothing else',
    })
    .option('carry', {
      type: 'string',
      default: '64M',
      group: SHARING,
      describe: 'Bytes of files that a worker sends home of a failing run',
    })
    .option('bisect', { type: 'boolean', group: REPORTING, describe: 'Exit codes for `git bisect run`: 0 good, 1 bad, 125 cannot tell' });
}

/** What yargs makes of them. */
export interface SessionArguments {
  readonly runs?: string | undefined;
  readonly time?: string | undefined;
  readonly keepGoing?: boolean | undefined;
  readonly untilFailures?: string | undefined;
  readonly each?: boolean | undefined;
  readonly jobs?: string | undefined;
  readonly timeout?: string | undefined;
  readonly shard?: string | undefined;
  readonly logs?: string | undefined;
  readonly keep?: boolean | undefined;
  readonly onFailure?: string | undefined;
  readonly onFailureTimeout: string;
  readonly keepRuns: string;
  readonly keepBytes: string;
  readonly json?: boolean | undefined;
  readonly junit?: string | undefined;
  readonly report?: string | undefined;
  readonly github?: boolean | undefined;
  readonly bisect?: boolean | undefined;
  readonly resume?: boolean | undefined;
  readonly watch?: boolean | undefined;
  readonly open?: boolean | undefined;
  readonly queue?: string | undefined;
  readonly worker?: boolean | undefined;
  readonly carry: string;
}

/** @param bounded something else than these options bounds the number of runs */
export function readSessionSettings(options: SessionArguments, environment: NodeJS.ProcessEnv, bounded = false): SessionSettings {
  if (options.worker && options.queue === undefined)
    throw new UserError('BAD_OPTIONS', '--worker needs --queue redis://HOST:PORT, where its work comes from');
  const runs = options.runs === undefined ? null : parseCount(options.runs, '--runs');
  const timeMs = options.time === undefined ? null : parsePositiveDuration(options.time, '--time');
  return {
    runs,
    timeMs,
    failures: readFailures(options, !bounded && runs === null && timeMs === null),
    each: options.each ?? false,
    jobs: options.jobs === undefined ? availableParallelism() : parseCount(options.jobs, '--jobs'),
    timeoutMs: options.timeout === undefined ? null : parsePositiveDuration(options.timeout, '--timeout'),
    shard: options.shard === undefined ? { position: 0, count: 1 } : parseShard(options.shard),
    logs: logsFolder(options.logs, environment),
    keepPassing: options.keep ?? false,
    onFailure: readHook(options),
    bounds: { runsMax: parseCount(options.keepRuns, '--keep-runs'), bytesMax: parseBytes(options.keepBytes, '--keep-bytes') },
    json: options.json ?? false,
    junitFile: options.junit === undefined ? null : resolve(options.junit),
    reportFile: options.report === undefined ? null : resolve(options.report),
    github: options.github ?? environment['GITHUB_ACTIONS'] === 'true',
    stepSummaryFile: environment['GITHUB_STEP_SUMMARY'] ? resolve(environment['GITHUB_STEP_SUMMARY']) : null,
    bisect: options.bisect ?? false,
    resume: options.resume ?? false,
    watch: options.watch ?? false,
    open: options.open ?? true,
    queue: options.queue ?? null,
    worker: options.worker ?? false,
    carryBytesMax: parseBytes(options.carry, '--carry'),
  };
}

function readHook({ onFailure: line, onFailureTimeout }: SessionArguments): HookSettings | null {
  const timeoutMs = parsePositiveDuration(onFailureTimeout, '--on-failure-timeout');
  if (line === undefined) return null;
  if (line.trim() === '') throw new UserError('BAD_OPTIONS', '--on-failure is empty: say what to run when a run has failed');
  return { line, timeoutMs };
}

function readFailures(options: SessionArguments, unbounded: boolean): number | null {
  if (!options.keepGoing) return options.untilFailures === undefined ? 1 : parseCount(options.untilFailures, '--until-failures');
  if (options.each) throw new UserError('BAD_OPTIONS', '--keep-going stops at no failure, and --each at those of each test: give one');
  if (options.untilFailures !== undefined)
    throw new UserError('BAD_OPTIONS', '--keep-going and --until-failures exclude each other: give one');
  if (unbounded) throw new UserError('BAD_OPTIONS', '--keep-going would never end: add --runs N or --time 10m');
  return null;
}

export function logsFolder(option: string | undefined, environment: NodeJS.ProcessEnv): string {
  return resolve(option ?? environment['RAFTLENS_LOGS'] ?? 'logs');
}
