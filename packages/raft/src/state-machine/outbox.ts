/**
 * Output events until they are taken. The room is used again, so that a step allocates no more than what it gives out; what was taken
 * belongs to the taker.
 */
export class Outbox<Item> {
  readonly #items: Item[] = [];
  #count = 0;

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  push(item: Item): void {
    this.#items[this.#count++] = item;
  }

  /** Moves all to the end of another. */
  moveTo(other: { push(item: Item): void }): void {
    for (let position = 0; position < this.#count; position++) {
      const item = this.#items[position];
      if (item !== undefined) other.push(item);
    }
    this.#count = 0;
  }

  take(): Item[] {
    const taken = this.#items.slice(0, this.#count);
    this.#count = 0;
    return taken;
  }
}
