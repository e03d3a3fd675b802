import { lstatSync, readdirSync, readFileSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { writeRunFile } from '@raftlens/events';
import { errorMessage } from '../errors.ts';
import { isOfSession, OUTPUT_FILE } from '../execute/launch-plan.ts';
import { processExists, readStat, signalGroup } from '../execute/process-group.ts';
import { forgetPipe, removeTree, unlock } from '../files.ts';
import { fileSystemNowMs, LEASE_ENDING, LEASE_EXPIRES_MS } from './lease.ts';
import { moveRun } from './move-run.ts';
import { machine, processOf, RUNNING, type SessionProcess } from './session-folder.ts';

/** What a session left that was killed. */
export interface Leftover {
  readonly session: string;
  /** Folders, now under logs/, of runs that were under way and had printed something. */
  readonly runs: readonly string[];
  /** Processes of it that were still alive, and have been ended. */
  readonly processes: number;
  /** What could not be kept or removed, and why. */
  readonly problems: readonly string[];
}

/** Finds the sessions in a logs folder whose tool is dead, ends what still runs of them and keeps what their runs had printed. */
export function clearLeftovers(logs: string): readonly Leftover[] {
  const names = namesIn(join(logs, RUNNING)).map((name) => (name.endsWith(LEASE_ENDING) ? name.slice(0, -LEASE_ENDING.length) : name));
  return [...new Set(names)]
    .filter((session) => !isAlive(logs, session))
    .map((session) => clear(logs, session))
    .filter(({ runs, processes, problems }) => runs.length > 0 || processes > 0 || problems.length > 0);
}

function isAlive(logs: string, session: string): boolean {
  const known = processOf(session);
  if (known === null) return true; // Not ours to judge.
  return known.machine === null || known.machine === machine() ? isSeen(known) : isSeenInside(known) || hasLease(logs, session);
}

/** The process of that number is not enough: it must also have started when the session's did. */
function isSeen({ pid, startTicks }: SessionProcess): boolean {
  const stat = readStat(pid);
  if (stat !== null) return stat.startTicks === startTicks && stat.state !== 'Z';
  return readStat(process.pid) === null && processExists(pid); // Without a /proc the number has to do.
}

/** A process in a container of this machine has another number here, and the same start. */
function isSeenInside({ pid, startTicks }: SessionProcess): boolean {
  return namesIn('/proc').some((name) => {
    if (!/^\d+$/.test(name) || readStat(name)?.startTicks !== startTicks) return false;
    const inside = /^NSpid:.*\t(\d+)$/m.exec(textOf(`/proc/${name}/status`))?.[1];
    return Number(inside) === pid;
  });
}

/** Of a session elsewhere, whose process cannot be seen. Where nothing can be told of it, it lives. */
function hasLease(logs: string, session: string): boolean {
  const folder = join(logs, RUNNING, session);
  // A test may have removed the lease: then its folder has to do.
  const lease = lstatOf(`${folder}${LEASE_ENDING}`) ?? lstatOf(folder);
  if (lease === undefined) return false;
  try {
    return fileSystemNowMs(join(logs, RUNNING)) - lease.mtimeMs < LEASE_EXPIRES_MS;
  } catch {
    return true;
  }
}

function lstatOf(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Whatever is wrong with what a session left is said, and stops neither this session nor the clearing of others. */
function clear(logs: string, session: string): Leftover {
  const processes = endProcesses(session);
  const folder = join(logs, RUNNING, session);
  const runs: string[] = [];
  const problems: string[] = [];
  for (const name of namesIn(folder)) {
    try {
      runs.push(...keepAbandoned(logs, join(folder, name), session));
    } catch (error) {
      problems.push(`run ${name}: ${errorMessage(error)}`);
    }
  }
  const inTheWay = removeTree(folder);
  removeTree(`${folder}${LEASE_ENDING}`);
  return { session, runs, processes, problems: inTheWay === null ? problems : [...problems, `${folder} stays: ${inTheWay}`] };
}

function keepAbandoned(logs: string, folder: string, session: string): readonly string[] {
  if (!lstatSync(folder).isDirectory()) {
    forgetPipe();
    throw new Error('the test had put something else in the place of its folder; what it had printed is lost');
  }
  unlock(folder);
  const output = lstatSync(join(folder, OUTPUT_FILE), { throwIfNoEntry: false });
  if (output === undefined || !output.isFile() || output.size === 0) return [];
  writeRunFile(folder, 'info', {
    outcome: 'abandoned',
    why: `the tool (session ${session}) was killed while this ran`,
    startedAt: output.birthtime.toISOString(),
  });
  return [moveRun(folder, logs)];
}

/** Ends every process that carries the session's name in its environment: also those that have left their group. Linux only. */
function endProcesses(session: string): number {
  const marked = namesIn('/proc').filter((pid) => /^\d+$/.test(pid) && Number(pid) !== process.pid && isOf(pid, session));
  for (const pid of marked) {
    const group = readStat(pid)?.group;
    if (group === Number(pid)) signalGroup(group, 'SIGKILL');
    kill(Number(pid));
  }
  return marked.length;
}

function isOf(pid: string, session: string): boolean {
  try {
    return isOfSession(readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0'), session);
  } catch {
    return false; // Another user's, or gone.
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended meanwhile.
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
