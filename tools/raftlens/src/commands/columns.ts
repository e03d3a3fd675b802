import type { LogStore } from '@raftlens/log-store';
import type { Argv } from 'yargs';
import { numberOfRow } from '../model/row-number.ts';
import type { Line } from '../text/line.ts';
import { type ColumnsLayout, columnsLayout, type PrintedRow } from './columns-layout.ts';
import { gapLine, headerLine, rowLine } from './columns-printer.ts';
import { namedPaths, openAny, type ReadingFlags, readingOptions } from './input.ts';
import { outputTheme, outputWidth, printLines } from './output.ts';
import { columnPeers, placeOf, type RowConditions, rowsNear, selectionOptions, selectRows } from './select-rows.ts';

export interface ColumnsArguments extends ReadingFlags, RowConditions {
  readonly paths: readonly string[];
  readonly width?: number | undefined;
  readonly color?: boolean | undefined;
}

/** Rows that are measured to find the widths of the columns. */
const MEASURED_ROWS_MAX = 20_000;
const CONTEXT_ROWS = 12;

export function columnsCommand(cli: Argv): Argv {
  return cli.command(
    'columns [paths..]',
    'Print the log as text, a column a peer',
    (command) =>
      selectionOptions(readingOptions(command), CONTEXT_ROWS)
        .positional('paths', { describe: 'Runs or files (default: logs/latest)', type: 'string', array: true, default: [] as string[] })
        .option('width', { type: 'number', describe: 'Cells of a line; 0 cuts nothing (default: the terminal, or 100)' })
        .option('color', { type: 'boolean', describe: 'Colours, whatever the output is' })
        .example('raftlens columns logs/latest --ignore Persist,Apply', 'without the lines that say little')
        .example("raftlens columns run --filter 'term>=3 !heartbeat' | less -S", 'the filter language: docs/RAFTLENS.md')
        .example('raftlens columns logs/latest --around violation', 'the first wrong step and what proves it'),
    async (options) => {
      await printColumns(options);
    },
  );
}

export async function printColumns(options: ColumnsArguments): Promise<void> {
  const store = await openAny(namedPaths(options.paths), options);
  try {
    const selected = await selectRows(store, options);
    const place = options.around === undefined ? null : placeOf(store, options.around);
    const reach = Math.max(0, Math.trunc(options.context ?? CONTEXT_ROWS));
    const rows = place === null ? selected : rowsNear(selected, place, reach);
    const printed = (row: number) => printedRow(store, row, place?.evidence.has(row) === true);
    const layout = columnsLayout(columnPeers(store, options), rows.slice(0, MEASURED_ROWS_MAX).map(printed), outputWidth(options.width));
    await printLines(tableLines(rows, selected, layout, printed), outputTheme(options.color));
  } finally {
    store.close();
  }
}

function* tableLines(
  rows: readonly number[],
  all: readonly number[],
  layout: ColumnsLayout,
  printed: (row: number) => PrintedRow,
): Iterable<Line> {
  yield headerLine(layout);
  const place = rows.length === all.length ? null : new Map(all.map((row, at) => [row, at]));
  let before = -1;
  for (const row of rows) {
    const at = place?.get(row) ?? before + 1;
    if (at > before + 1) yield gapLine(at - before - 1, layout);
    before = at;
    yield rowLine(printed(row), layout);
  }
  if (before < all.length - 1) yield gapLine(all.length - 1 - before, layout);
}

function printedRow(store: LogStore, row: number, evidence: boolean): PrintedRow {
  const event = store.event(row);
  return { text: store.text(row), event, label: String(numberOfRow(store, row)), evidence };
}
