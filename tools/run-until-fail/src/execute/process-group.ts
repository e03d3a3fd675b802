import { readdirSync, readFileSync } from 'node:fs';
import { errorCode } from '../errors.ts';

/** Sends a signal to every process of a group; 0 only asks whether there is one. False when none is left that is ours to signal. */
export function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  return signalProcess(-group, signal);
}

export function signalProcess(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    // ESRCH: nobody is left. EPERM: what is left runs as somebody else, and is not ours to end.
    return false;
  }
}

/** Whether there is such a process, whoever it belongs to. */
export function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM'; // It is there, and another user's.
  }
}

/** Whether a process of the group is alive. A zombie does not count: it only waits for its parent, and holds nothing. */
export function groupIsAlive(group: number): boolean {
  return signalGroup(group, 0) && !groupHasOnlyZombies(group);
}

function groupHasOnlyZombies(group: number): boolean {
  const processes = processNames();
  // No /proc here: what kill said stands.
  if (processes.length === 0) return false;
  return !processes.some((pid) => {
    const stat = readStat(pid);
    return stat !== null && stat.group === group && stat.state !== 'Z' && stat.state !== 'X';
  });
}

export interface ProcessStat {
  readonly state: string;
  readonly parent: number;
  readonly group: number;
  /** In clock ticks since the machine started: with the process id it names a process for ever. */
  readonly startTicks: string;
  /** On a processor, with the children that it has waited for. */
  readonly spentMs: number;
}

/** Of the times in /proc, on every Linux. */
const MS_A_TICK = 10;

/** From /proc/PID/stat (proc(5)); null when there is no such process, or no /proc. */
export function readStat(pid: string | number): ProcessStat | null {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null;
  }
  // The second field is the command in parentheses and may itself hold spaces and parentheses.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const spentMs = MS_A_TICK * fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0);
  return { state: fields[0] ?? '', parent: Number(fields[1]), group: Number(fields[2]), startTicks: fields[19] ?? '', spentMs };
}

/** The ids of all other processes, as /proc names them; none where there is no /proc. */
export function processNames(): readonly string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  } catch {
    return [];
  }
}

/** NAME=VALUE, as the process was started with them; null where it is gone, a zombie, or another user's. */
export function environmentOf(pid: string): readonly string[] | null {
  return stringsOf(`/proc/${pid}/environ`);
}

/** The words that a process was started with; none where it is gone. */
export function wordsOf(pid: string): readonly string[] {
  return stringsOf(`/proc/${pid}/cmdline`) ?? [];
}

function stringsOf(path: string): readonly string[] | null {
  try {
    return readFileSync(path, 'utf8').split('\0');
  } catch {
    return null;
  }
}
