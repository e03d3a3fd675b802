import type { Event } from '@raftlens/events';
import { codeOfDirection, codeOfOpcode, codeOfRole, DIRECTIONS, flagsOf, OPCODE_CODES, ROLES } from './codes.ts';
import { ABSENT, LARGEST } from './layout.ts';

export type ColumnCells = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;
/** Of any of them. */
export interface CellsClass {
  new (memory: SharedArrayBuffer, offset?: number, length?: number): ColumnCells;
  readonly BYTES_PER_ELEMENT: number;
  readonly prototype: ColumnCells;
}

interface Width {
  readonly cells: CellsClass;
  /** What a page changes to with the first value that does not fit, and what a scanner uses. */
  readonly wide?: CellsClass;
}

/** Where a native line in the canonical order has the value: the scanner reads it at its place, or as a number of the state behind `commit`. */
export type PlaceInLine = 'head' | 'applied' | 'last' | 'lastTerm';

/** A column that a line tells. */
interface Scanned extends Width {
  readonly empty: number;
  readonly bytes: PlaceInLine;
}

export type ColumnSpec =
  /** Milliseconds; a page has cells of its own for them (times.ts). */
  | (Scanned & { readonly kind: 'time'; readonly of: (event: Event) => number })
  /** A number, at most `largest`; `empty` is "none". */
  | (Scanned & { readonly kind: 'number'; readonly largest: number; readonly of: (event: Event, level: number) => number | undefined })
  /** A name: its number in the dictionary of the log, in a chunk that of its scanner. 0 is "no name". */
  | (Scanned & { readonly kind: 'name'; readonly of: (event: Event) => string })
  /** One of a closed list of values, by its position; 0 is "none". */
  | (Scanned & { readonly kind: 'code'; readonly values: readonly (string | null)[]; readonly of: (event: Event) => number })
  | (Scanned & { readonly kind: 'flags'; readonly of: (event: Event) => number })
  /** Another row, which in most cases points back; -1 is "none". */
  | (Width & { readonly kind: 'link'; readonly empty: -1 })
  /** Where the row stands in the files. Pages have it only where row r of the log is not row r of the first file. */
  | (Width & { readonly kind: 'place'; readonly empty: 0 });

const LINK = { kind: 'link', cells: Int32Array, empty: -1 } as const;

function count<Bytes extends PlaceInLine>(bytes: Bytes, of: (event: Event) => number | undefined) {
  return { kind: 'number', cells: Uint32Array, empty: ABSENT, largest: LARGEST, bytes, of } as const;
}

/** Names are few in most logs: two bytes hold them until a log proves otherwise. */
function name(of: (event: Event) => string) {
  return { kind: 'name', cells: Uint16Array, wide: Uint32Array, empty: 0, bytes: 'head', of } as const;
}

function code(values: readonly (string | null)[], of: (event: Event) => number) {
  return { kind: 'code', cells: Uint8Array, empty: 0, bytes: 'head', values, of } as const;
}

/**
 * All that is kept of a row. The page, chunks, clearing, reordering, the kept index, the memory that threads share and the filter follow
 * from this table: a new column is a line here, and a line at each place that the compiler then names.
 */
export const COLUMNS = {
  time: { kind: 'time', cells: Uint32Array, wide: Float64Array, empty: Number.NaN, bytes: 'head', of: (event) => event.time },
  term: count('head', (event) => event.term),
  commit: count('head', (event) => event.commit),
  level: { kind: 'number', cells: Uint8Array, empty: 0, largest: 255, bytes: 'head', of: (_, level) => level },
  // Message ids fit in four bytes until one does not.
  id: {
    kind: 'number',
    cells: Uint32Array,
    wide: Float64Array,
    empty: 0,
    largest: Number.POSITIVE_INFINITY,
    bytes: 'head',
    of: (event) => event.id,
  },
  node: name((event) => event.node),
  src: name((event) => event.src),
  dst: name((event) => event.dst),
  op: code(OPCODE_CODES, (event) => codeOfOpcode(event.op)),
  dir: code(DIRECTIONS, (event) => codeOfDirection(event.dir ?? '')),
  role: code(ROLES, (event) => codeOfRole(event.role ?? '')),
  flags: { kind: 'flags', cells: Uint8Array, empty: 0, bytes: 'head', of: flagsOf },
  /** The receive (or drop) of a send; the send of a receive. */
  partner: LINK,
  /** Of a request, its send or else its first receive: the send of its reply. Of a reply, sent or received: that row of its request. */
  answer: LINK,
  file: { kind: 'place', cells: Uint16Array, empty: 0 },
  fileRow: { kind: 'place', cells: Uint32Array, empty: 0 },
} as const satisfies Readonly<Record<string, ColumnSpec>>;

type ColumnTable = typeof COLUMNS;
export type ColumnName = keyof ColumnTable;
/** The columns of a kind. */
export type ColumnOf<Kind extends ColumnSpec['kind']> = { [N in ColumnName]: ColumnTable[N]['kind'] extends Kind ? N : never }[ColumnName];
/** The columns that a line tells. */
export type ScannedName = ColumnOf<'time' | 'number' | 'name' | 'code' | 'flags'>;
/** The columns that a page always has, cell by cell. */
export type PlainName = Exclude<ColumnName, 'time' | ColumnOf<'place'>>;

type WideOf<N extends ColumnName> = ColumnTable[N] extends { readonly wide: infer Wide extends CellsClass }
  ? Wide['prototype']
  : NarrowOf<N>;
type NarrowOf<N extends ColumnName> = ColumnTable[N]['cells']['prototype'];
/** What a page has of a column. */
export type CellsOf<N extends ColumnName> = NarrowOf<N> | WideOf<N>;
/** What a chunk has of a column. */
export type ScannedCells<N extends ScannedName> = WideOf<N>;

// The compiler knows the keys of the table; Object.keys does not say so.
export const COLUMN_NAMES = Object.keys(COLUMNS) as readonly ColumnName[];

export function columnsOfKind<Kind extends ColumnSpec['kind']>(...kinds: readonly Kind[]): readonly ColumnOf<Kind>[] {
  const all: readonly string[] = kinds;
  return COLUMN_NAMES.filter((name): name is ColumnOf<Kind> => all.includes(COLUMNS[name].kind));
}

export const SCANNED_NAMES: readonly ScannedName[] = columnsOfKind('time', 'number', 'name', 'code', 'flags');
export const PLAIN_NAMES: readonly PlainName[] = columnsOfKind('number', 'name', 'code', 'flags', 'link');

export function specOfColumn(name: string): ColumnSpec | undefined {
  return Object.hasOwn(COLUMNS, name) ? COLUMNS[name as ColumnName] : undefined;
}

/** What the cells of a chunk are made by. */
export function wideClassOf(name: ColumnName): CellsClass {
  const { cells, wide }: ColumnSpec = COLUMNS[name];
  return wide ?? cells;
}
