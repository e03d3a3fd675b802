/** A key that is no longer than three words is compared as these alone. */
const SHORT_BYTES = 12;

/**
 * A key as it stands in a line, `,"term":`, or another text of four bytes and more that is expected at a place. It is compared as words
 * of four bytes, which overlap where the key is short: that is several times as fast as comparing bytes.
 */
export class LineKey {
  readonly length: number;
  readonly #middleAt: number;
  readonly #lastAt: number;
  readonly #first: number;
  readonly #middle: number;
  readonly #last: number;
  /** What lies between the first two words and the last, of a long key. */
  readonly #more: readonly number[];

  constructor(text: string) {
    const bytes = Buffer.from(text);
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

  /** Does it stand at `at`? The view must reach `length` bytes further. */
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

/** The key of a field, with what stands around it in a line. */
export function lineKey(name: string): LineKey {
  return new LineKey(`,"${name}":`);
}
