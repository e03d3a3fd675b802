/** Names and their numbers, in the order of first sight. Number 0 is "no name". */
export class Dictionary {
  readonly #numbers = new Map<string, number>();
  readonly #names: string[] = [''];

  get size(): number {
    return this.#names.length;
  }

  /** The number of a name, given one if it has none; 0 for the empty name. */
  numberOf(name: string): number {
    if (name === '') return 0;
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const number = this.#names.length;
    this.#numbers.set(name, number);
    this.#names.push(name);
    return number;
  }

  /** The number of a name, or -1 for one that was never seen. */
  find(name: string): number {
    return name === '' ? 0 : (this.#numbers.get(name) ?? -1);
  }

  nameOf(number: number): string {
    return this.#names[number] ?? '';
  }

  names(): readonly string[] {
    return this.#names;
  }
}
