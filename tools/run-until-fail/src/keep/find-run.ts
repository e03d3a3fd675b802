import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { UserError, unknownName } from '@raftlens/command-line';
import { LATEST, listRuns, type RunOnDisk, readRun } from '@raftlens/events';
import { errorMessage } from '../errors.ts';

/** The run that a user names: a folder, the name of a run in the logs folder, the end of such a name, or nothing for the latest. */
export function findRun(logs: string, name: string | undefined): RunOnDisk {
  if (name !== undefined && (existsSync(join(name, 'run.json')) || name.includes('/'))) return readRun(resolve(name));
  const names = listRuns(logs);
  if (names.length === 0) throw new UserError('NO_RUNS', `no run is kept in ${logs}: run-until-fail keeps those that fail`);
  if (name === undefined || name === LATEST) return readRun(join(logs, existsSync(join(logs, LATEST)) ? LATEST : (names.at(-1) ?? '')));
  const found = names.filter((known) => known === name || known.endsWith(`-${name}`));
  const [only] = found;
  if (only === undefined) throw unknownName('run', name, names);
  if (found.length > 1) throw new UserError('AMBIGUOUS_RUN', `"${name}" may be ${found.join(' or ')}: write more of its name`);
  return readRun(join(logs, basename(only)));
}

/** The runs of a logs folder, oldest first, and of those that cannot be read what is wrong with them. */
export function readRuns(logs: string): { readonly runs: readonly RunOnDisk[]; readonly problems: readonly string[] } {
  const runs: RunOnDisk[] = [];
  const problems: string[] = [];
  for (const name of listRuns(logs)) {
    try {
      runs.push(readRun(join(logs, name)));
    } catch (error) {
      problems.push(errorMessage(error));
    }
  }
  return { runs, problems };
}

/** A text of run.json, or a dash. */
export function textOf(run: RunOnDisk, key: string): string {
  const value = run.info[key];
  return typeof value === 'string' ? value : '-';
}
