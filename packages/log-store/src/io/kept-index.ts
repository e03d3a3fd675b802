import { closeSync, constants, fstatSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { PAGE_ROWS } from '../columns/layout.ts';
import { LineIndex, type OffsetPage } from '../columns/line-index.ts';
import { newPage, type Page, widen } from '../columns/page.ts';
import { type ColumnCells, PLAIN_NAMES, type PlainName, wideClassOf } from '../columns/schema.ts';
import { sharedArray } from '../columns/shared-array.ts';
import { Table } from '../columns/table.ts';
import { type ContentId, contentIdOf, isGrown, isSame } from './content-id.ts';

/** What stands at the start of an index. One of another version of raftlens, or of a machine of another byte order, is not used. */
const MAGIC = `raftlens index 4 ${new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 'little' : 'big'}\n`;
const LENGTH_CHARS = 12;
const DIGEST_CHARS = 8;

export interface RestoredRows {
  readonly table: Table;
  readonly index: LineIndex;
}

/** A file whose index is kept, or was. */
export interface Indexed extends RestoredRows {
  readonly name: string;
  readonly fd: number;
}

/** The index of a file, beside it: opening the file again costs reading this instead of scanning that. */
function keptIndexPath(path: string): string {
  return `${path}.rlindex`;
}

interface Header {
  readonly content: ContentId;
  /** The byte after the last indexed line. */
  readonly end: number;
  readonly rows: number;
  readonly unmatched: number;
  readonly names: readonly string[];
  readonly pages: readonly PageHeader[];
  readonly offsets: readonly OffsetsHeader[];
}

interface PageHeader {
  readonly count: number;
  /** The columns that are wide. */
  readonly wide: readonly PlainName[];
  readonly hasWideTimes: boolean;
  readonly baseUs: number;
  readonly crc: number;
}

interface OffsetsHeader {
  readonly base: number;
  readonly isWide: boolean;
  readonly crc: number;
}

/** Writes the index. It appears whole or not at all, and what stands at its place is replaced and never written through. */
export function keepIndex({ name, fd, table, index }: Indexed): void {
  const header: Header = {
    content: contentIdOf(fd, index.end),
    end: index.end,
    rows: table.size,
    unmatched: table.unmatched,
    names: table.names.names().slice(1),
    pages: table.pages.map((page) => ({
      count: page.count,
      wide: PLAIN_NAMES.filter((column) => page[column] instanceof wideClassOf(column)),
      hasWideTimes: page.time.cells instanceof Float64Array,
      baseUs: page.time.baseUs,
      crc: crcOf(cellsOf(page), page.count),
    })),
    offsets: index.pages.map(({ base, offsets }, i) => ({
      base,
      isWide: offsets instanceof Float64Array,
      crc: crcOf([offsets], table.pages[i]?.count ?? 0),
    })),
  };
  const path = keptIndexPath(name);
  const temporary = `${path}.${process.pid}`;
  rmSync(temporary, { force: true });
  const out = openSync(temporary, 'wx', 0o600);
  try {
    const text = Buffer.from(JSON.stringify(header));
    writeAll(out, Buffer.from(`${MAGIC}${digestOfText(text)}${String(text.length).padStart(LENGTH_CHARS)}`));
    writeAll(out, text);
    for (const page of table.pages) for (const cells of cellsOf(page)) writeAll(out, bytesOf(cells, page.count));
    index.pages.forEach((page, i) => writeAll(out, bytesOf(page.offsets, table.pages[i]?.count ?? 0)));
    closeSync(out);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/**
 * Takes over the index beside the file if the user's own raftlens wrote it for this very file, which is as it was or has grown since.
 * False: the file is scanned, for only its bytes count. An index that came along with a log, or that another user left there, would show
 * what its maker wants. `isTrue` holds the rows against the file before they are taken over.
 */
export function restoreIndex({ name, fd, table, index }: Indexed, isTrue: (restored: RestoredRows) => boolean): boolean {
  let from: number;
  try {
    // Neither waits for a writer of a named pipe nor follows a link.
    from = openSync(keptIndexPath(name), constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  } catch {
    return false;
  }
  try {
    const reader = readerOf(from);
    const header = reader === null ? null : headerOf(reader);
    if (reader === null || header === null || !fits(header, fd)) return false;
    const pages = header.pages.map((page, i) => readPage(reader, i, page));
    const offsets = header.offsets.map((page, i) => readOffsets(reader, page, header.pages[i]?.count ?? 0));
    const restoreInto = (rows: RestoredRows) => {
      for (const known of header.names) rows.table.names.numberOf(known);
      const last = pages.at(-1);
      rows.table.restore(pages, header.unmatched, last === undefined ? 0 : last.time.at(last.count - 1));
      rows.index.replaceFrom(0, offsets, header.rows, header.end);
    };
    // Nothing is taken over before everything is read and looked at.
    const trial = { table: new Table(), index: new LineIndex() };
    restoreInto(trial);
    if (!isTrue(trial)) return false;
    restoreInto({ table, index });
    return true;
  } catch {
    // A damaged index is as good as none.
    return false;
  } finally {
    closeSync(from);
  }
}

/** Null for what is no file that the user alone may have written. */
function readerOf(fd: number): KeptIndexReader | null {
  const stats = fstatSync(fd);
  const isOwn = process.getuid === undefined || stats.uid === process.getuid();
  return stats.isFile() && isOwn && (stats.mode & 0o022) === 0 ? new KeptIndexReader(fd, stats.size) : null;
}

function fits({ content, end, rows, pages, offsets }: Header, fd: number): boolean {
  const isWhole = pages.every(({ count }, i) => count === PAGE_ROWS || (i === pages.length - 1 && count > 0 && count < PAGE_ROWS));
  const sum = pages.reduce((total, { count }) => total + count, 0);
  if (!isWhole || sum !== rows || offsets.length !== pages.length || (rows === 0) !== (end === 0)) return false;
  if (isSame(content, fd, end)) return true;
  // A last line without a newline may have grown since.
  return endsWithNewline(fd, end) && isGrown(content, fd, end);
}

function endsWithNewline(fd: number, end: number): boolean {
  const last = Buffer.alloc(1);
  return end > 0 && readSync(fd, last, 0, 1, end - 1) === 1 && last[0] === 10;
}

function headerOf(reader: KeptIndexReader): Header | null {
  if (reader.text(MAGIC.length) !== MAGIC) return null;
  const digest = reader.text(DIGEST_CHARS);
  const text = reader.text(Number(reader.text(LENGTH_CHARS)));
  if (digestOfText(Buffer.from(text)) !== digest) return null;
  const header: unknown = JSON.parse(text);
  // The magic line and the owner say that this version wrote it; where it is damaged, the reading fails.
  return typeof header === 'object' && header !== null && 'pages' in header ? (header as Header) : null;
}

function digestOfText(text: Buffer): string {
  let digest = 0x811c9dc5;
  for (const byte of text) digest = Math.imul(digest ^ byte, 0x01000193);
  return (digest >>> 0).toString(16).padStart(DIGEST_CHARS, '0');
}

/** A damaged row would show another line than the file has. */
function crcOf(columns: readonly ColumnCells[], count: number): number {
  return columns.reduce((crc, cells) => crc32(bytesOf(cells, count), crc), 0);
}

/** @throws Error where the cells are not those that were written */
function holdAgainst(crc: number, columns: readonly ColumnCells[], count: number): void {
  if (crcOf(columns, count) !== crc) throw new Error('the index is damaged');
}

function cellsOf(page: Page): readonly ColumnCells[] {
  return [page.time.cells, ...PLAIN_NAMES.map((name) => page[name])];
}

function readPage(reader: KeptIndexReader, number: number, { count, wide, hasWideTimes, baseUs, crc }: PageHeader): Page {
  const page = newPage(number * PAGE_ROWS);
  page.time.baseUs = baseUs;
  if (hasWideTimes) page.time.cells = sharedArray(Float64Array, PAGE_ROWS);
  for (const name of PLAIN_NAMES) if (wide.includes(name)) widen(page, name);
  for (const cells of cellsOf(page)) reader.fill(bytesOf(cells, count));
  holdAgainst(crc, cellsOf(page), count);
  page.count = count;
  return page;
}

function readOffsets(reader: KeptIndexReader, { base, isWide, crc }: OffsetsHeader, count: number): OffsetPage {
  const offsets = isWide ? sharedArray(Float64Array, PAGE_ROWS) : sharedArray(Uint32Array, PAGE_ROWS);
  reader.fill(bytesOf(offsets, count));
  holdAgainst(crc, [offsets], count);
  return { base, offsets };
}

function bytesOf(cells: ColumnCells, count: number): Buffer {
  return Buffer.from(cells.buffer, cells.byteOffset, count * cells.BYTES_PER_ELEMENT);
}

function writeAll(fd: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
}

/** Reads a file from its start to its end; throws where it ends too early. */
class KeptIndexReader {
  readonly #fd: number;
  /** No text is longer than the file. */
  readonly #bytesMax: number;

  constructor(fd: number, bytesMax: number) {
    this.#fd = fd;
    this.#bytesMax = bytesMax;
  }

  text(bytes: number): string {
    if (!(bytes <= this.#bytesMax)) throw new Error('the index is cut short');
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
