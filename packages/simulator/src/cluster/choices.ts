import type { Draws } from '../engine/tape-deck.ts';

/** What a script may leave to chance. All of it comes from the seed, none of it from Math.random. */
export class Choices {
  readonly #draws: Draws;

  constructor(draws: Draws) {
    this.#draws = draws;
  }

  /** A uniform integer in [0, bound). */
  below(bound: number): number {
    if (Number.isNaN(bound)) throw new RangeError('a draw needs a number as its bound');
    return this.#draws.below(Math.max(1, Math.floor(bound)));
  }

  /** A uniform integer in [min, max], both included. */
  between(min: number, max: number): number {
    return min + this.below(max - min + 1);
  }

  /** True with a chance of `perMille` in a thousand. */
  chance(perMille: number): boolean {
    return this.below(1000) < perMille;
  }

  /** One of the items. */
  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError('pick needs at least one item');
    return item;
  }

  /** The items in another order. */
  shuffled<T>(items: readonly T[]): T[] {
    const left = [...items];
    const order: T[] = [];
    while (left.length > 0) order.push(...left.splice(this.below(left.length), 1));
    return order;
  }

  /** Letters and digits, drawn for each call: a command says where it came from. */
  word(length: number): string {
    let word = '';
    while (word.length < length) word += ALPHABET[this.below(ALPHABET.length)];
    return word;
  }
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';
