import { fstatSync, readdirSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { LogStoreError } from './error.ts';
import { detectFormat } from './formats/detect.ts';
import type { LogFormat } from './formats/format.ts';
import { FORMATS, formatNamed } from './formats/index.ts';
import { nativeFormat } from './formats/native.ts';
import { readFormat } from './formats/user.ts';
import { type ByteSource, FileSource, MemorySource, openError } from './io/byte-source.ts';
import { OpenFile } from './log-file.ts';
import type { LogStore, OpenOptions } from './log-store.ts';
import { Store } from './store.ts';

const SAMPLE_BYTES = 1 << 16;

/**
 * Opens a log: files, folders of runs (their events.ndjson, or one file a server), `-` for standard input. Resolves once the
 * first rows are there; the rest is indexed behind (`done`).
 *
 * @throws LogStoreError for what cannot be read, with a message of one line
 */
export async function openLog(paths: string | readonly string[], options: OpenOptions = {}): Promise<LogStore> {
  const names = typeof paths === 'string' ? [paths] : paths;
  const sources = names.flatMap(filesOf).map((path) => openSource(path));
  return openSources(sources, options);
}

/** A log in memory. */
export function openText(text: string, options: OpenOptions & { readonly name?: string } = {}): LogStore {
  return openSources([new MemorySource(options.name ?? 'memory', Buffer.from(text))], options);
}

function openSources(sources: readonly ByteSource[], options: OpenOptions): LogStore {
  const files = sources.map((source, number) => new OpenFile(number, source, formatOf(source, options)));
  return new Store(files, options);
}

/** The files that a path stands for: itself, or what the folder of a run holds. */
function filesOf(path: string): string[] {
  const stats = statOf(path);
  if (!stats.isDirectory()) return [path];
  const names = readdirSync(path).sort();
  if (names.includes('events.ndjson')) return [join(path, 'events.ndjson')];
  const logs = names.filter((name) => /\.(ndjson|log)$/.test(name) && name !== 'output.log');
  if (logs.length > 0) return logs.map((name) => join(path, name));
  throw new LogStoreError(
    'NO_LOG_IN_FOLDER',
    `the folder ${path} has no events.ndjson and no *.ndjson or *.log: give a run's folder or a file`,
  );
}

function statOf(path: string): Stats {
  try {
    return statSync(path);
  } catch (error) {
    throw openError(path, error);
  }
}

function openSource(path: string): ByteSource {
  const source = FileSource.open(path);
  const stats = fstatSync(source.fd);
  if (stats.isFile()) return source;
  source.close();
  throw new LogStoreError('NOT_A_FILE', `${path} is a device, not a log: give a file, a run's folder, or - for standard input`);
}

function formatOf(source: ByteSource, options: OpenOptions): LogFormat {
  const formats = [...(options.formats ?? []).map(readFormat), ...FORMATS];
  if (options.format !== undefined) return formatNamed(options.format, formats);
  const sample = Buffer.alloc(SAMPLE_BYTES);
  return detectFormat(sample.subarray(0, source.read(sample, 0)), source.name, formats) ?? nativeFormat;
}
