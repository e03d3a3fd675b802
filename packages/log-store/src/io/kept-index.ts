import { closeSync, fstatSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { PAGE_ROWS } from '../columns/layout.ts';
import type { LineIndex, OffsetPage } from '../columns/line-index.ts';
import { type Column, Page } from '../columns/page.ts';
import { sharedArray } from '../columns/shared-array.ts';
import type { Table } from '../columns/table.ts';
import type { OpenFile } from '../log-file.ts';

/** What stands at the start of an index. Another version of raftlens, or a machine of another byte order, makes it anew. */
const MAGIC = `raftlens index 2 ${new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 'little' : 'big'}\n`;
const HEADER_BYTES_MAX = 1 << 28;
/** The file is known again by this many bytes at its start and at the end of what was indexed, and by its time. */
const SAMPLE_BYTES = 1 << 16;

/** The index of a file, beside it: opening the file again costs reading this instead of scanning that. */
function keptIndexPath(path: string): string {
  return `${path}.rlindex`;
}

interface Header {
  readonly end: number;
  readonly size: number;
  readonly mtimeMs: number;
  readonly sample: string;
  readonly rows: number;
  readonly unmatched: number;
  readonly names: readonly string[];
  readonly pages: readonly PageHeader[];
  readonly offsets: readonly { readonly base: number; readonly isWide: boolean }[];
}

interface PageHeader {
  readonly count: number;
  readonly hasWideNames: boolean;
  readonly hasWideIds: boolean;
  readonly hasWideTimes: boolean;
  readonly baseUs: number;
}

/** Writes the index. It appears whole or not at all. */
export function keepIndex(file: OpenFile, fd: number, table: Table): void {
  const stats = fstatSync(fd);
  const header: Header = {
    end: file.index.end,
    size: stats.size,
    mtimeMs: stats.mtimeMs,
    sample: sampleOf(fd, file.index.end),
    rows: table.size,
    unmatched: table.unmatched,
    names: table.names.names().slice(1),
    pages: table.pages.map((page) => ({
      count: page.count,
      hasWideNames: page.node instanceof Uint32Array,
      hasWideIds: page.id instanceof Float64Array,
      hasWideTimes: page.time.cells instanceof Float64Array,
      baseUs: page.time.baseUs,
    })),
    offsets: file.index.pages.map(({ base, offsets }) => ({ base, isWide: offsets instanceof Float64Array })),
  };
  const path = keptIndexPath(file.name);
  const temporary = `${path}.${process.pid}`;
  const out = openSync(temporary, 'w');
  try {
    const text = Buffer.from(JSON.stringify(header));
    writeAll(out, Buffer.from(`${MAGIC}${String(text.length).padStart(12)}`));
    writeAll(out, text);
    for (const page of table.pages) for (const column of columnsOf(page)) writeAll(out, bytesOf(column, page.count));
    file.index.pages.forEach((page, i) => writeAll(out, bytesOf(page.offsets, table.pages[i]?.count ?? 0)));
    closeSync(out);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Takes over the index beside the file if it is one of this file, as it was or as it has grown since. False: scan it. */
export function restoreIndex(file: OpenFile, fd: number, table: Table, index: LineIndex): boolean {
  let from: number;
  try {
    from = openSync(keptIndexPath(file.name), 'r');
  } catch {
    return false;
  }
  try {
    const reader = new Reader(from);
    const header = headerOf(reader);
    if (header === null || !fits(header, fd)) return false;
    const pages = header.pages.map((page, i) => readPage(reader, i, page));
    const offsets = header.offsets.map((page, i) => readOffsets(reader, page, header.pages[i]?.count ?? 0));
    // Nothing is taken over before everything is read.
    for (const name of header.names) table.names.numberOf(name);
    const last = pages.at(-1);
    table.restore(pages, header.unmatched, last === undefined ? 0 : last.timeAt(last.count - 1));
    index.replaceFrom(0, offsets, header.rows, header.end);
    return true;
  } catch {
    // A damaged index is as good as none: the file is what counts.
    return false;
  } finally {
    closeSync(from);
  }
}

function fits(header: Header, fd: number): boolean {
  const { size, mtimeMs } = fstatSync(fd);
  if (size < header.size || (size === header.size && mtimeMs !== header.mtimeMs)) return false;
  // A last line without a newline may have grown since.
  if (size > header.size && !endsWithNewline(fd, header.end)) return false;
  return sampleOf(fd, header.end) === header.sample;
}

function endsWithNewline(fd: number, end: number): boolean {
  const last = Buffer.alloc(1);
  return end > 0 && readSync(fd, last, 0, 1, end - 1) === 1 && last[0] === 10;
}

/** The first and the last bytes of what was indexed. */
function sampleOf(fd: number, end: number): string {
  const bytes = Math.min(SAMPLE_BYTES, end);
  const [head, tail] = [Buffer.alloc(bytes), Buffer.alloc(bytes)];
  readSync(fd, head, 0, bytes, 0);
  readSync(fd, tail, 0, bytes, end - bytes);
  let hash = 0x811c9dc5;
  for (const part of [head, tail]) for (const byte of part) hash = Math.imul(hash ^ byte, 0x01000193);
  return `${end} ${hash >>> 0}`;
}

function headerOf(reader: Reader): Header | null {
  if (reader.text(MAGIC.length) !== MAGIC) return null;
  const length = Number(reader.text(12));
  if (!Number.isInteger(length) || length > HEADER_BYTES_MAX) return null;
  const header: unknown = JSON.parse(reader.text(length));
  // The magic line says that this version wrote it; a header that lies makes the reading below fail.
  return typeof header === 'object' && header !== null && 'pages' in header ? (header as Header) : null;
}

function columnsOf(page: Page): readonly Column[] {
  const { time, term, commit, partner, op, dir, role, level, flags, node, src, dst, id } = page;
  return [time.cells, term, commit, partner, op, dir, role, level, flags, node, src, dst, id];
}

function readPage(reader: Reader, number: number, { count, hasWideNames, hasWideIds, hasWideTimes, baseUs }: PageHeader): Page {
  const page = new Page(number * PAGE_ROWS);
  page.time.baseUs = baseUs;
  if (hasWideTimes) page.time.cells = sharedArray(Float64Array, PAGE_ROWS);
  if (hasWideNames) page.widenNames();
  if (hasWideIds) page.widenIds();
  for (const column of columnsOf(page)) reader.fill(bytesOf(column, count));
  page.count = count;
  return page;
}

function readOffsets(reader: Reader, { base, isWide }: Header['offsets'][number], count: number): OffsetPage {
  const offsets = isWide ? sharedArray(Float64Array, PAGE_ROWS) : sharedArray(Uint32Array, PAGE_ROWS);
  reader.fill(bytesOf(offsets, count));
  return { base, offsets };
}

function bytesOf(column: Column, count: number): Buffer {
  return Buffer.from(column.buffer, column.byteOffset, count * column.BYTES_PER_ELEMENT);
}

function writeAll(fd: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
}

/** Reads a file from its start to its end; throws where it ends too early. */
class Reader {
  readonly #fd: number;

  constructor(fd: number) {
    this.#fd = fd;
  }

  text(bytes: number): string {
    const buffer = Buffer.alloc(bytes);
    this.fill(buffer);
    return buffer.toString('utf8');
  }

  fill(target: Buffer): void {
    for (let done = 0; done < target.length; ) {
      const count = readSync(this.#fd, target, done, target.length - done, null);
      if (count === 0) throw new Error('the index is cut short');
      done += count;
    }
  }
}
