import { createReadStream, fstatSync, readdirSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { LogStoreError } from './error.ts';
import { type Detected, detectFormat } from './formats/detect.ts';
import type { LogFormat } from './formats/format.ts';
import { FORMATS, formatNamed } from './formats/index.ts';
import { nativeFormat } from './formats/native.ts';
import { linesOf } from './formats/sample.ts';
import { survey } from './formats/survey.ts';
import { readFormat } from './formats/user.ts';
import { type ByteSource, FileSource, MemorySource, openError } from './io/byte-source.ts';
import { Spool } from './io/spool.ts';
import { type Packing, packingOf } from './io/unpack.ts';
import { OpenFile } from './log-file.ts';
import type { LogStore, Notice, OpenOptions } from './log-store.ts';
import { Store } from './store.ts';

const SAMPLE_BYTES = 1 << 16;
const STDIN = '-';

/**
 * Opens a log: files, folders of runs (their events.ndjson, or one file a server), `-` for standard input; gzip and zstd are
 * unpacked. Resolves once the first rows are there; the rest is indexed behind (`done`).
 *
 * @throws LogStoreError for what cannot be read, with a message of one line
 */
export async function openLog(paths: string | readonly string[], options: OpenOptions = {}): Promise<LogStore> {
  const names = typeof paths === 'string' ? [paths] : paths;
  const early: Notice[] = [];
  let listen = (notice: Notice): void => void early.push(notice);
  const sources = names.flatMap(filesOf).map((path) => openSource(path, options, (notice) => listen(notice)));
  const own = ownFormats(options);
  const formats: LogFormat[] = [];
  for (const source of sources) {
    const format = await formatOf(source, own, options);
    formats.push(format);
    if (options.follow !== true && format !== nativeFormat) await moreOf(source);
  }
  const store = new Store(surveyedFiles(sources, formats, options, early), options, early);
  listen = (notice) => store.notice(notice);
  return store;
}

/** The first lines of a file that are not empty, at most `countMax`. @throws LogStoreError for what cannot be read */
export function linesOfLog(path: string, countMax: number): readonly string[] {
  const source = FileSource.open(path);
  try {
    const lines: string[] = [];
    for (const line of linesOf(source)) {
      if (lines.length === countMax) break;
      lines.push(line);
    }
    return lines;
  } finally {
    source.close();
  }
}

/** A log in memory. */
export function openText(text: string, options: OpenOptions & { readonly name?: string } = {}): LogStore {
  return openTexts([{ name: options.name ?? 'memory', text }], options);
}

/** Logs in memory, merged like files. */
export function openTexts(texts: readonly { readonly name: string; readonly text: string }[], options: OpenOptions = {}): LogStore {
  const sources = texts.map(({ name, text }) => new MemorySource(name, Buffer.from(text)));
  const own = ownFormats(options);
  const formats = sources.map((source) => namedFormat(own, options) ?? eitherOf(detectFormat(source, own, FORMATS)));
  const notices: Notice[] = [];
  return new Store(surveyedFiles(sources, formats, options, notices), options, notices);
}

/** The files, each with its format once it is known who the servers of the whole log are. */
function surveyedFiles(
  sources: readonly ByteSource[],
  formats: readonly LogFormat[],
  options: OpenOptions,
  notices: Notice[],
): readonly OpenFile[] {
  const { formats: named, groups } = survey(sources, formats, options.group);
  if (groups.length > 1) notices.push({ code: 'GROUPS', message: groupsText(groups) });
  return sources.map((source, number) => new OpenFile(number, source, named[number] ?? nativeFormat));
}

const GROUPS_SHOWN = 5;

function groupsText([chosen, ...others]: readonly string[]): string {
  const shown = others.slice(0, GROUPS_SHOWN).join(', ');
  const more = others.length > GROUPS_SHOWN ? ` and ${others.length - GROUPS_SHOWN} more` : '';
  return `the log tells of ${others.length + 1} Raft groups: the events are those of group ${chosen}; --group takes another (${shown}${more})`;
}

const OUTPUT = 'output.log';
const LOG_NAME = /\.(ndjson|jsonl|log)(\.gz|\.zst)?$/;

/** The files that a path stands for: itself, or what the folder of a run holds. */
function filesOf(path: string): string[] {
  if (path === STDIN) return [path];
  const stats = statOf(path);
  if (!stats.isDirectory()) return [path];
  const names = readdirSync(path).sort();
  if (names.includes('events.ndjson')) return [join(path, 'events.ndjson')];
  const logs = names.filter((name) => LOG_NAME.test(name));
  // What the test printed is not its log where it has written one, and is where it has not.
  const own = logs.filter((name) => name !== OUTPUT);
  const chosen = own.length > 0 ? own : logs;
  if (chosen.length > 0) return chosen.map((name) => join(path, name));
  throw new LogStoreError('NO_LOG_IN_FOLDER', `the folder ${path} has no *.ndjson, *.jsonl or *.log: give a run's folder or a file`);
}

function statOf(path: string): Stats {
  try {
    return statSync(path);
  } catch (error) {
    throw openError(path, error);
  }
}

function openSource(path: string, options: OpenOptions, onNotice: (notice: Notice) => void): ByteSource {
  if (path === STDIN) return new Spool('standard input', options.stdin ?? process.stdin, onNotice);
  const source = FileSource.open(path);
  const stats = fstatSync(source.fd);
  if (stats.isFile()) return packingAt(source) === 'none' ? source : unpacked(source, onNotice);
  // A named pipe, as of `<(zcat log.gz)`, is read like standard input.
  if (stats.isFIFO()) return unpacked(source, onNotice);
  source.close();
  throw new LogStoreError('NOT_A_FILE', `${path} is a device, not a log: give a file, a run's folder, or - for standard input`);
}

function packingAt(source: ByteSource): Packing {
  const start = Buffer.alloc(4);
  return packingOf(start.subarray(0, source.read(start, 0)));
}

function unpacked(source: FileSource, onNotice: (notice: Notice) => void): Spool {
  const stream = createReadStream(source.name, { fd: source.fd });
  return new Spool(source.name, stream, onNotice);
}

/** So much of a stream is waited for as long as no line tells what it is. */
const STREAM_BYTES_MAX = 1 << 26;

/** The format of a source: for a stream, of as much as is needed to tell. */
async function formatOf(source: ByteSource, own: readonly LogFormat[], options: OpenOptions): Promise<LogFormat> {
  const named = namedFormat(own, options);
  if (named !== null) return named;
  const enough = options.follow === true ? SAMPLE_BYTES : STREAM_BYTES_MAX;
  for (;;) {
    const size = source.size();
    const detected = detectFormat(source, own, FORMATS);
    if (detected.known !== null || source.isComplete || size >= enough) return eitherOf(detected);
    // Each time twice as much: a long stream is not read again for every piece of it.
    do await source.more();
    while (!source.isComplete && source.size() < size * 2);
  }
}

/** Who the servers are stands anywhere in their lines: a stream that ends is read to its end before they are called by a name. */
async function moreOf(source: ByteSource): Promise<void> {
  while (!source.isComplete && source.size() < STREAM_BYTES_MAX) await source.more();
}

function eitherOf({ known, likely }: Detected): LogFormat {
  return known ?? likely ?? nativeFormat;
}

function ownFormats(options: OpenOptions): readonly LogFormat[] {
  return (options.formats ?? []).map(readFormat);
}

function namedFormat(own: readonly LogFormat[], options: OpenOptions): LogFormat | null {
  return options.format === undefined ? null : formatNamed(options.format, [...own, ...FORMATS]);
}
