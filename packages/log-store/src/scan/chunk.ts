import { ABSENT } from '../columns/layout.ts';

/**
 * The columns of the rows that one chunk of a file holds, as a scanner gives them: names are numbers of the scanner's own (0 is
 * "no name"), starts are bytes from the chunk's first byte.
 */
export interface Chunk {
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

/** All columns stand in one block of shared memory, so that another thread can have the chunk without copying or handing over. */
export function newChunk(capacity: number): Chunk {
  const rows = Math.ceil(capacity / 8) * 8;
  const memory = new SharedArrayBuffer(rows * BYTES_A_ROW);
  let at = 0;
  const take = <T>(View: new (memory: SharedArrayBuffer, offset: number, length: number) => T, bytes: number): T => {
    const view = new View(memory, at, rows);
    at += rows * bytes;
    return view;
  };
  const chunk: Chunk = {
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
  clearRows(chunk, 0);
  return chunk;
}

/** Makes a chunk as good as new: arrays are used again from slice to slice. */
export function clearChunk(chunk: Chunk): void {
  clearRows(chunk, 0);
  chunk.rows = 0;
  chunk.bytesUsed = 0;
  chunk.keys = null;
  chunk.clocks = null;
}

function clearRows(chunk: Chunk, from: number): void {
  chunk.time.fill(Number.NaN, from);
  chunk.term.fill(ABSENT, from);
  chunk.commit.fill(ABSENT, from);
  for (const zeroed of zeroedColumns(chunk)) zeroed.fill(0, from);
}

function zeroedColumns(chunk: Chunk): readonly (Uint8Array | Uint32Array | Float64Array)[] {
  const { id, re, node, src, dst, op, dir, role, level, flags } = chunk;
  return [id, re, node, src, dst, op, dir, role, level, flags];
}

/** Makes room for twice as many rows. */
export function growChunk(chunk: Chunk): void {
  const { keys, clocks, newNames, rows, bytesUsed, ...columns } = chunk;
  const larger = newChunk(columns.starts.length * 2);
  for (const name of Object.keys(columns) as (keyof typeof columns)[]) larger[name].set(columns[name]);
  Object.assign(chunk, larger, { keys, clocks, newNames, rows, bytesUsed });
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
