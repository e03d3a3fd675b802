/** How much larger than the number of rows an id may be and still stand in the array. */
const SPARSENESS_MAX = 4;
const INITIAL = 1 << 16;

/**
 * The row of each message id. Ids that count up from 1, as those of most logs do, cost four bytes each; any others stand in
 * a map.
 */
export class IdRows {
  #rows = new Int32Array(INITIAL);
  readonly #sparse = new Map<number, number>();
  #count = 0;

  /** The row of the id, or -1. */
  get(id: number): number {
    if (id < this.#rows.length) return (this.#rows[id] ?? 0) - 1;
    return this.#sparse.get(id) ?? -1;
  }

  set(id: number, row: number): void {
    this.#count++;
    if (id >= this.#rows.length && id < INITIAL + this.#count * SPARSENESS_MAX) this.#growTo(id);
    if (id < this.#rows.length) this.#rows[id] = row + 1;
    else this.#sparse.set(id, row);
  }

  clear(): void {
    this.#rows.fill(0);
    this.#sparse.clear();
    this.#count = 0;
  }

  #growTo(id: number): void {
    const rows = new Int32Array(Math.max(id + 1, Math.ceil(this.#rows.length * 1.5)));
    rows.set(this.#rows);
    this.#rows = rows;
    for (const [sparse, row] of this.#sparse) {
      if (sparse >= rows.length) continue;
      rows[sparse] = row + 1;
      this.#sparse.delete(sparse);
    }
  }
}
