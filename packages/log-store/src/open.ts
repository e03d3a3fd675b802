import { createReadStream, fstatSync } from 'node:fs';
import { LogStoreError } from './error.ts';
import { type Detected, detectFormat } from './formats/detect.ts';
import type { LogFormat } from './formats/format.ts';
import { FORMATS, formatNamed } from './formats/index.ts';
import { nativeFormat } from './formats/native.ts';
import { linesOf } from './formats/sample.ts';
import { survey } from './formats/survey.ts';
import { readFormat } from './formats/user.ts';
import { type ByteSource, FileSource, MemorySource } from './io/byte-source.ts';
import { Spool } from './io/spool.ts';
import { type Packing, packingOf } from './io/unpack.ts';
import { OpenFile } from './log-file.ts';
import type { LogNotice, LogStore, OpenOptions } from './log-store.ts';
import { filesOf } from './opening/folder.ts';
import { rotationOf } from './opening/rotation.ts';
import { arranged, type Candidate } from './opening/series.ts';
import { Store } from './store.ts';

const SAMPLE_BYTES = 1 << 16;
const STDIN = '-';

/**
 * Opens a log: files, folders of runs (their events.ndjson, or one file a server), `-` for standard input; gzip and zstd are
 * unpacked. Resolves once the first rows are there; the rest is indexed behind (`done`).
 *
 * @throws LogStoreError for what cannot be read, with a message of one line
 */
export async function openLog(path: string | readonly string[], options: OpenOptions = {}): Promise<LogStore> {
  const names = typeof path === 'string' ? [path] : path;
  const early: LogNotice[] = [];
  let listen = (notice: LogNotice): void => void early.push(notice);
  const onNotice = (notice: LogNotice) => listen(notice);
  const paths = names.flatMap((name) => filesOfPath(name, onNotice));
  const sources = paths.map((path) => openSource(path, options, onNotice));
  const own = ownFormats(options);
  const candidates: Candidate[] = [];
  for (const source of sources) {
    const candidate = await candidateOf(source, own, options);
    candidates.push(candidate);
    const isNeeded = candidate.format !== nativeFormat || rotationOf(source.name).mark !== null;
    if (options.follow !== true && isNeeded) await moreOf(source);
  }
  const store = new Store(surveyedFiles(candidates, options, early), options, early);
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
  const candidates = sources.map((source) => candidateBy(source, namedFormat(own, options), () => detectFormat(source, own, FORMATS)));
  const notices: LogNotice[] = [];
  return new Store(surveyedFiles(candidates, options, notices), options, notices);
}

/** The files, each with its format once it is known who the servers of the whole log are. */
function surveyedFiles(candidates: readonly Candidate[], options: OpenOptions, notices: LogNotice[]): readonly OpenFile[] {
  const parts = arranged(candidates, (notice) => notices.push(notice));
  const { formats, groups } = survey(parts, options.group);
  if (groups.length > 1) notices.push({ code: 'GROUPS', message: groupsText(groups) });
  return parts.map((part, number) => new OpenFile(number, { ...part, format: formats[number] ?? part.format }));
}

const GROUPS_SHOWN = 5;

function groupsText([chosen, ...others]: readonly string[]): string {
  const shown = others.slice(0, GROUPS_SHOWN).join(', ');
  const more = others.length > GROUPS_SHOWN ? ` and ${others.length - GROUPS_SHOWN} more` : '';
  return `the log tells of ${others.length + 1} Raft groups: the events are those of group ${chosen}; --group takes another (${shown}${more})`;
}

function filesOfPath(path: string, onNotice: (notice: LogNotice) => void): readonly string[] {
  return path === STDIN ? [path] : filesOf(path, onNotice);
}

function openSource(path: string, options: OpenOptions, onNotice: (notice: LogNotice) => void): ByteSource {
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

function unpacked(source: FileSource, onNotice: (notice: LogNotice) => void): Spool {
  const stream = createReadStream(source.name, { fd: source.fd });
  return new Spool(source.name, stream, onNotice);
}

/** So much of a stream is waited for as long as no line tells what it is. */
const STREAM_BYTES_MAX = 1 << 26;

/** A source and its format: for a stream, that of as much as is needed to tell. */
async function candidateOf(source: ByteSource, own: readonly LogFormat[], options: OpenOptions): Promise<Candidate> {
  const named = namedFormat(own, options);
  if (named !== null) return { source, known: named, format: named };
  const enough = options.follow === true ? SAMPLE_BYTES : STREAM_BYTES_MAX;
  for (;;) {
    const size = source.size();
    const detected = detectFormat(source, own, FORMATS);
    if (detected.known !== null || source.isComplete || size >= enough) return candidateBy(source, null, () => detected);
    // Each time twice as much: a long stream is not read again for every piece of it.
    do await source.more();
    while (!source.isComplete && source.size() < size * 2);
  }
}

/** Who the servers are stands anywhere in their lines: a stream that ends is read to its end before they are called by a name. */
async function moreOf(source: ByteSource): Promise<void> {
  while (!source.isComplete && source.size() < STREAM_BYTES_MAX) await source.more();
}

function candidateBy(source: ByteSource, named: LogFormat | null, detect: () => Detected): Candidate {
  if (named !== null) return { source, known: named, format: named };
  const { known, likely } = detect();
  return { source, known, format: known ?? likely ?? nativeFormat };
}

function ownFormats(options: OpenOptions): readonly LogFormat[] {
  return (options.formats ?? []).map(readFormat);
}

function namedFormat(own: readonly LogFormat[], options: OpenOptions): LogFormat | null {
  return options.format === undefined ? null : formatNamed(options.format, [...own, ...FORMATS]);
}
