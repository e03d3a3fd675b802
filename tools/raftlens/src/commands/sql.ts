import { table, UserError } from '@raftlens/command-line';
import type { Argv } from 'yargs';
import { connectDuck, type DuckResult } from '../sql/duckdb.ts';
import { loadEvents, quoted } from '../sql/load.ts';
import { markedPath, openWhole, type ReadingFlags, readingOptions } from './input.ts';
import { printJson, printText } from './output.ts';

interface SqlArguments extends ReadingFlags {
  readonly path: string;
  readonly query: string;
  readonly json: boolean;
  readonly parquet: string | undefined;
}

export function sqlCommand(cli: Argv): Argv {
  return cli.command(
    'sql <path> <query>',
    'Ask the log in SQL (DuckDB): the table is events',
    (command) =>
      readingOptions(command)
        .positional('path', { describe: 'A run or a file', type: 'string', demandOption: true })
        .positional('query', {
          describe: 'A query over the table events; own fields of an opcode are in own, as JSON',
          type: 'string',
          demandOption: true,
        })
        .option('json', { type: 'boolean', default: false, describe: 'One JSON object a row' })
        .option('parquet', { type: 'string', describe: 'Write the result to this Parquet file' })
        .example("raftlens sql logs/latest 'select term, count(*) from events group by term order by term'", 'events by term')
        .example('raftlens sql run "select node, max(commit) from events group by node"', 'how far each server got')
        .example("raftlens sql run 'from events' --parquet events.parquet", 'everything, for other tools'),
    async (options) => {
      await runSql(options);
    },
  );
}

async function runSql({ path, query, json, parquet, ...reading }: SqlArguments): Promise<void> {
  const connection = await connectDuck();
  const store = await openWhole([markedPath(path)], reading);
  try {
    await loadEvents(connection, store);
    const statement = query.trim().replace(/;$/, '');
    if (parquet !== undefined) {
      await ask(connection.runAndReadAll(`COPY (${statement}) TO ${quoted(parquet)} (FORMAT parquet)`));
      return;
    }
    const result = await ask(connection.runAndReadAll(statement));
    if (json) await printJson(jsonLines(result));
    else await printText(textTable(result));
  } finally {
    store.close();
    connection.closeSync();
  }
}

/** DuckDB's own message is the best there is: it points into the query. */
async function ask(answer: Promise<DuckResult>): Promise<DuckResult> {
  try {
    return await answer;
  } catch (error) {
    throw new UserError('BAD_SQL', error instanceof Error ? error.message : String(error));
  }
}

function jsonLines(result: DuckResult): string {
  const names = result.columnNames();
  return result
    .getRowsJS()
    .map((row) => `${JSON.stringify(Object.fromEntries(names.map((name, i) => [name, row[i] ?? null])), asJson)}\n`)
    .join('');
}

function textTable(result: DuckResult): string {
  const rows = result.getRowsJS();
  const columns = result
    .columnNames()
    .map((title, i) => ({ title, align: rows.every((row) => isNumber(row[i])) ? 'right' : 'left' }) as const);
  const cells = rows.map((row) => row.map(cellOf));
  return `${table(columns, cells)}\n`;
}

function isNumber(value: unknown): boolean {
  return value === null || typeof value === 'number' || typeof value === 'bigint';
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : typeof value === 'bigint' ? value.toString() : JSON.stringify(value, asJson);
}

/** Integers that a number holds are numbers, greater ones texts. */
function asJson(_: string, value: unknown): unknown {
  if (typeof value !== 'bigint') return value;
  return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
}
