import { FORMATS, type LogStore, type OpenOptions, openLog } from '@raftlens/log-store';
import type { Argv } from 'yargs';
import { plural } from '../text/time.ts';
import { pathsOrLatest, refuseWhatIsEmpty, refuseWhatIsNoLog, unknownText } from './log-paths.ts';
import { remark } from './output.ts';

/** yargs takes a lone "-" for an option without a name and drops it from a list. It goes through under another name. */
const STANDARD_INPUT = '\u{0}-';

export function markStandardInput(argv: readonly string[]): string[] {
  return argv.map((argument) => (argument === '-' ? STANDARD_INPUT : argument));
}

/** The path as the user named it. */
export function markedPath(path: string): string {
  return path === STANDARD_INPUT ? '-' : path;
}

/** The paths as the user named them, or the newest run. */
export function namedPaths(paths: readonly string[]): readonly string[] {
  return pathsOrLatest(paths.map(markedPath));
}

/** How the lines are to be read, where the format is not to be found out from them. */
export interface ReadingFlags {
  readonly format?: string | undefined;
  readonly formats?: readonly string[] | undefined;
  readonly group?: string | undefined;
  readonly keepIndex?: boolean | undefined;
}

/** Adds the options that every command which reads a log has. */
export function readingOptions<T>(command: Argv<T>) {
  return command
    .option('format', {
      type: 'string',
      describe: `Read all files by this format (default: found out): ${FORMATS.map(({ name }) => name).join(', ')}`,
    })
    .option('formats', { type: 'string', array: true, requiresArg: true, describe: 'Files (JSON) that define formats of your own' })
    .option('group', {
      type: 'string',
      requiresArg: true,
      describe: 'The Raft group to read, where the log tells of several (default: the one with most events)',
    })
    .option('keep-index', {
      type: 'boolean',
      describe: 'Keep the index of a large file beside it (FILE.rlindex), and use it if it still fits',
    });
}

/** The options as the log store takes them. */
export function openOptions({ format, formats, group, keepIndex }: ReadingFlags): OpenOptions {
  return {
    ...(format === undefined ? {} : { format }),
    ...(formats === undefined ? {} : { formats }),
    ...(group === undefined ? {} : { group }),
    ...(keepIndex === undefined ? {} : { keepIndex }),
  };
}

/** Opens the log and reads it to its end. What the reader noticed is said on stderr, because stdout holds data alone. */
export async function openWhole(paths: readonly string[], flags: ReadingFlags): Promise<LogStore> {
  const store = await openLog(paths, openOptions(flags));
  await store.done;
  refuseWhatIsNoLog(store, paths);
  return told(store);
}

/** The same for who shows lines as they stand: those of a log of no format too, and what describes them. */
export async function openAny(paths: readonly string[], flags: ReadingFlags): Promise<LogStore> {
  const store = await openLog(paths, openOptions(flags));
  await store.done;
  refuseWhatIsEmpty(store, paths);
  if (store.size > store.unmatched) return told(store);
  remark(unknownText(store, paths));
  return store;
}

function told(store: LogStore): LogStore {
  for (const { message } of store.notices) remark(message);
  if (store.unmatched > 0) remark(unmatchedText(store));
  return store;
}

/** Which lines no format knows: how many, and where and why the first one. */
function unmatchedText(store: LogStore): string {
  for (let row = 0; row < store.size; row += 1) {
    const problem = store.problem(row);
    if (problem === null) continue;
    const where = `${store.fileOf(row).name}:${store.lineNumberOf(row)}`;
    return `${plural(store.unmatched, 'line')} that no format knows; the first is ${where}: ${problem.reason}`;
  }
  return `${plural(store.unmatched, 'line')} that no format knows`;
}
