import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { EventError } from './error.ts';

/** The files of a run's folder. Beside or instead of `events.ndjson` there may be one file for each node: S1.ndjson, S2.ndjson ... */
export const RUN_FILES = {
  info: 'run.json',
  events: 'events.ndjson',
  output: 'output.log',
  verdict: 'verdict.json',
  plan: 'plan.json',
  shrunk: 'shrunk.json',
} as const;

/** The link in the logs folder to the newest run. */
export const LATEST = 'latest';

/** The contents of `run.json`. Tools may add keys; a reader uses those that it knows. */
export interface RunInfo {
  /** The command with its arguments, or the scenario. */
  readonly command?: readonly string[];
  readonly scenario?: string;
  readonly seed?: string;
  readonly options?: Readonly<Record<string, unknown>>;
  /** ISO 8601, UTC. */
  readonly startedAt?: string;
  readonly durationMs?: number;
  readonly exitCode?: number | null;
  readonly outcome?: string;
  readonly commit?: string;
  readonly versions?: Readonly<Record<string, string>>;
  /** The command line that runs it again. */
  readonly again?: string;
  readonly [key: string]: unknown;
}

/** A run on disk. A path is undefined where there is no such file. */
export interface RunOnDisk {
  readonly folder: string;
  readonly name: string;
  readonly info: RunInfo;
  /** The files with events, sorted by name: one, or one for each node. */
  readonly eventFiles: readonly string[];
  readonly outputFile: string | undefined;
  readonly verdictFile: string | undefined;
  readonly planFile: string | undefined;
  readonly shrunkFile: string | undefined;
}

const INFO_BYTES_MAX = 2 ** 24;
const LABEL_MAX = 60;
const SAME_NAME_MAX = 10_000;

/**
 * The name of a run's folder: `20261123-071205-figure-8-seed42`. It sorts by time (UTC) and says what it is.
 *
 * @param startedAtMs milliseconds since the epoch
 * @param label the scenario or the command; characters that a file name should not have become dashes
 */
export function runFolderName(startedAtMs: number, label: string, seed?: string): string {
  return [stampOf(Math.floor(startedAtMs / 1000)), plain(label) || 'run', ...(seed === undefined ? [] : [`seed${plain(seed)}`])].join('-');
}

/** The last one made: runs start a thousand times a second. */
let lastStamp = { second: Number.NaN, text: '' };

function stampOf(second: number): string {
  if (second !== lastStamp.second) {
    const [date = '', time = ''] = new Date(1000 * second).toISOString().split(/[T.]/);
    lastStamp = { second, text: `${date}-${time}`.replace(/[-:]/g, '').replace(/^(\d{8})(\d{6})$/, '$1-$2') };
  }
  return lastStamp.text;
}

function plain(text: string): string {
  return text
    .replace(/[^A-Za-z0-9._]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, LABEL_MAX);
}

/** The path of a run in a logs folder. @throws EventError RUN_NAME when the name would lead out of the folder */
export function runPath(logsFolder: string, name: string): string {
  if (name === '' || name === '.' || name === '..' || /[/\\\0]/.test(name)) {
    throw new EventError('RUN_NAME', `${JSON.stringify(name)} is not the name of a run: a name has no slashes and is not "." or ".."`);
  }
  return join(logsFolder, name);
}

/** Makes the folder of a new run and returns its path. A name that exists gets "-2", "-3" and so on: no run overwrites another. */
export function createRunFolder(logsFolder: string, name: string): string {
  mkdirSync(logsFolder, { recursive: true });
  for (let copy = 1; copy < SAME_NAME_MAX; copy += 1) {
    const path = runPath(logsFolder, copy === 1 ? name : `${name}-${copy}`);
    try {
      mkdirSync(path);
      return path;
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
    }
  }
  throw new EventError('RUN_NAME', `there are ${SAME_NAME_MAX} runs named ${name} in ${logsFolder}: remove some`);
}

/**
 * Makes `latest` a link to that run, atomically: no reader ever finds it missing. Returns false and changes nothing where `latest` is a
 * real file or folder, or where the file system has no links. A run does not fail because of a convenience.
 */
export function pointLatestAt(logsFolder: string, runName: string): boolean {
  const link = join(logsFolder, `.${LATEST}-${process.pid}`);
  try {
    const existing = lstatSync(join(logsFolder, LATEST), { throwIfNoEntry: false });
    if (existing !== undefined && !existing.isSymbolicLink()) return false;
    rmSync(link, { force: true });
    symlinkSync(basename(runPath(logsFolder, runName)), link);
    renameSync(link, join(logsFolder, LATEST));
    return true;
  } catch (error) {
    rmSync(link, { force: true });
    if (hasCode(error, 'EPERM', 'ENOSYS', 'EISDIR', 'ENOTSUP')) return false;
    throw error;
  }
}

