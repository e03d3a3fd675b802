import { createReadStream, fstatSync, readdirSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { LogStoreError } from './error.ts';
import { detectFormat } from './formats/detect.ts';
import type { LogFormat } from './formats/format.ts';
import { FORMATS, formatNamed } from './formats/index.ts';
import { nativeFormat } from './formats/native.ts';
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
  const files: OpenFile[] = [];
  for (const [number, source] of sources.entries()) files.push(new OpenFile(number, source, await formatOf(source, options)));
  const store = new Store(files, options, early);
  listen = (notice) => store.notice(notice);
  return store;
}

/** A log in memory. */
export function openText(text: string, options: OpenOptions & { readonly name?: string } = {}): LogStore {
  return openTexts([{ name: options.name ?? 'memory', text }], options);
}

/** Logs in memory, merged like files. */
export function openTexts(texts: readonly { readonly name: string; readonly text: string }[], options: OpenOptions = {}): LogStore {
  const sources = texts.map(({ name, text }) => new MemorySource(name, Buffer.from(text)));
  const files = sources.map((source, number) => new OpenFile(number, source, detect(source, formatsOf(options), options) ?? nativeFormat));
  return new Store(files, options, []);
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

/** The format of a source: for a stream, of as much as is needed to tell. */
async function formatOf(source: ByteSource, options: OpenOptions): Promise<LogFormat> {
  const formats = formatsOf(options);
  for (;;) {
    const format = detect(source, formats, options);
    if (format !== null) return format;
    if (source.isComplete || source.size() >= SAMPLE_BYTES) return nativeFormat;
    await source.more();
  }
}

function formatsOf(options: OpenOptions): readonly LogFormat[] {
  return [...(options.formats ?? []).map(readFormat), ...FORMATS];
}

function detect(source: ByteSource, formats: readonly LogFormat[], options: OpenOptions): LogFormat | null {
  if (options.format !== undefined) return formatNamed(options.format, formats);
  const sample = Buffer.alloc(SAMPLE_BYTES);
  return detectFormat(sample.subarray(0, source.read(sample, 0)), source.name, formats);
}
