import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { App } from '../controllers/app.ts';
import { plural } from '../text/time.ts';

/** Writes the lines of the rows shown, as they stand in the log, to a new file; a file that is there is never overwritten. */
export async function writeExport(path: string, app: App): Promise<string> {
  const { store } = app.document;
  const { lines } = app.state;
  try {
    await pipeline(
      linesOf(lines.rows(), (row) => store.line(row)),
      createWriteStream(path, { flags: 'wx' }),
    );
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST')
      throw new Error(`${path} is there already: choose another name`, { cause: error });
    throw error;
  }
  return `${plural(lines.rowCount, 'line')} saved to ${path}`;
}

function* linesOf(rows: Iterable<number>, lineOf: (row: number) => string): Iterable<string> {
  for (const row of rows) yield `${lineOf(row)}\n`;
}
