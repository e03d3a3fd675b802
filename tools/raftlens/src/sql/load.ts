import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogStore } from '@raftlens/log-store';
import { written } from '../convert/convert.ts';
import { CSV_COLUMNS, csvWriter } from '../convert/csv.ts';
import type { DuckConnection } from './duckdb.ts';

/** What is not a text. */
const TYPES: Readonly<Record<string, string>> = {
  row: 'BIGINT',
  line: 'BIGINT',
  time: 'DOUBLE',
  seq: 'BIGINT',
  boot: 'BIGINT',
  id: 'BIGINT',
  re: 'BIGINT',
  term: 'BIGINT',
  commit: 'BIGINT',
  applied: 'BIGINT',
  last: 'BIGINT',
  lastTerm: 'BIGINT',
  own: 'JSON',
};

/** Puts every row of the log into the table `events`. It goes by way of a temporary CSV file, which DuckDB reads in parallel. */
export async function loadEvents(connection: DuckConnection, store: LogStore): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'raftlens-sql-'));
  try {
    const path = join(folder, 'events.csv');
    const fd = openSync(path, 'w');
    for (const piece of written(store, rowsOf(store), csvWriter())) writeFileSync(fd, piece);
    closeSync(fd);
    const columns = CSV_COLUMNS.map((name) => `'${name}': '${TYPES[name] ?? 'VARCHAR'}'`).join(', ');
    const options = `header = true, columns = {${columns}}, quote = '"', escape = '"', max_line_size = 33554432`;
    await connection.runAndReadAll(`CREATE TABLE events AS SELECT * FROM read_csv(${quoted(path)}, ${options})`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function* rowsOf(store: LogStore): Generator<number> {
  for (let row = 0; row < store.size; row++) yield row;
}

/** A text of SQL. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
