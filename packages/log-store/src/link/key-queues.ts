/** Sends that nobody received, before the one that was: so many of them may still be under way on another path. */
const OVERTAKEN_MAX = 16;
/** Taken rows are kept at the front until they are so many, and half of all. */
const COMPACT_MIN = 1024;

/** Rows in the order in which they were read; what is taken near the front costs no moving of the rest. */
class Queue {
  /** What waits: sends for their receives, or receives for their sends. */
  readonly isOfSends: boolean;
  #rows: number[] = [];
  #head = 0;

  constructor(isOfSends: boolean) {
    this.isOfSends = isOfSends;
  }

  get length(): number {
    return this.#rows.length - this.#head;
  }

  push(row: number): void {
    this.#rows.push(row);
  }

  /** Takes a row out; those before it move up by one. */
  take(at: number): number {
    const place = this.#head + at;
    const taken = this.#rows[place] ?? -1;
    for (let i = place; i > this.#head; i--) this.#rows[i] = this.#rows[i - 1] ?? -1;
    this.drop(1);
    return taken;
  }

  /** Forgets so many rows at the front. */
  drop(count: number): void {
    this.#head += count;
    if (this.#head < COMPACT_MIN || this.#head * 2 < this.#rows.length) return;
    this.#rows = this.#rows.slice(this.#head);
    this.#head = 0;
  }

  /** How many rows from the first on hold to a condition, by bisection: rows that wait stand in the order of time. */
  countWhile(holds: (row: number) => boolean): number {
    let low = this.#head;
    let high = this.#rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (holds(this.#rows[middle] ?? 0)) low = middle + 1;
      else high = middle;
    }
    return low - this.#head;
  }

  renumber(now: (row: number) => number): void {
    this.#rows = this.#rows.slice(this.#head).map(now);
    this.#head = 0;
  }
}

/**
 * Rows of messages without ids that wait for their other end, by what both have in common. A receive takes the youngest send
 * that is not younger than itself: messages get lost, and whoever took the oldest would be wrong for ever after the first loss.
 */
export class KeyQueues {
  readonly #timeOf: (row: number) => number;
  readonly #waiting = new Map<string, Queue>();

  constructor(timeOf: (row: number) => number) {
    this.#timeOf = timeOf;
  }

  /** The row that is the other end of this one, or -1: then this one waits. */
  match(key: string, isSend: boolean, row: number): number {
    const queue = this.#waiting.get(key);
    if (queue === undefined || queue.isOfSends === isSend) {
      this.#add(key, queue ?? new Queue(isSend), row);
      return -1;
    }
    const at = queue.isOfSends ? this.#youngestUpTo(queue, row) : this.#oldestFrom(queue, row);
    if (queue.isOfSends && at > OVERTAKEN_MAX) queue.drop(at - OVERTAKEN_MAX);
    const other = queue.take(queue.isOfSends ? Math.min(at, OVERTAKEN_MAX) : at);
    if (queue.length === 0) this.#waiting.delete(key);
    return other;
  }

  renumber(from: number, rowNow: Uint32Array): void {
    for (const queue of this.#waiting.values()) queue.renumber((row) => (row < from ? row : (rowNow[row - from] ?? row)));
  }

  clear(): void {
    this.#waiting.clear();
  }

  #add(key: string, queue: Queue, row: number): void {
    queue.push(row);
    this.#waiting.set(key, queue);
  }

  /** The first of them where the clocks of two files disagree so much that all are younger. */
  #youngestUpTo(sends: Queue, receive: number): number {
    const timeMs = this.#timeOf(receive);
    return Math.max(0, sends.countWhile((send) => this.#timeOf(send) <= timeMs) - 1);
  }

  #oldestFrom(receives: Queue, send: number): number {
    const timeMs = this.#timeOf(send);
    const older = receives.countWhile((receive) => this.#timeOf(receive) < timeMs);
    return older === receives.length ? 0 : older;
  }
}
