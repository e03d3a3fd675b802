/** Values that are summed up by their percentiles. */
export class Sample {
  #values = new Float64Array(256);
  #count = 0;
  #isSorted = false;

  get count(): number {
    return this.#count;
  }

  add(value: number): void {
    if (this.#count === this.#values.length) {
      const values = new Float64Array(this.#count * 2);
      values.set(this.#values);
      this.#values = values;
    }
    this.#values[this.#count++] = value;
    this.#isSorted = false;
  }

  /** The smallest value that at least this share of the values does not exceed (the nearest rank). NaN for no values. */
  percentile(share: number): number {
    if (!this.#isSorted) this.#values.subarray(0, this.#count).sort();
    this.#isSorted = true;
    const rank = Math.max(1, Math.ceil(share * this.#count));
    return this.#count === 0 ? Number.NaN : (this.#values[rank - 1] ?? Number.NaN);
  }

  summary(): Summary {
    return {
      count: this.#count,
      p50: this.percentile(0.5),
      p90: this.percentile(0.9),
      p99: this.percentile(0.99),
      max: this.percentile(1),
    };
  }
}

/** In milliseconds where the values are times. */
export interface Summary {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}
