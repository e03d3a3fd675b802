import type { Dictionary } from './dictionary.ts';
import type { Page } from './page.ts';
import type { ColumnName } from './schema.ts';

/** Of each column, its value in a row. Nothing is allocated. */
export type ColumnReaders = { [N in ColumnName]: (row: number) => number };

/**
 * The typed columns of a log (schema.ts), in pages of 65,536 rows. `pages` is for tight loops; the readers are for single rows. Times are
 * milliseconds, corrected, NaN where the line has none. Names are numbers of the dictionary `names` (0 is "no name"), opcodes are positions
 * in `OPCODE_NAMES` plus 1, directions and roles positions in `DIRECTIONS` and `ROLES`.
 */
export interface Columns extends ColumnReaders {
  readonly size: number;
  readonly pages: readonly Page[];
  readonly names: Dictionary;
}
