/**
 * A map from log indices to values. Log indices are nearly contiguous, so the values stand in an array from the lowest index
 * on; a far-off index, which only a damaged or hostile log has, goes to a hash map in place of a giant array.
 */
const GAP_MAX = 1024;

export class IndexMap<T> {
  readonly #near: (T | null)[] = [];
  /** The index of the first slot of `near`; -1 while nothing is stored. */
  #first = -1;
  readonly #far = new Map<number, T>();

  get(index: number): T | null {
    const slot = index - this.#first;
    if (slot >= 0 && slot < this.#near.length) return this.#near[slot] ?? null;
    return this.#far.size === 0 ? null : (this.#far.get(index) ?? null);
  }

  set(index: number, value: T): void {
    if (this.#first < 0) this.#first = index;
    const slot = index - this.#first;
    if (slot < 0 || slot > this.#near.length + GAP_MAX) {
      this.#far.set(index, value);
      return;
    }
    while (this.#near.length < slot) this.#near.push(this.#far.get(this.#first + this.#near.length) ?? null);
    if (slot === this.#near.length) this.#near.push(value);
    else this.#near[slot] = value;
  }

  /** Forgets all indices below `index`. Costs nothing until the half of the array can go. */
  forgetBelow(index: number): void {
    const slots = index - this.#first;
    if (this.#first < 0 || slots < 256 || slots * 2 < this.#near.length) return;
    const gone = Math.min(slots, this.#near.length);
    this.#near.splice(0, gone);
    this.#first += gone;
    for (const far of this.#far.keys()) if (far < index) this.#far.delete(far);
  }
}
