import { PAGE_ROWS } from './layout.ts';

/** Names are few in most logs: two bytes hold them until a log proves otherwise. */
export type NameColumn = Uint16Array | Uint32Array;
/** Message ids fit in four bytes until one does not. */
export type IdColumn = Uint32Array | Float64Array;

/** 65,536 rows of every column. Rows from `count` on are not written yet. */
export class Page {
  /** The row that stands at 0. */
  readonly start: number;
  count = 0;
  readonly time = new Float64Array(PAGE_ROWS);
  readonly term = new Uint32Array(PAGE_ROWS);
  readonly commit = new Uint32Array(PAGE_ROWS);
  /** The row of the other end of the message, or -1. */
  readonly partner = new Int32Array(PAGE_ROWS).fill(-1);
  readonly op = new Uint8Array(PAGE_ROWS);
  readonly dir = new Uint8Array(PAGE_ROWS);
  readonly role = new Uint8Array(PAGE_ROWS);
  readonly level = new Uint8Array(PAGE_ROWS);
  readonly flags = new Uint8Array(PAGE_ROWS);
  node: NameColumn = new Uint16Array(PAGE_ROWS);
  src: NameColumn = new Uint16Array(PAGE_ROWS);
  dst: NameColumn = new Uint16Array(PAGE_ROWS);
  /** 0 is "no id". */
  id: IdColumn = new Uint32Array(PAGE_ROWS);
  /** Where rows of several files are merged: the file, and the row within it. */
  file: Uint16Array | null = null;
  fileRow: Uint32Array | null = null;

  constructor(start: number) {
    this.start = start;
  }

  widenNames(): void {
    if (this.node instanceof Uint32Array) return;
    this.node = Uint32Array.from(this.node);
    this.src = Uint32Array.from(this.src);
    this.dst = Uint32Array.from(this.dst);
  }

  widenIds(): void {
    if (!(this.id instanceof Float64Array)) this.id = Float64Array.from(this.id);
  }
}
