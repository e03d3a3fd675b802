import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { delimiter, join } from 'node:path';
import { UserError } from '@raftlens/command-line';
import type { Levels, ShakeSetting } from '../shake.ts';

/** The file by which a process sets its own timer slack (proc(5)): how late the kernel may wake it. */
const SLACK_FILE = '/proc/self/timerslack_ns';
const NS_PER_MS = 1_000_000;

/** What this machine can vary. Values that come to the same here are left out. */
export function levelsHere(): Levels {
  const cores = cpusHere().length;
  return {
    procs: [1, 2, 16],
    cpus: cores > 1 && program('taskset') !== null ? [1, ...(cores > 2 ? [2] : [])] : [],
    neighbours: [...new Set([1, cores])],
    nice: program('nice') === null ? [] : [10, 19],
    slack: existsSync(SLACK_FILE) ? [10, 50] : [],
  };
}

/** @throws UserError CANNOT_SHAKE for what this machine cannot do */
export function checkSetting(setting: ShakeSetting): void {
  const lacks = (what: string): UserError => new UserError('CANNOT_SHAKE', `--shake-with: ${what}`);
  if (setting.cpus !== undefined && program('taskset') === null) throw lacks('cpus needs taskset(1), of util-linux');
  if (setting.nice !== undefined && program('nice') === null) throw lacks('nice needs nice(1)');
  if (setting.slack !== undefined && !existsSync(SLACK_FILE)) throw lacks(`slack needs Linux's ${SLACK_FILE}`);
}

/** The words that start a command under a setting. What starts it becomes it: it has the same process, and ends as it ends. */
export function shakenWords(words: readonly string[], setting: ShakeSetting, seed: string): readonly string[] {
  const polite = setting.nice === undefined ? words : [program('nice') ?? 'nice', '-n', String(setting.nice), ...words];
  const bound = onCpus(polite, setting, seed);
  if (setting.slack === undefined) return bound;
  return ['/bin/sh', '-c', `echo ${setting.slack * NS_PER_MS} > ${SLACK_FILE}; exec "$@"`, 'sh', ...bound];
}

/** Go's number of threads that run at a time. */
export function shakenEnvironment({ procs }: ShakeSetting): Readonly<Record<string, string>> {
  return procs === undefined ? {} : { GOMAXPROCS: String(procs) };
}

/** A process that does nothing, all the time, as long as the one lives that has started it. */
const BUSY = 'while kill -0 $PPID 2>/dev/null; do i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; done';

/** The words of one that competes with the run for its processors. */
export function neighbourWords(setting: ShakeSetting, seed: string): readonly string[] {
  return onCpus(['/bin/sh', '-c', BUSY], setting, seed);
}

/** The seed says which processors, where there are more. */
function onCpus(words: readonly string[], { cpus }: ShakeSetting, seed: string): readonly string[] {
  if (cpus === undefined) return words;
  const here = cpusHere();
  const first = Number(seed.slice(-6)) % here.length || 0;
  const chosen = Array.from({ length: Math.min(cpus, here.length) }, (_, at) => here[(first + at) % here.length]);
  return [program('taskset') ?? 'taskset', '-c', chosen.join(','), ...words];
}

/** The numbers of the processors that we may use. */
function cpusHere(): readonly number[] {
  const listed = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readOrNone('/proc/self/status'))?.[1] ?? `0-${availableParallelism() - 1}`;
  return listed.split(',').flatMap((range) => {
    const [from = 0, to = from] = range.split('-').map(Number);
    return Array.from({ length: to - from + 1 }, (_, at) => from + at);
  });
}

/** Where a program is: the run may have another PATH. */
function program(name: string): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}

function readOrNone(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
