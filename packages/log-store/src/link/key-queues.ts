/** Sends that nobody received, before the one that was: so many of them may still be under way on another path. */
const OVERTAKEN_MAX = 16;

interface Queue {
  /** What waits: sends for their receives, or receives for their sends. */
  readonly isOfSends: boolean;
  /** In the order in which they were read. */
  rows: number[];
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
    if (queue === undefined) {
      this.#waiting.set(key, { isOfSends: isSend, rows: [row] });
      return -1;
    }
    if (queue.isOfSends === isSend) {
      queue.rows.push(row);
      return -1;
    }
    const at = queue.isOfSends ? this.#youngestUpTo(queue.rows, row) : this.#oldestFrom(queue.rows, row);
    const other = queue.rows[at] ?? -1;
    queue.rows.splice(at, 1);
    if (queue.isOfSends && at > OVERTAKEN_MAX) queue.rows.splice(0, at - OVERTAKEN_MAX);
    if (queue.rows.length === 0) this.#waiting.delete(key);
    return other;
  }

  renumber(from: number, rowNow: Uint32Array): void {
    for (const queue of this.#waiting.values()) queue.rows = queue.rows.map((row) => (row < from ? row : (rowNow[row - from] ?? row)));
  }

  clear(): void {
    this.#waiting.clear();
  }

  /** The first of them where the clocks of two files disagree so much that all are younger. */
  #youngestUpTo(sends: readonly number[], receive: number): number {
    const timeMs = this.#timeOf(receive);
    return Math.max(0, this.#countWhile(sends, (send) => this.#timeOf(send) <= timeMs) - 1);
  }

  #oldestFrom(receives: readonly number[], send: number): number {
    const timeMs = this.#timeOf(send);
    const older = this.#countWhile(receives, (receive) => this.#timeOf(receive) < timeMs);
    return older === receives.length ? 0 : older;
  }

  /** How many rows from the first on hold to a condition, by bisection: rows that wait stand in the order of time. */
  #countWhile(rows: readonly number[], holds: (row: number) => boolean): number {
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (holds(rows[middle] ?? 0)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
