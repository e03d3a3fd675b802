import { readdirSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { RUN_FILES } from '@raftlens/events';
import { LogStoreError } from '../error.ts';
import { openError } from '../io/byte-source.ts';
import type { LogNotice } from '../log-store.ts';
import { isPartOfMultilog, MULTILOG_NOW, rotationOf, unpackedName } from './rotation.ts';

const LOG = /\.(?:ndjson|jsonl|log|log\.(?:INFO|WARNING|ERROR|FATAL))$/;
/** glog writes a line into the file of its level and into those of all lower ones. */
const ABOVE_INFO = /\.log\.(?:WARNING|ERROR|FATAL)$/;
/** Beside a run's own files stands what the tested program keeps: only what looks like a log is worth a word. */
const LIKE_A_LOG = /\.(?:ndjson|jsonl|log|out|err|txt)(?:[-._].*)?$/;
const NO_LOGS: ReadonlySet<string> = new Set(Object.values(RUN_FILES));
const NAMES_SHOWN = 5;

/** The files that a path stands for: itself, or what the folder of a run holds. What a folder has besides is told by a notice. */
export function filesOf(path: string, onNotice: (notice: LogNotice) => void): readonly string[] {
  if (!statOf(path).isDirectory()) return [path];
  const names = filesIn(path);
  const chosen = logsAmong(names);
  if (chosen.length === 0)
    throw new LogStoreError('NO_LOG_IN_FOLDER', `the folder ${path} has no *.ndjson, *.jsonl or *.log: give a run's folder or a file`);
  const isRun = names.some((name) => name === RUN_FILES.info || name === RUN_FILES.events);
  const others = names.filter((name) => !chosen.includes(name) && isWorthAWord(name, isRun));
  if (others.length > 0) onNotice({ code: 'LEFT_OUT', message: leftOutText(path, others) });
  return chosen.map((name) => join(path, name));
}

function logsAmong(names: readonly string[]): readonly string[] {
  const isMultilog = names.some((name) => isPartOfMultilog(name));
  const logs = names.filter((name) => {
    const { base } = rotationOf(name);
    if (ABOVE_INFO.test(base) && names.some((other) => rotationOf(other).base === base.replace(ABOVE_INFO, '.log.INFO'))) return false;
    return LOG.test(unpackedName(name)) || LOG.test(base) || (isMultilog && base === MULTILOG_NOW);
  });
  const events = logs.filter((name) => logOf(name) === RUN_FILES.events);
  if (events.length > 0) return events;
  // What the test printed is not its log where it has written one, and is where it has not.
  const own = logs.filter((name) => logOf(name) !== RUN_FILES.output);
  return own.length > 0 ? own : logs;
}

function logOf(name: string): string {
  const { base, evidence } = rotationOf(name);
  return evidence === 'sure' ? base : name;
}

/** The names of the files of a folder, in order; of a file that has several, such as a link to the newest part, the first that is no link. */
function filesIn(folder: string): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  const known = new Set<string>();
  const names: string[] = [];
  for (const entry of [...entries.filter((other) => !other.isSymbolicLink()), ...entries.filter((other) => other.isSymbolicLink())]) {
    const stats = statSync(join(folder, entry.name), { throwIfNoEntry: false });
    // Opening a pipe would wait for its writer.
    if (stats?.isFile() !== true) continue;
    const identity = `${stats.dev}:${stats.ino}`;
    if (!known.has(identity)) names.push(entry.name);
    known.add(identity);
  }
  return names.sort();
}

function isWorthAWord(name: string, isRun: boolean): boolean {
  if (NO_LOGS.has(logOf(name)) || name.startsWith('.') || name.endsWith('.rlindex')) return false;
  return !isRun || LIKE_A_LOG.test(name);
}

function leftOutText(folder: string, names: readonly string[]): string {
  const shown = names.slice(0, NAMES_SHOWN).join(', ');
  const more = names.length > NAMES_SHOWN ? ` and ${names.length - NAMES_SHOWN} more` : '';
  return `left out in ${folder}: ${shown}${more}; give a log by its name to read it, and unpack what is neither gzip nor zstd`;
}

function statOf(path: string): Stats {
  try {
    return statSync(path);
  } catch (error) {
    throw openError(path, error);
  }
}
