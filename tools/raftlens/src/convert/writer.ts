import type { Event } from '@raftlens/events';
import type { LogStore } from '@raftlens/log-store';

/** One row on its way into another format. */
export interface ConvertedRow {
  readonly row: number;
  /** A line of no format comes as a Note of the harness: nothing is lost. */
  readonly event: Event;
  readonly text: string;
  /** The row of the other end of its message, where that is written too and knows of no other; -1 otherwise. */
  readonly partner: number;
}

/** The row cannot stand in the format: the message says why. It is left out, and the others are written. */
export class UnwritableRowError extends Error {
  override readonly name = 'UnwritableRowError';
  readonly code = 'UNWRITABLE_ROW';
}

/** The times that a Date holds (ECMA-262, 21.4.1.1). */
const DATE_MS_MAX = 8.64e15;

export function isDateTime(timeMs: number): boolean {
  return Math.abs(timeMs) <= DATE_MS_MAX;
}

/** The time as it is. @throws UnwritableRowError where it is no time that a date has */
export function dateTime(timeMs: number): number {
  if (!isDateTime(timeMs)) throw new UnwritableRowError(`its time is ${timeMs} ms, which is no date`);
  return timeMs;
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
