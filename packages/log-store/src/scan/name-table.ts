const INITIAL_SLOTS = 256;

/** The first four bytes, the last four and the length tell most names apart: longer ones are compared to the end. */
const TOLD_APART_MAX = 8;

const TEXTS_MAX = 1024;

/** Four bytes as a number, of a name that has fewer only those: `MASKS[length]`. */
const MASKS = [0, 0xff, 0xffff, 0xffffff];

/**
 * Numbers of names, looked up by their bytes: no string is made for a name that is known. Number 0 is never given. Bytes are
 * read in words of four, so a name must stand at least four bytes before the end of the view.
 */
export class NameTable {
  readonly #names: string[] = [''];
  readonly #spelled: Uint8Array[] = [new Uint8Array(0)];
  #slots = new Int32Array(INITIAL_SLOTS);
  #taken = 1;
  /** Of the first texts that were asked for: the names of most logs. */
  readonly #numbersOfTexts = new Map<string, number>();
  /** By number: the first four bytes, the last four bytes, the length. */
  #keys = new Int32Array(INITIAL_SLOTS * 3);

  /** The names that are new since the last call, in the order of their numbers. */
  takeNewNames(): string[] {
    const names = this.#names.slice(this.#taken);
    this.#taken = this.#names.length;
    return names;
  }

  /** The number of the name in bytes [start, end), given one if it has none. */
  numberOf(view: DataView, start: number, end: number): number {
    return this.find(view, start, end) || this.#add(view, start, end);
  }

  /** The number of the name, or 0 for one that the table does not have. */
  find(view: DataView, start: number, end: number): number {
    const length = end - start;
    const first = firstWord(view, start, length);
    const last = lastWord(view, first, end, length);
    const mask = this.#slots.length - 1;
    let slot = hashOf(first, last, length) & mask;
    for (;;) {
      const number = this.#slots[slot] ?? 0;
      if (number === 0) return 0;
      const key = number * 3;
      const isLike = this.#keys[key] === first && this.#keys[key + 1] === last && this.#keys[key + 2] === length;
      if (isLike && (length <= TOLD_APART_MAX || this.#isSpelled(number, view, start, length))) return number;
      slot = (slot + 1) & mask;
    }
  }

  numberOfText(name: string): number {
    if (name === '') return 0;
    const known = this.#numbersOfTexts.get(name);
    if (known !== undefined) return known;
    const number = this.#numberOfBytes(name);
    if (this.#numbersOfTexts.size < TEXTS_MAX) this.#numbersOfTexts.set(name, number);
    return number;
  }

  #numberOfBytes(name: string): number {
    const bytes = Buffer.from(`${name}\0\0\0\0`);
    return this.numberOf(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0, bytes.length - 4);
  }

  #isSpelled(number: number, view: DataView, start: number, length: number): boolean {
    const spelled = this.#spelled[number];
    // The first and the last four bytes are already known to be the same.
    for (let i = 4; i < length - 4; i++) if (spelled?.[i] !== view.getUint8(start + i)) return false;
    return true;
  }

  #add(view: DataView, start: number, end: number): number {
    const number = this.#names.length;
    const length = end - start;
    const spelled = new Uint8Array(view.buffer, view.byteOffset + start, length).slice();
    this.#names.push(Buffer.from(spelled).toString('utf8'));
    this.#spelled.push(spelled);
    if (number * 2 >= this.#slots.length) this.#grow();
    const first = firstWord(view, start, length);
    this.#keys[number * 3] = first;
    this.#keys[number * 3 + 1] = lastWord(view, first, end, length);
    this.#keys[number * 3 + 2] = length;
    this.#place(number);
    return number;
  }

  #place(number: number): void {
    const mask = this.#slots.length - 1;
    const [first = 0, last = 0, length = 0] = this.#keys.subarray(number * 3, number * 3 + 3);
    let slot = hashOf(first, last, length) & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = number;
  }

  #grow(): void {
    const keys = new Int32Array(this.#keys.length * 4);
    keys.set(this.#keys);
    this.#keys = keys;
    const count = this.#slots.length / 2;
    this.#slots = new Int32Array(this.#slots.length * 4);
    for (let number = 1; number < count; number++) this.#place(number);
  }
}

function firstWord(view: DataView, start: number, length: number): number {
  const word = view.getInt32(start, true);
  return length < 4 ? word & (MASKS[length] ?? 0) : word;
}

function lastWord(view: DataView, first: number, end: number, length: number): number {
  return length < 4 ? first : view.getInt32(end - 4, true);
}

function hashOf(first: number, last: number, length: number): number {
  const hash = Math.imul(first ^ Math.imul(last, 0x01000193) ^ length, 0x9e3779b1);
  return hash ^ (hash >>> 15);
}
