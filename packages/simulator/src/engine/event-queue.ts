import { assert } from '../protocol/assert.ts';

/** Something that happens at a moment of virtual time. */
export interface Timed {
  fire(): void;
}

/**
 * What is going to happen, in the order of time; equal times in the order in which they were put in. A binary heap over flat
 * arrays: the keys stay out of the objects, and sifting reads no object.
 */
export class EventQueue {
  #times = new Float64Array(256);
  #orders = new Float64Array(256);
  readonly #items: (Timed | undefined)[] = [];
  #order = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The time of the next item, Infinity when there is none. */
  get nextAt(): number {
    return this.#size === 0 ? Number.POSITIVE_INFINITY : (this.#times[0] ?? Number.POSITIVE_INFINITY);
  }

  push(at: number, item: Timed): void {
    assert(at >= 0, 'what happens has a time');
    if (this.#size === this.#times.length) this.#grow();
    const times = this.#times;
    const orders = this.#orders;
    const items = this.#items;
    const order = this.#order;
    this.#order += 1;
    let hole = this.#size;
    this.#size += 1;
    // A new item has the greatest order of all: only its time decides how far it rises.
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      const parentAt = times[parent] ?? 0;
      if (parentAt <= at) break;
      times[hole] = parentAt;
      orders[hole] = orders[parent] ?? 0;
      items[hole] = items[parent];
      hole = parent;
    }
    times[hole] = at;
    orders[hole] = order;
    items[hole] = item;
  }

  /** Takes the next item out; undefined when there is none. Read `nextAt` before for its time. */
  pop(): Timed | undefined {
    if (this.#size === 0) return undefined;
    const items = this.#items;
    const first = items[0];
    this.#size -= 1;
    const size = this.#size;
    const last = items[size];
    items[size] = undefined;
    if (size > 0) this.#sink(this.#times[size] ?? 0, this.#orders[size] ?? 0, last);
    return first;
  }

  /** Puts the item into the hole at the root and lets it sink to its place. */
  #sink(at: number, order: number, item: Timed | undefined): void {
    const times = this.#times;
    const orders = this.#orders;
    const items = this.#items;
    const size = this.#size;
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= size) break;
      let childAt = times[child] ?? 0;
      let childOrder = orders[child] ?? 0;
      const right = child + 1;
      if (right < size) {
        const rightAt = times[right] ?? 0;
        const rightOrder = orders[right] ?? 0;
        if (rightAt < childAt || (rightAt === childAt && rightOrder < childOrder)) {
          child = right;
          childAt = rightAt;
          childOrder = rightOrder;
        }
      }
      if (at < childAt || (at === childAt && order < childOrder)) break;
      times[hole] = childAt;
      orders[hole] = childOrder;
      items[hole] = items[child];
      hole = child;
    }
    times[hole] = at;
    orders[hole] = order;
    items[hole] = item;
  }

  #grow(): void {
    assert(this.#size === this.#times.length, 'the queue grows when it is full');
    const times = new Float64Array(this.#times.length * 2);
    const orders = new Float64Array(this.#orders.length * 2);
    times.set(this.#times);
    orders.set(this.#orders);
    this.#times = times;
    this.#orders = orders;
  }
}
