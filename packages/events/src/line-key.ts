import assert from 'node:assert';

/** How long a key may be: a reader keeps that many bytes free behind a line, since it compares keys beyond the line's end. */
export const KEY_BYTES_MAX = 64;
const WORD_BYTES = 4;

/** A key of at most three words is compared by its first, middle and last word alone. */
const SHORT_BYTES = 12;

/**
 * A key as it stands in a line (`,"term":`), or another expected text of at least four bytes. It is compared by words of four bytes, which
 * overlap where the key is short. That is several times as fast as comparing bytes.
 */
export class LineKey {
  readonly length: number;
  readonly #middleAt: number;
  readonly #lastAt: number;
  readonly #first: number;
  readonly #middle: number;
  readonly #last: number;
  /** The words between the first two and the last, of a long key. */
  readonly #more: readonly number[];

  constructor(text: string) {
    const bytes = Buffer.from(text);
    assert(bytes.length >= WORD_BYTES && bytes.length <= KEY_BYTES_MAX, `the key ${text} has ${bytes.length} bytes`);
    this.length = bytes.length;
    this.#lastAt = bytes.length - 4;
    this.#middleAt = Math.min(4, this.#lastAt);
    this.#first = bytes.readInt32LE(0);
    this.#middle = bytes.readInt32LE(this.#middleAt);
    this.#last = bytes.readInt32LE(this.#lastAt);
    const more: number[] = [];
    for (let at = 8; at < this.#lastAt; at += 4) more.push(bytes.readInt32LE(at));
    this.#more = more;
  }

  /** Whether the key stands at `at`. The view must reach `length` bytes further. */
  standsAt(view: DataView, at: number): boolean {
    return (
      view.getInt32(at + this.#middleAt, true) === this.#middle &&
      view.getInt32(at + this.#lastAt, true) === this.#last &&
      view.getInt32(at, true) === this.#first &&
      (this.length <= SHORT_BYTES || this.#standsMore(view, at + 8))
    );
  }

  #standsMore(view: DataView, at: number): boolean {
    return this.#more.every((word, i) => view.getInt32(at + i * 4, true) === word);
  }
}

/** The key of a field, with the comma, quotes and colon around it. */
export function lineKey(name: string): LineKey {
  return new LineKey(`,"${name}":`);
}
