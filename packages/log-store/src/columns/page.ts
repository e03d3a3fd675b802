import { PAGE_ROWS } from './layout.ts';
import { type CellsClass, type CellsOf, COLUMNS, type ColumnCells, type ColumnOf, type PlainName, wideClassOf } from './schema.ts';
import { sharedArray, widened } from './shared-array.ts';
import { type TimeCells, Times } from './times.ts';

/** The columns of a page, as they are and as they come to another thread. */
export type PageColumns = { readonly time: { readonly cells: TimeCells; readonly baseUs: number } } & {
  [N in PlainName]: CellsOf<N>;
} & {
  [N in ColumnOf<'place'>]: CellsOf<N> | null;
};

/** 65,536 rows of every column, in memory that threads share. Rows from `count` on are not written yet. */
export interface Page extends PageColumns {
  /** The row that stands at 0. */
  readonly start: number;
  count: number;
  readonly time: Times;
}

/** An empty page. Written out, because objects are the quickest when all of them are made by the same literal. */
export function newPage(start: number): Page {
  return {
    start,
    count: 0,
    time: new Times(),
    term: cellsFor('term'),
    commit: cellsFor('commit'),
    level: cellsFor('level'),
    id: cellsFor('id'),
    node: cellsFor('node'),
    src: cellsFor('src'),
    dst: cellsFor('dst'),
    op: cellsFor('op'),
    dir: cellsFor('dir'),
    role: cellsFor('role'),
    flags: cellsFor('flags'),
    partner: cellsFor('partner'),
    answer: cellsFor('answer'),
    file: null,
    fileRow: null,
  };
}

/** A page of another thread. */
export function pageOver({ time, ...columns }: PageColumns & { readonly start: number; readonly count: number }): Page {
  return { ...columns, time: new Times(time.cells, time.baseUs) };
}

/** The cells of a page, for code that treats columns alike. */
export type AnyCells = { [N in PlainName]: ColumnCells };

function cellsFor<N extends PlainName>(name: N): CellsOf<N> {
  const View: CellsClass = COLUMNS[name].cells;
  // The type of the cells is taken from the class that the table names.
  return sharedArray(View, PAGE_ROWS) as CellsOf<N>;
}

/** Makes the cells of a column as wide as they get. */
export function widen(page: AnyCells, name: PlainName): void {
  const wide = wideClassOf(name);
  if (!(page[name] instanceof wide)) page[name] = widened(wide, page[name]);
}

/** Makes the rows say which file they stand in. */
export function addFiles(page: Page): void {
  if (page.file !== null) return;
  page.file = sharedArray(Uint16Array, PAGE_ROWS);
  const rows = sharedArray(Uint32Array, PAGE_ROWS);
  for (let i = 0; i < page.count; i++) rows[i] = page.start + i;
  page.fileRow = rows;
}
