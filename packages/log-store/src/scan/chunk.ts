import { ABSENT } from '../columns/layout.ts';

/**
 * The columns of the rows that one chunk of a file holds, as a scanner gives them: names are numbers of the scanner's own (0 is
 * "no name"), starts are bytes from the chunk's first byte.
 */
export interface Chunk {
  /** Where the columns stand. */
  memory: SharedArrayBuffer;
  rows: number;
  /** Bytes of the chunk that the rows cover; the rest is the start of a row that the chunk cuts. */
  bytesUsed: number;
  starts: Uint32Array;
  time: Float64Array;
  id: Float64Array;
  /** The id of the request that a reply answers; 0 is none. Used for pairing and not kept. */
  re: Float64Array;
  term: Uint32Array;
  commit: Uint32Array;
  node: Uint32Array;
  src: Uint32Array;
  dst: Uint32Array;
  op: Uint8Array;
  dir: Uint8Array;
  role: Uint8Array;
  level: Uint8Array;
  flags: Uint8Array;
  /** The names that the scanner has met since its last chunk: they continue its numbers. */
  newNames: string[];
  /** For rows of formats whose messages carry no id: what a send and its receive have in common. */
  keys: (string | undefined)[] | null;
  /** For rows with a vector clock: the clock, as JSON. */
  clocks: (string | undefined)[] | null;
}

const BYTES_A_ROW = 3 * 8 + 6 * 4 + 5;

/** All columns stand in one block of shared memory, so that another thread can have the rows without copying or handing over. */
export function newChunk(capacity: number): Chunk {
  const chunk = chunkOver(new SharedArrayBuffer(Math.ceil(capacity / 8) * 8 * BYTES_A_ROW));
  clearRows(chunk, chunk.starts.length);
  return chunk;
}

/** The chunk whose columns stand in this memory, as it is. */
export function chunkOver(memory: SharedArrayBuffer): Chunk {
  const rows = memory.byteLength / BYTES_A_ROW;
  let at = 0;
  const take = <T>(View: new (memory: SharedArrayBuffer, offset: number, length: number) => T, bytes: number): T => {
    const view = new View(memory, at, rows);
    at += rows * bytes;
    return view;
  };
  return {
    memory,
    rows: 0,
    bytesUsed: 0,
    // The widest first: a view must start at a multiple of its width.
    time: take(Float64Array, 8),
    id: take(Float64Array, 8),
    re: take(Float64Array, 8),
    starts: take(Uint32Array, 4),
    term: take(Uint32Array, 4),
    commit: take(Uint32Array, 4),
    node: take(Uint32Array, 4),
    src: take(Uint32Array, 4),
    dst: take(Uint32Array, 4),
    op: take(Uint8Array, 1),
    dir: take(Uint8Array, 1),
    role: take(Uint8Array, 1),
    level: take(Uint8Array, 1),
    flags: take(Uint8Array, 1),
    newNames: [],
    keys: null,
    clocks: null,
  };
}

/** Makes a chunk as good as new: arrays are used again from slice to slice, and only rows that were used are not empty. */
export function clearChunk(chunk: Chunk): void {
  clearRows(chunk, chunk.rows);
  chunk.rows = 0;
  chunk.bytesUsed = 0;
  chunk.keys = null;
  chunk.clocks = null;
}

function clearRows(chunk: Chunk, count: number): void {
  chunk.time.fill(Number.NaN, 0, count);
  chunk.term.fill(ABSENT, 0, count);
  chunk.commit.fill(ABSENT, 0, count);
  for (const zeroed of zeroedColumns(chunk)) zeroed.fill(0, 0, count);
}

type Column = Uint8Array | Uint32Array | Float64Array;

function columnsOf(chunk: Chunk): readonly Column[] {
  return [chunk.time, chunk.starts, chunk.term, chunk.commit, ...zeroedColumns(chunk)];
}

function zeroedColumns(chunk: Chunk): readonly Column[] {
  const { id, re, node, src, dst, op, dir, role, level, flags } = chunk;
  return [id, re, node, src, dst, op, dir, role, level, flags];
}

/** Makes room for twice as many rows. */
export function growChunk(chunk: Chunk): void {
  const { rows, bytesUsed, newNames, keys, clocks } = chunk;
  const larger = newChunk(chunk.starts.length * 2);
  const targets = columnsOf(larger);
  columnsOf(chunk).forEach((column, i) => targets[i]?.set(column));
  Object.assign(chunk, larger, { rows, bytesUsed, newNames, keys, clocks });
}

/** Empties a row that a scanner has filled in part. */
export function clearRow(chunk: Chunk, row: number): void {
  chunk.time[row] = Number.NaN;
  chunk.id[row] = 0;
  chunk.re[row] = 0;
  chunk.term[row] = ABSENT;
  chunk.commit[row] = ABSENT;
  chunk.node[row] = 0;
  chunk.src[row] = 0;
  chunk.dst[row] = 0;
  chunk.op[row] = 0;
  chunk.dir[row] = 0;
  chunk.role[row] = 0;
  chunk.level[row] = 0;
  chunk.flags[row] = 0;
}
