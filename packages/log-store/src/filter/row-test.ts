import type { Event } from '@raftlens/events';
import type { LinearPattern } from '@raftlens/patterns';
import type { Comparison, Operator } from './ast.ts';
import { fieldSpec, numberOf, valueOf } from './fields.ts';

/** What a filter reads of a row for which the columns are not enough. */
export interface RowReader {
  event(row: number): Event | null;
  line(row: number): string;
  text(row: number): string;
}

/** The tests that read lines. Rows without an event have only their line, as `line` and as `msg`. */
export class RowTest {
  readonly #reader: RowReader;

  constructor(reader: RowReader) {
    this.#reader = reader;
  }

  contains(row: number, text: string): boolean {
    return this.#reader.line(row).includes(text);
  }

  matches(row: number, field: string, pattern: LinearPattern): boolean {
    const value = this.#value(row, field);
    return value !== undefined && pattern.test(value);
  }

  compares(row: number, { field, operator, values }: Comparison): boolean {
    const value = this.#value(row, field);
    if (operator === '!=') return value === undefined || !values.some((wanted) => isEqual(field, value, wanted));
    if (value === undefined) return false;
    if (operator === '=') return values.some((wanted) => isEqual(field, value, wanted));
    return isOrdered(Number(value), operator, numberOf(field, values[0] ?? ''));
  }

  #value(row: number, field: string): string | undefined {
    if (field === 'line') return this.#reader.line(row);
    if (field === 'msg') return this.#reader.text(row);
    const event = this.#reader.event(row);
    return event === null ? undefined : valueOf(event, field);
  }
}

function isEqual(field: string, value: string, wanted: string): boolean {
  return fieldSpec(field)?.kind === 'number' ? Number(value) === numberOf(field, wanted) : value === wanted;
}

function isOrdered(value: number, operator: Operator, bound: number): boolean {
  switch (operator) {
    case '<':
      return value < bound;
    case '<=':
      return value <= bound;
    case '>':
      return value > bound;
    case '>=':
      return value >= bound;
    case '=':
      return value === bound;
    case '!=':
      return value !== bound;
  }
}
