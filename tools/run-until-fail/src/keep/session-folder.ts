import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { runFolderName } from '@raftlens/events';
import { readStat } from '../execute/process-group.ts';
import { removeTree, unlockAbove } from '../files.ts';
import type { Run } from '../run.ts';

/** Where runs that are under way write: no reader takes it for a run, for its name begins with a dot. */
export const RUNNING = '.running';

/**
 * Names this process for ever: its id may be given to another process, but not with the same start time. It is both the name of the
 * session's folder and the value of the variable by which the session's processes are found.
 */
export function sessionName(): string {
  return `${process.pid}-${readStat(process.pid)?.startTicks ?? Date.now()}`;
}

/**
 * The folder of the runs under way of one session, `logs/.running/SESSION`. A run that is kept is completed here and then moved to
 * `logs/` in one step, so that nobody ever finds half a run there.
 */
export class SessionFolder {
  readonly path: string;
  readonly #labelOf: (test: number) => string;

  constructor(logs: string, labelOf: (test: number) => string) {
    this.path = join(logs, RUNNING, sessionName());
    this.#labelOf = labelOf;
    unlockAbove(this.path, 1); // A test of an earlier session may have locked it.
    mkdirSync(this.path, { recursive: true });
  }

  directoryOf(run: Run): string {
    return join(this.path, runFolderName(Date.now(), this.#labelOf(run.test), run.seed));
  }

  /** @returns what was in the way, null when it is gone */
  remove(): string | null {
    return removeTree(this.path);
  }
}
