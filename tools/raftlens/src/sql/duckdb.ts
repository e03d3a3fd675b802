import { UserError } from '@raftlens/command-line';

/** The part of @duckdb/node-api that is used here. The package is optional, so its own types may not be there. */
export interface DuckConnection {
  runAndReadAll(sql: string): Promise<DuckResult>;
  closeSync(): void;
}

export interface DuckResult {
  columnNames(): string[];
  /** Values as JavaScript has them; BIGINT and HUGEINT as bigint. */
  getRowsJS(): readonly (readonly unknown[])[];
}

const PACKAGE = '@duckdb/node-api';

/** A connection to a database in memory. @throws UserError where DuckDB is not installed */
export async function connectDuck(): Promise<DuckConnection> {
  const api: unknown = await import(PACKAGE).catch(() => undefined);
  if (!isApi(api)) {
    throw new UserError('NO_DUCKDB', `raftlens sql needs DuckDB, which is not installed here: npm install -g ${PACKAGE}`);
  }
  const instance = await api.DuckDBInstance.create(':memory:');
  return instance.connect();
}

interface DuckApi {
  readonly DuckDBInstance: { create(path: string): Promise<{ connect(): Promise<DuckConnection> }> };
}

function isApi(api: unknown): api is DuckApi {
  return typeof api === 'object' && api !== null && 'DuckDBInstance' in api;
}
