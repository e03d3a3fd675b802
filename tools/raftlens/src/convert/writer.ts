import type { Event } from '@raftlens/events';
import type { LogStore } from '@raftlens/log-store';

/** One row on its way into another format. */
export interface ConvertedRow {
  readonly row: number;
  /** A line of no format comes as a Note of the harness, so that nothing is lost. */
  readonly event: Event;
  readonly text: string;
}

/** Turns rows into text, in their order. */
export interface Writer {
  /** What stands before the first row. */
  begin(store: LogStore): string;
  row(row: ConvertedRow, store: LogStore): string;
  end(): string;
}

/** A format of lines: nothing before, nothing after. */
export function lineWriter(line: (row: ConvertedRow, store: LogStore) => string): Writer {
  return { begin: () => '', row: (row, store) => `${line(row, store)}\n`, end: () => '' };
}
