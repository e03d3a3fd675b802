import type { Dictionary } from './dictionary.ts';
import type { Page } from './page.ts';

/**
 * The typed columns of a log, in pages of 65,536 rows. `pages` is for tight loops; the accessors are for single rows and
 * allocate nothing. Names are numbers of the dictionary `names` (0 is "no name"), opcodes are positions in `OPCODE_NAMES`
 * plus 1, directions and roles positions in `DIRECTIONS` and `ROLES`.
 */
export interface Columns {
  readonly size: number;
  readonly pages: readonly Page[];
  readonly names: Dictionary;
  /** Milliseconds, corrected; NaN where the line has no time. */
  time(row: number): number;
  node(row: number): number;
  src(row: number): number;
  dst(row: number): number;
  op(row: number): number;
  dir(row: number): number;
  role(row: number): number;
  level(row: number): number;
  flags(row: number): number;
  term(row: number): number;
  commit(row: number): number;
  id(row: number): number;
}
