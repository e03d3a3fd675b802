import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { writeRunFile } from '@raftlens/events';
import { OUTPUT_FILE, SESSION_VARIABLE } from '../execute/launch-plan.ts';
import { readStat, signalGroup } from '../execute/process-group.ts';
import { moveRun } from './move-run.ts';
import { RUNNING } from './session-folder.ts';

/** What a session left that was killed. */
export interface Leftover {
  readonly session: string;
  /** Folders, now under logs/, of runs that were under way and had printed something. */
  readonly runs: readonly string[];
  /** Processes of it that were still alive, and have been ended. */
  readonly processes: number;
}

/** Finds the sessions in a logs folder whose tool is dead, ends what still runs of them and keeps what their runs had printed. */
export function clearLeftovers(logs: string): readonly Leftover[] {
  return namesIn(join(logs, RUNNING))
    .filter((session) => !isAlive(session))
    .map((session) => clear(logs, session))
    .filter(({ runs, processes }) => runs.length > 0 || processes > 0);
}

/** The process of that number is not enough: it must also have started when the session's did. */
function isAlive(session: string): boolean {
  const [pid = '', started] = session.split('-');
  const stat = readStat(pid);
  if (stat !== null) return stat.startTicks === started && stat.state !== 'Z';
  try {
    process.kill(Number(pid), 0);
    return !/^\d+$/.test(pid) || readStat(process.pid) === null; // Without a /proc the number has to do.
  } catch {
    return false;
  }
}

function clear(logs: string, session: string): Leftover {
  const processes = endProcesses(session);
  const folder = join(logs, RUNNING, session);
  const runs = namesIn(folder).flatMap((name) => keepAbandoned(logs, join(folder, name), session));
  rmSync(folder, { recursive: true, force: true });
  return { session, runs, processes };
}

function keepAbandoned(logs: string, folder: string, session: string): readonly string[] {
  const output = statSync(join(folder, OUTPUT_FILE), { throwIfNoEntry: false });
  if (output === undefined || output.size === 0) return [];
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
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`${SESSION_VARIABLE}=${session}`);
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
