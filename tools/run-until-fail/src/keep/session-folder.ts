import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { runFolderName } from '@raftlens/events';
import { readStat } from '../execute/process-group.ts';
import { removeTree, unlockAbove } from '../files.ts';
import type { Run } from '../run.ts';
import { LEASE_ENDING, Lease } from './lease.ts';

/** Where runs that are under way write: no reader takes it for a run, for its name begins with a dot. */
export const RUNNING = '.running';

/** What a session's name says of its process. */
export interface SessionProcess {
  readonly pid: number;
  /** See ProcessStat. */
  readonly startTicks: string;
  /** Where its process can be seen under that number: see `machine`. Null in names of older versions, which knew one machine. */
  readonly machine: string | null;
}

/**
 * Names this process for ever: its id may be given to another process, but not with the same start time, nor in the same namespace of the same start of
 * the same machine. It is both the name of the session's folder and the value of the variable by which the session's processes are found.
 */
export function sessionName(): string {
  return `${process.pid}-${readStat(process.pid)?.startTicks ?? startedMs}-${machine()}`;
}

const startedMs = Date.now();

/** Null for what is no session's name. */
export function processOf(session: string): SessionProcess | null {
  const [all, pid, startTicks = '', known = null] = /^(\d+)-(\d+)(?:-([0-9a-f]{8}))?$/.exec(session) ?? [];
  return all === undefined ? null : { pid: Number(pid), startTicks, machine: known };
}

/** Host, start of the machine, and namespace of process ids: where they are the same, a process of a number is the same. */
export function machine(): string {
  const parts = [
    hostname(),
    textOrNone(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')),
    textOrNone(() => readlinkSync('/proc/self/ns/pid')),
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 8);
}

function textOrNone(read: () => string): string {
  try {
    return read().trim();
  } catch {
    return ''; // Not Linux.
  }
}

const leases = new Map<string, Lease>();

/** The folder of this process in a logs folder, for what is built and for the runs under way. It is there, and is known to be alive, until `leaveSession`. */
function enterSession(logs: string): string {
  const path = join(logs, RUNNING, sessionName());
  unlockAbove(path, 1); // A test of an earlier session may have locked it.
  mkdirSync(path, { recursive: true });
  if (!leases.has(logs)) leases.set(logs, new Lease(`${path}${LEASE_ENDING}`));
  return path;
}

/** Removes the folder of this process, if there is one. @returns what was in the way, null when it is gone */
export function leaveSession(logs: string): string | null {
  const lease = leases.get(logs);
  if (lease === undefined) return null;
  const inTheWay = removeTree(join(logs, RUNNING, sessionName()));
  lease.release();
  leases.delete(logs);
  return inTheWay;
}

/** A folder for what is built once, before the first run. */
export function makeBuildFolder(logs: string): string {
  enterSession(logs);
  const path = buildFolderOf(logs);
  mkdirSync(path, { recursive: true });
  return path;
}

export function buildFolderOf(logs: string): string {
  return join(logs, RUNNING, sessionName(), 'build');
}

/**
 * The folder of the runs under way of one session, `logs/.running/SESSION`. A run that is kept is completed here and then moved to
 * `logs/` in one step, so that nobody ever finds half a run there.
 */
export class SessionFolder {
  readonly path: string;
  readonly #logs: string;
  readonly #labelOf: (test: number) => string;

  constructor(logs: string, labelOf: (test: number) => string) {
    this.#logs = logs;
    this.#labelOf = labelOf;
    this.path = enterSession(logs);
  }

  directoryOf(run: Run): string {
    return join(this.path, runFolderName(Date.now(), this.#labelOf(run.test), run.seed));
  }

  /** @returns what was in the way, null when it is gone */
  remove(): string | null {
    return leaveSession(this.#logs);
  }
}
