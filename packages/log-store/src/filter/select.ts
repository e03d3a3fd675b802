import { CancelledError } from '../error.ts';
import { yieldToOthers } from '../io/host.ts';
import type { FilterOptions } from '../log-store.ts';
import { Filter, type FilterTarget, RowList } from './filter.ts';

/** Rows between two chances to cancel: few where lines have to be read. */
const CHEAP_ROWS = 1 << 20;
const DEAR_ROWS = 1 << 12;

/** Applies an expression to the rows of a log in slices, so that the count is live and the user can cancel. */
export async function selectRows(target: FilterTarget, expression: string, options: FilterOptions): Promise<Uint32Array> {
  const selection = new Filter(expression).on(target);
  const step = selection.isCheap ? CHEAP_ROWS : DEAR_ROWS;
  const fromRow = options.fromRow ?? 0;
  const toRow = Math.min(options.toRow ?? target.size, target.size);
  const list = new RowList();
  for (let row = fromRow; row < toRow; row += step) {
    if (options.signal?.aborted === true) throw new CancelledError();
    const end = Math.min(row + step, toRow);
    list.add(selection.select(row, end));
    options.onProgress?.(list.count, end - fromRow);
    if (end < toRow) await yieldToOthers();
  }
  return list.rows();
}
