import { PAGE_ROWS } from './layout.ts';
import { sharedArray, widened } from './shared-array.ts';
import { type TimeCells, Times } from './times.ts';

/** Names are few in most logs: two bytes hold them until a log proves otherwise. */
export type NameColumn = Uint16Array | Uint32Array;
/** Message ids fit in four bytes until one does not. */
export type IdColumn = Uint32Array | Float64Array;

export type Column = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;

/** The columns of a page, as they are and as they come to another thread. */
export interface PageColumns {
  readonly time: { readonly cells: TimeCells; readonly baseUs: number };
  readonly term: Uint32Array;
  readonly commit: Uint32Array;
  /** The row of the other end of the message, or -1. */
  readonly partner: Int32Array;
  readonly op: Uint8Array;
  readonly dir: Uint8Array;
  readonly role: Uint8Array;
  readonly level: Uint8Array;
  readonly flags: Uint8Array;
  readonly node: NameColumn;
  readonly src: NameColumn;
  readonly dst: NameColumn;
  /** 0 is "no id". */
  readonly id: IdColumn;
  /** The file, and the row within it; null while row r of the log is row r of the first file. */
  readonly file: Uint16Array | null;
  readonly fileRow: Uint32Array | null;
}

/** 65,536 rows of every column, in memory that threads share. Rows from `count` on are not written yet. */
export class Page implements PageColumns {
  /** The row that stands at 0. */
  readonly start: number;
  count: number;
  readonly time: Times;
  readonly term: Uint32Array;
  readonly commit: Uint32Array;
  readonly partner: Int32Array;
  readonly op: Uint8Array;
  readonly dir: Uint8Array;
  readonly role: Uint8Array;
  readonly level: Uint8Array;
  readonly flags: Uint8Array;
  node: NameColumn;
  src: NameColumn;
  dst: NameColumn;
  id: IdColumn;
  file: Uint16Array | null;
  fileRow: Uint32Array | null;

  constructor(start: number, columns: PageColumns = emptyColumns(), count = 0) {
    this.start = start;
    this.count = count;
    this.time = new Times(columns.time.cells, columns.time.baseUs);
    this.term = columns.term;
    this.commit = columns.commit;
    this.partner = columns.partner;
    this.op = columns.op;
    this.dir = columns.dir;
    this.role = columns.role;
    this.level = columns.level;
    this.flags = columns.flags;
    this.node = columns.node;
    this.src = columns.src;
    this.dst = columns.dst;
    this.id = columns.id;
    this.file = columns.file;
    this.fileRow = columns.fileRow;
  }

  /** Milliseconds, corrected; NaN where the line has no time. */
  timeAt(i: number): number {
    return this.time.at(i);
  }

  widenNames(): void {
    if (this.node instanceof Uint32Array) return;
    this.node = widened(Uint32Array, this.node);
    this.src = widened(Uint32Array, this.src);
    this.dst = widened(Uint32Array, this.dst);
  }

  widenIds(): void {
    if (!(this.id instanceof Float64Array)) this.id = widened(Float64Array, this.id);
  }

  /** Makes the rows say which file they stand in. */
  addFiles(): void {
    if (this.file !== null) return;
    this.file = sharedArray(Uint16Array, PAGE_ROWS);
    this.fileRow = sharedArray(Uint32Array, PAGE_ROWS);
    for (let i = 0; i < this.count; i++) this.fileRow[i] = this.start + i;
  }
}

function emptyColumns(): PageColumns {
  return {
    time: new Times(),
    term: sharedArray(Uint32Array, PAGE_ROWS),
    commit: sharedArray(Uint32Array, PAGE_ROWS),
    partner: sharedArray(Int32Array, PAGE_ROWS),
    op: sharedArray(Uint8Array, PAGE_ROWS),
    dir: sharedArray(Uint8Array, PAGE_ROWS),
    role: sharedArray(Uint8Array, PAGE_ROWS),
    level: sharedArray(Uint8Array, PAGE_ROWS),
    flags: sharedArray(Uint8Array, PAGE_ROWS),
    node: sharedArray(Uint16Array, PAGE_ROWS),
    src: sharedArray(Uint16Array, PAGE_ROWS),
    dst: sharedArray(Uint16Array, PAGE_ROWS),
    id: sharedArray(Uint32Array, PAGE_ROWS),
    file: null,
    fileRow: null,
  };
}
