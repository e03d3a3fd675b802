import { existsSync } from 'node:fs';
import { printable, UserError } from '@raftlens/command-line';
import type { LogStore } from '@raftlens/log-store';
import { plural } from '../text/time.ts';

/** What is looked at when nothing is named: the link to the newest run. */
const DEFAULT_LOG = 'logs/latest';

/** So much is shown of a log of which no format knows a line. */
const SAMPLE_LINES = 3;
const SAMPLE_CHARS = 80;

export const HOW_TO_DESCRIBE =
  'A format of your own is a JSON file for --formats that `raftlens formats draft LOG` begins (docs/FORMATS.md), or write events (docs/EMITTERS.md).';

/** The paths, or the newest run. */
export function pathsOrLatest(paths: readonly string[]): readonly string[] {
  if (paths.length > 0) return paths;
  if (existsSync(DEFAULT_LOG)) return [DEFAULT_LOG];
  throw new UserError('NO_LOG', `there is no ${DEFAULT_LOG} here: name a run's folder or a file, or - for standard input.`);
}

/** Throws for a log that is empty, or of which no format knows a single line. */
export function refuseWhatIsNoLog(store: LogStore, paths: readonly string[]): void {
  if (store.size > store.unmatched) return;
  refuseWhatIsEmpty(store, paths);
  const error = new UserError('NOT_A_LOG', unknownText(store, paths));
  store.close();
  throw error;
}

/** The first lines that are not empty: by them a reader knows what kind of log it is. */
function firstLines(store: LogStore): string[] {
  const found: string[] = [];
  for (let row = 0; row < store.size && found.length < SAMPLE_LINES; row += 1) {
    const text = store.line(row, SAMPLE_CHARS);
    if (text.trim() !== '') found.push(`"${printable(text)}"`);
  }
  return found;
}

/** Throws for a log without a line. */
export function refuseWhatIsEmpty(store: LogStore, paths: readonly string[]): void {
  if (store.size > 0) return;
  const name = printable(paths.join(', '));
  const [notice] = store.notices;
  store.close();
  // An archive of which nothing could be unpacked is not empty.
  if (notice !== undefined) throw new UserError('UNREADABLE_LOG', `${printable(notice.message)}.`);
  throw new UserError('EMPTY_LOG', `${name} is empty: there is nothing to look at.`);
}

/** What to do about a log of which no format knows a line. */
export function unknownText(store: LogStore, paths: readonly string[]): string {
  const lines = firstLines(store);
  const shown = lines.length === 0 ? '' : ` (${lines.join(', ')}${store.size > lines.length ? ', ...' : ''})`;
  return `${printable(paths.join(', '))} is not a log: no format knows any of its ${plural(store.size, 'line')}${shown}. ${HOW_TO_DESCRIBE}`;
}
