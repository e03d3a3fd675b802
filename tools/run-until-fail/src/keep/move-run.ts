import { existsSync, renameSync } from 'node:fs';
import { basename } from 'node:path';
import { pointLatestAt, runPath } from '@raftlens/events';
import { errorCode } from '../errors.ts';

const SAME_NAME_MAX = 10_000;

/** Moves a complete run into the logs folder, under its own name or with "-2", "-3" behind it, and points `latest` at it. Gives its path. */
export function moveRun(from: string, logs: string): string {
  const name = basename(from);
  for (let copy = 1; copy < SAME_NAME_MAX; copy++) {
    const to = runPath(logs, copy === 1 ? name : `${name}-${copy}`);
    if (existsSync(to)) continue;
    try {
      renameSync(from, to);
    } catch (error) {
      if (errorCode(error) === 'ENOTEMPTY' || errorCode(error) === 'EEXIST') continue;
      throw error;
    }
    pointLatestAt(logs, basename(to));
    return to;
  }
  throw new Error(`there are ${SAME_NAME_MAX} runs named ${name} in ${logs}: remove some`);
}
