import { type CellsClass, COLUMNS, type ColumnCells, SCANNED_NAMES, type ScannedCells, type ScannedName, wideClassOf } from './schema.ts';

/**
 * The columns of the rows that one chunk of a file holds, as a scanner gives them: names are numbers of the scanner's own (0 is
 * "no name"), starts are bytes from the chunk's first byte.
 */
export type Chunk = { [N in ScannedName]: ScannedCells<N> } & {
  /** Where the columns stand. */
  memory: SharedArrayBuffer;
  rows: number;
  /** Bytes of the chunk that the rows cover; the rest is the start of a row that the chunk cuts. */
  bytesUsed: number;
  starts: Uint32Array;
  /** The id of the request that a reply answers; 0 is none. It becomes the column `answer`. */
  re: Float64Array;
  /** The columns that the log keeps, in the order of SCANNED_NAMES. */
  columns: readonly ColumnCells[];
  /** The names that the scanner has met since its last chunk: they continue its numbers. */
  newNames: string[];
  /** For rows of formats whose messages carry no id: what a send and its receive have in common. */
  keys: (string | undefined)[] | null;
  /** For rows with a vector clock: the clock, as JSON. */
  clocks: (string | undefined)[] | null;
};

/** What a chunk has: the columns, where rows start, and what is kept of no row. The widest first: a view must start at a multiple of its width. */
const LAYOUT: readonly { readonly name: string; readonly cells: CellsClass }[] = [
  { name: 're', cells: Float64Array },
  { name: 'starts', cells: Uint32Array },
  ...SCANNED_NAMES.map((name) => ({ name, cells: wideClassOf(name) })),
].sort((a, b) => b.cells.BYTES_PER_ELEMENT - a.cells.BYTES_PER_ELEMENT);
const BYTES_A_ROW = LAYOUT.reduce((sum, { cells }) => sum + cells.BYTES_PER_ELEMENT, 0);
const EMPTY_VALUES = SCANNED_NAMES.map((name) => COLUMNS[name].empty);

/** All columns stand in one block of shared memory, so that another thread can have the rows without copying or handing over. */
export function newChunk(capacity: number): Chunk {
  const chunk = chunkOver(new SharedArrayBuffer(Math.ceil(capacity / 8) * 8 * BYTES_A_ROW));
  clearRows(chunk, chunk.starts.length);
  return chunk;
}

/** The chunk whose columns stand in this memory, as it is. Written out, because objects are the quickest when one literal makes all of them. */
export function chunkOver(memory: SharedArrayBuffer): Chunk {
  const views = viewsOf(memory);
  const cells = <N extends ScannedName>(name: N) => views.get(name) as ScannedCells<N>;
  return {
    memory,
    rows: 0,
    bytesUsed: 0,
    starts: views.get('starts') as Uint32Array,
    re: views.get('re') as Float64Array,
    time: cells('time'),
    term: cells('term'),
    commit: cells('commit'),
    level: cells('level'),
    id: cells('id'),
    node: cells('node'),
    src: cells('src'),
    dst: cells('dst'),
    op: cells('op'),
    dir: cells('dir'),
    role: cells('role'),
    flags: cells('flags'),
    columns: SCANNED_NAMES.map((name) => cells(name)),
    newNames: [],
    keys: null,
    clocks: null,
  };
}

function viewsOf(memory: SharedArrayBuffer): ReadonlyMap<string, ColumnCells> {
  const rows = memory.byteLength / BYTES_A_ROW;
  const views = new Map<string, ColumnCells>();
  let at = 0;
  for (const { name, cells: View } of LAYOUT) {
    views.set(name, new View(memory, at, rows));
    at += rows * View.BYTES_PER_ELEMENT;
  }
  return views;
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
  chunk.re.fill(0, 0, count);
  chunk.columns.forEach((column, i) => column.fill(EMPTY_VALUES[i] ?? 0, 0, count));
}

/** Makes room for twice as many rows. */
export function growChunk(chunk: Chunk): void {
  const { rows, bytesUsed, newNames, keys, clocks } = chunk;
  const larger = newChunk(chunk.starts.length * 2);
  larger.starts.set(chunk.starts);
  larger.re.set(chunk.re);
  larger.columns.forEach((column, i) => column.set(chunk.columns[i] ?? []));
  Object.assign(chunk, larger, { rows, bytesUsed, newNames, keys, clocks });
}

/** Empties a row that a scanner has filled in part. */
export function clearRow(chunk: Chunk, row: number): void {
  chunk.re[row] = 0;
  const { columns } = chunk;
  for (let i = 0; i < columns.length; i++) {
    const column = columns[i];
    if (column !== undefined) column[row] = EMPTY_VALUES[i] ?? 0;
  }
}
