/** Terms that are remembered of each server. Messages that leave late are seldom more than a term or two behind. */
const TERMS_MAX = 16;

/** What a server did in its latest terms: a message may leave after the server has moved on to another term. */
export class TermHistory<T> {
  readonly #terms: number[] = [];
  readonly #values: T[] = [];

  set(term: number, value: T): void {
    const at = this.#terms.lastIndexOf(term);
    if (at >= 0) {
      this.#values[at] = value;
      return;
    }
    this.#terms.push(term);
    this.#values.push(value);
    if (this.#terms.length <= TERMS_MAX) return;
    this.#terms.shift();
    this.#values.shift();
  }

  get(term: number): T | null {
    const at = this.#terms.lastIndexOf(term);
    return at < 0 ? null : (this.#values[at] ?? null);
  }

  /** Whether all terms are still remembered, so that an absent one was truly absent. */
  get complete(): boolean {
    return this.#terms.length < TERMS_MAX;
  }

  clear(): void {
    this.#terms.length = 0;
    this.#values.length = 0;
  }
}
