import { PAGE_ROWS } from './layout.ts';
import { sharedArray } from './shared-array.ts';

const US_PER_MS = 1000;
/** What four bytes can count; a quarter of it stands before the first time of a page, for clocks that are set back. */
const STEPS = 2 ** 32;
const STEPS_BEFORE = 2 ** 30;

export type TimeCells = Uint32Array | Float64Array;

/**
 * The times of a page in milliseconds. Whole microseconds within 53 minutes of the first, as those of most pages are, cost four
 * bytes each, any others eight; either way a time comes out as it went in, to the bit.
 */
export class Times {
  cells: TimeCells;
  /** What four-byte cells count from, in microseconds. */
  baseUs: number;

  constructor(cells: TimeCells = sharedArray(Uint32Array, PAGE_ROWS), baseUs = 0) {
    this.cells = cells;
    this.baseUs = baseUs;
  }

  at(i: number): number {
    const cell = this.cells[i] ?? Number.NaN;
    return this.cells instanceof Float64Array ? cell : (this.baseUs + cell) / US_PER_MS;
  }

  /** Sets the time at `i`. Times are set from the first on, which decides from where the others are counted. */
  set(i: number, timeMs: number): void {
    if (this.cells instanceof Uint32Array) {
      const us = Math.round(timeMs * US_PER_MS);
      if (i === 0) this.baseUs = us - STEPS_BEFORE;
      const steps = us - this.baseUs;
      if (steps >= 0 && steps < STEPS && us / US_PER_MS === timeMs) {
        this.cells[i] = steps;
        return;
      }
      this.#widen();
    }
    this.cells[i] = timeMs;
  }

  #widen(): void {
    const wide = sharedArray(Float64Array, this.cells.length);
    for (let i = 0; i < wide.length; i++) wide[i] = this.at(i);
    this.cells = wide;
  }
}
