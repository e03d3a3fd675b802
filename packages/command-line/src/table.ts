import { printable } from './printable.ts';
import { displayWidth, fitWidth, truncate } from './width.ts';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

export interface TableOptions {
  /** Cells of the terminal; the widest columns are cut until the table fits. Unbounded when absent. */
  readonly width?: number;
}

const GAP = '  ';
const COLUMN_MIN = 4;

/** A plain table: titles, then rows of one line, columns separated by two spaces. Cells may hold any text. No newline at the end. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[], options: TableOptions = {}): string {
  const lines = [columns.map((column) => column.title), ...rows].map((row) => columns.map((_, i) => printable(row[i] ?? '')));
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => displayWidth(line[i] ?? ''))));
  if (options.width !== undefined) shrink(widths, options.width - GAP.length * (columns.length - 1));
  return lines.map((line) => row(line, columns, widths)).join('\n');
}

function row(cells: readonly string[], columns: readonly Column[], widths: readonly number[]): string {
  return columns
    .map(({ align = 'left' }, i) => {
      const width = widths[i] ?? 0;
      // No spaces at the end of a line: they wrap on narrow terminals.
      const isLast = i === columns.length - 1 && align === 'left';
      return isLast ? truncate(cells[i] ?? '', width) : fitWidth(cells[i] ?? '', width, align);
    })
    .join(GAP);
}

/** Narrows the widest column, one cell at a time, until the sum fits or no column can be narrowed. */
function shrink(widths: number[], wanted: number): void {
  for (let sum = widths.reduce((a, b) => a + b, 0); sum > wanted; sum -= 1) {
    const widest = widths.indexOf(Math.max(...widths));
    const width = widths[widest] ?? 0;
    if (width <= COLUMN_MIN) return;
    widths[widest] = width - 1;
  }
}
