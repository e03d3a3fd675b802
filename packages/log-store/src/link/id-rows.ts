/** How much larger than the number of rows an id may be and still stand in the pages. */
const SPARSENESS_MAX = 4;
const INITIAL = 1 << 16;
const PAGE_BITS = 16;
const PAGE_IDS = 1 << PAGE_BITS;

/**
 * The row of each message id. Ids that count up from 1, as those of most logs do, cost four bytes each, in pages that are never
 * moved; any others stand in a map.
 */
export class IdRows {
  /** One more than the row, or 0. */
  #pages: Uint32Array[] = [];
  readonly #sparse = new Map<number, number>();
  #count = 0;

  /** The row of the id, or -1. */
  get(id: number): number {
    const page = id < this.#limit ? this.#pages[id >>> PAGE_BITS] : undefined;
    return page === undefined ? (this.#sparse.get(id) ?? -1) : (page[id & (PAGE_IDS - 1)] ?? 0) - 1;
  }

  set(id: number, row: number): void {
    this.#count++;
    if (id >= this.#limit && id < INITIAL + this.#count * SPARSENESS_MAX) this.#growTo(id);
    const page = id < this.#limit ? this.#pages[id >>> PAGE_BITS] : undefined;
    if (page === undefined) this.#sparse.set(id, row);
    else page[id & (PAGE_IDS - 1)] = row + 1;
  }

  clear(): void {
    this.#pages = [];
    this.#sparse.clear();
    this.#count = 0;
  }

  /** Ids below stand in the pages. */
  get #limit(): number {
    return this.#pages.length * PAGE_IDS;
  }

  #growTo(id: number): void {
    const before = this.#limit;
    while (this.#limit <= id) this.#pages.push(new Uint32Array(PAGE_IDS));
    const isFew = this.#sparse.size < this.#limit - before;
    for (const sparse of isFew ? [...this.#sparse.keys()] : idsFrom(before, this.#limit)) {
      const row = sparse < this.#limit ? this.#sparse.get(sparse) : undefined;
      const page = this.#pages[sparse >>> PAGE_BITS];
      if (row === undefined || page === undefined) continue;
      page[sparse & (PAGE_IDS - 1)] = row + 1;
      this.#sparse.delete(sparse);
    }
  }
}

function* idsFrom(from: number, to: number): Generator<number> {
  for (let id = from; id < to; id++) yield id;
}
