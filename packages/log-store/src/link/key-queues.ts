/** Rows that wait for their other end, by what both have in common: the first send belongs to the first receive. */
export class KeyQueues {
  readonly #waiting = new Map<string, { sends: boolean; rows: number[] }>();

  /** The row that is the other end of this one, or -1: then this one waits. */
  match(key: string, isSend: boolean, row: number): number {
    const queue = this.#waiting.get(key);
    if (queue === undefined) {
      this.#waiting.set(key, { sends: isSend, rows: [row] });
      return -1;
    }
    if (queue.sends === isSend) {
      queue.rows.push(row);
      return -1;
    }
    const other = queue.rows.shift() ?? -1;
    if (queue.rows.length === 0) this.#waiting.delete(key);
    return other;
  }

  renumber(from: number, rowNow: Uint32Array): void {
    for (const queue of this.#waiting.values()) queue.rows = queue.rows.map((row) => (row < from ? row : (rowNow[row - from] ?? row)));
  }

  clear(): void {
    this.#waiting.clear();
  }
}
