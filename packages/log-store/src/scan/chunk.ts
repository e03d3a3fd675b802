import { ABSENT } from '../columns/columns.ts';

/**
 * The columns of the rows that one chunk of a file holds, as a scanner gives them: names are numbers of the scanner's own (0 is
 * "no name"), starts are bytes from the chunk's first byte. Plain arrays, so that it moves between threads
 * without a copy.
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

export function newChunk(capacity: number): Chunk {
  const chunk: Chunk = {
    rows: 0,
    bytesUsed: 0,
    starts: new Uint32Array(capacity),
    time: new Float64Array(capacity),
    id: new Float64Array(capacity),
    re: new Float64Array(capacity),
    term: new Uint32Array(capacity),
    commit: new Uint32Array(capacity),
    node: new Uint32Array(capacity),
    src: new Uint32Array(capacity),
    dst: new Uint32Array(capacity),
    op: new Uint8Array(capacity),
    dir: new Uint8Array(capacity),
    role: new Uint8Array(capacity),
    level: new Uint8Array(capacity),
    flags: new Uint8Array(capacity),
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
  const rows = chunk.starts.length;
  chunk.starts = widened(chunk.starts, new Uint32Array(chunk.starts.length * 2));
  chunk.time = widened(chunk.time, new Float64Array(chunk.time.length * 2));
  chunk.id = widened(chunk.id, new Float64Array(chunk.id.length * 2));
  chunk.re = widened(chunk.re, new Float64Array(chunk.re.length * 2));
  chunk.term = widened(chunk.term, new Uint32Array(chunk.term.length * 2));
  chunk.commit = widened(chunk.commit, new Uint32Array(chunk.commit.length * 2));
  chunk.node = widened(chunk.node, new Uint32Array(chunk.node.length * 2));
  chunk.src = widened(chunk.src, new Uint32Array(chunk.src.length * 2));
  chunk.dst = widened(chunk.dst, new Uint32Array(chunk.dst.length * 2));
  chunk.op = widened(chunk.op, new Uint8Array(chunk.op.length * 2));
  chunk.dir = widened(chunk.dir, new Uint8Array(chunk.dir.length * 2));
  chunk.role = widened(chunk.role, new Uint8Array(chunk.role.length * 2));
  chunk.level = widened(chunk.level, new Uint8Array(chunk.level.length * 2));
  chunk.flags = widened(chunk.flags, new Uint8Array(chunk.flags.length * 2));
  clearRows(chunk, rows);
}

function widened<T extends Uint8Array | Uint32Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** The buffers of a chunk, to be moved to another thread. */
export function buffersOf(chunk: Chunk): ArrayBuffer[] {
  const { starts, time, id, re, term, commit, node, src, dst, op, dir, role, level, flags } = chunk;
  const buffers = [starts, time, id, re, term, commit, node, src, dst, op, dir, role, level, flags].map((array) => array.buffer);
  return buffers.filter((buffer) => buffer instanceof ArrayBuffer);
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
