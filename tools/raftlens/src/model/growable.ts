/** A list of 32-bit unsigned numbers that grows at its end: 4 bytes a number where an array of JavaScript takes 8 or more. */
export class GrowableUint32 {
  #values: Uint32Array;
  #length = 0;

  constructor(capacity = 1024) {
    this.#values = new Uint32Array(Math.max(1, capacity));
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Uint32Array(this.#values.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length] = value;
    this.#length += 1;
  }

  /** The value at a position that must exist. */
  at(position: number): number {
    const value = position < this.#length ? this.#values[position] : undefined;
    if (value === undefined) throw new RangeError(`position ${position} of a list of ${this.#length}`);
    return value;
  }

  /** Forgets what stands at `length` and after. */
  truncate(length: number): void {
    this.#length = Math.min(this.#length, length);
  }

  /** The position of the last value at or below `value` in a list that rises, -1 where all are above. */
  lastAtOrBelow(value: number): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#values[middle] ?? 0) <= value) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