/** Writes a file of a run as JSON, atomically: a reader finds the old text or the new one, never half of it. */
export function writeRunFile(folder: string, file: Exclude<keyof typeof RUN_FILES, 'events' | 'output'>, value: unknown): string {
  const path = join(folder, RUN_FILES[file]);
  const draft = `${path}.${process.pid}.tmp`;
  // A test may have left anything under these names: a link that leads to another file, or a folder, which no rename replaces.
  for (const name of [draft, path]) if (lstatSync(name, { throwIfNoEntry: false })?.isFile() === false) rmSync(name, { recursive: true });
  rmSync(draft, { force: true });
  writeFileSync(draft, `${JSON.stringify(value, null, 2)}\n`, { flag: 'wx' });
  renameSync(draft, path);
  return path;
}

/** The names of the runs in a logs folder, oldest first. Empty where there is no such folder. */
export function listRuns(logsFolder: string): readonly string[] {
  let entries: readonly string[];
  try {
    entries = readdirSync(logsFolder);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
  return entries.filter((name) => name !== LATEST && !name.startsWith('.') && isRun(join(logsFolder, name))).sort();
}

/**
 * Reads a run's folder. The link `logs/latest` is followed.
 *
 * @throws EventError RUN_MISSING where there is no folder or no run in it, RUN_UNREADABLE when `run.json` is no JSON object
 */
export function readRun(folder: string): RunOnDisk {
  const real = realFolder(folder);
  const files = readdirSync(real).sort();
  const eventFiles = files.filter((file) => file.endsWith('.ndjson')).map((file) => join(real, file));
  if (eventFiles.length === 0 && !files.includes(RUN_FILES.info)) {
    throw new EventError(
      'RUN_MISSING',
      `there is no run in ${folder}: neither ${RUN_FILES.info} nor a *.ndjson file. Name a folder such as logs/latest`,
    );
  }
  const pathOf = (file: string) => (files.includes(file) ? join(real, file) : undefined);
  return {
    folder: real,
    name: basename(real),
    info: files.includes(RUN_FILES.info) ? readInfo(join(real, RUN_FILES.info)) : {},
    eventFiles,
    outputFile: pathOf(RUN_FILES.output),
    verdictFile: pathOf(RUN_FILES.verdict),
    planFile: pathOf(RUN_FILES.plan),
    shrunkFile: pathOf(RUN_FILES.shrunk),
  };
}

function realFolder(folder: string): string {
  try {
    const real = realpathSync(folder);
    if (statSync(real).isDirectory()) return real;
  } catch (error) {
    if (!hasCode(error, 'ENOENT', 'ENOTDIR')) throw error;
    throw new EventError('RUN_MISSING', `there is no folder ${folder}`, { cause: error });
  }
  throw new EventError('RUN_MISSING', `${folder} is a file and not the folder of a run`);
}

function readInfo(path: string): RunInfo {
  const unreadable = (reason: string) => new EventError('RUN_UNREADABLE', `cannot read ${path}: ${reason}`);
  let value: unknown;
  try {
    value = JSON.parse(readPlainFile(path));
  } catch (error) {
    throw unreadable(error instanceof Error ? error.message : String(error));
  }
  if (!isRecord(value)) throw unreadable('it holds no JSON object');
  return knownKeysOf(value, unreadable);
}

/** A test may leave anything: only a plain file of a plausible size is read, and neither a link nor a pipe is followed. */
function readPlainFile(path: string): string {
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) throw new Error('it is not a plain file');
    if (stat.size > INFO_BYTES_MAX) throw new Error(`it has more than ${INFO_BYTES_MAX} bytes`);
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}

/**
 * The type of each known key: anyone may have written the file. Checked by hand, since a validator would be loaded by every program that
 * reads an event, and loading one takes longer than starting.
 */
const KEY_TYPES = {
  scenario: 'string',
  seed: 'string',
  startedAt: 'string',
  durationMs: 'number',
  outcome: 'string',
  commit: 'string',
  again: 'string',
} as const satisfies Partial<Record<keyof RunInfo, string>>;

function knownKeysOf(value: Readonly<Record<string, unknown>>, unreadable: (reason: string) => Error): RunInfo {
  for (const [key, type] of Object.entries(KEY_TYPES)) {
    if (value[key] !== undefined && typeof value[key] !== type) throw unreadable(`"${key}" must be a ${type}`);
  }
  const { command, exitCode } = value;
  if (command !== undefined && !(Array.isArray(command) && command.every((part) => typeof part === 'string'))) {
    throw unreadable('"command" must be a list of texts');
  }
  if (exitCode !== undefined && exitCode !== null && typeof exitCode !== 'number') throw unreadable('"exitCode" must be a number or null');
  for (const key of ['options', 'versions'])
    if (value[key] !== undefined && !isRecord(value[key])) throw unreadable(`"${key}" must be an object`);
  return value;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isRun(path: string): boolean {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return false;
  return readdirSync(path).some((file) => file === RUN_FILES.info || file.endsWith('.ndjson'));
}

function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
