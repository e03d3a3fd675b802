import { NAME_BYTES_MAX, NAMES_MAX } from '../limits.ts';

const INITIAL_SLOTS = 256;
const INITIAL_BYTES = 4096;
/** Numbers that tell a name apart, by its number: its first four bytes, its last four, its length, a hash of those between. */
const KEY_CELLS = 4;
/** The first and the last four bytes and the length are all of a name that is not longer. */
const TOLD_APART_MAX = 8;
const TEXTS_MAX = 1024;

/** Four bytes as a number, of a name that has fewer only those: `MASKS[length]`. */
const MASKS = [0, 0xff, 0xffff, 0xffffff];

/**
 * Numbers of names, looked up by their bytes: no string is made for a name that is known. Number 0 is never given: it means that there
 * are too many names. Bytes are read in words of four, so a name must stand at least four bytes before the end of the view.
 */
export class NameTable {
  #count = 1;
  #newNames: string[] = [];
  /** The names one behind the other, and where each ends. */
  #bytes = new Uint8Array(INITIAL_BYTES);
  #ends = new Uint32Array(INITIAL_SLOTS);
  #slots = new Int32Array(INITIAL_SLOTS);
  #keys = new Int32Array(INITIAL_SLOTS * KEY_CELLS);
  /** Of the first texts that were asked for: the names of most logs. */
  readonly #numbersOfTexts = new Map<string, number>();

  /** The names that are new since the last call, in the order of their numbers. */
  takeNewNames(): string[] {
    const names = this.#newNames;
    if (names.length > 0) this.#newNames = [];
    return names;
  }

  /** The number of the name in bytes [start, end), given one if it has none; 0 where there are too many. */
  numberOf(view: DataView, start: number, end: number): number {
    return this.find(view, start, end) || this.#add(view, start, end);
  }

  /** The number of the name, or 0 for one that the table does not have. */
  find(view: DataView, start: number, end: number): number {
    const length = end - start;
    const first = firstWord(view, start, length);
    const last = lastWord(view, first, end, length);
    const middle = length <= TOLD_APART_MAX ? 0 : hashOfMiddle(view, start + 4, end - 4);
    const keys = this.#keys;
    const mask = this.#slots.length - 1;
    let slot = hashOf(first, last, length, middle) & mask;
    for (;;) {
      const number = this.#slots[slot] ?? 0;
      if (number === 0) return 0;
      const key = number * KEY_CELLS;
      const isLike = keys[key] === first && keys[key + 1] === last && keys[key + 2] === length && keys[key + 3] === middle;
      if (isLike && (length <= TOLD_APART_MAX || this.#isSpelled(number, view, start, length))) return number;
      slot = (slot + 1) & mask;
    }
  }

  numberOfText(name: string): number {
    if (name === '') return 0;
    const known = this.#numbersOfTexts.get(name);
    if (known !== undefined) return known;
    const bytes = Buffer.from(`${name}\0\0\0\0`);
    const number = this.numberOf(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0, bytes.length - 4);
    if (this.#numbersOfTexts.size < TEXTS_MAX) this.#numbersOfTexts.set(name, number);
    return number;
  }

  #isSpelled(number: number, view: DataView, start: number, length: number): boolean {
    const at = (this.#ends[number] ?? 0) - length;
    // The first and the last four bytes are already known to be the same.
    for (let i = 4; i < length - 4; i++) if (this.#bytes[at + i] !== view.getUint8(start + i)) return false;
    return true;
  }

  #add(view: DataView, start: number, end: number): number {
    if (this.#count > NAMES_MAX) return 0;
    const number = this.#count++;
    if (number * 2 >= this.#slots.length) this.#grow();
    const length = end - start;
    const at = this.#ends[number - 1] ?? 0;
    if (at + length > this.#bytes.length) this.#bytes = grown(this.#bytes, new Uint8Array(this.#bytes.length * 2 + NAME_BYTES_MAX));
    const spelled = new Uint8Array(view.buffer, view.byteOffset + start, length);
    this.#bytes.set(spelled, at);
    this.#ends[number] = at + length;
    this.#newNames.push(Buffer.from(spelled).toString('utf8'));
    const first = firstWord(view, start, length);
    const middle = length <= TOLD_APART_MAX ? 0 : hashOfMiddle(view, start + 4, end - 4);
    this.#keys.set([first, lastWord(view, first, end, length), length, middle], number * KEY_CELLS);
    this.#place(number);
    return number;
  }

  #place(number: number): void {
    const mask = this.#slots.length - 1;
    const key = number * KEY_CELLS;
    const keys = this.#keys;
    let slot = hashOf(keys[key] ?? 0, keys[key + 1] ?? 0, keys[key + 2] ?? 0, keys[key + 3] ?? 0) & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = number;
  }

  #grow(): void {
    const size = this.#slots.length * 4;
    this.#keys = grown(this.#keys, new Int32Array(size * KEY_CELLS));
    this.#ends = grown(this.#ends, new Uint32Array(size));
    this.#slots = new Int32Array(size);
    for (let number = 1; number < this.#count - 1; number++) this.#place(number);
  }
}

function grown<T extends { set(from: T): void }>(from: T, larger: T): T {
  larger.set(from);
  return larger;
}

function firstWord(view: DataView, start: number, length: number): number {
  const word = view.getInt32(start, true);
  return length < 4 ? word & (MASKS[length] ?? 0) : word;
}

function lastWord(view: DataView, first: number, end: number, length: number): number {
  return length < 4 ? first : view.getInt32(end - 4, true);
}

/** Of the bytes [from, to) and up to three that follow, which belong to the name as well. */
function hashOfMiddle(view: DataView, from: number, to: number): number {
  let hash = 0;
  for (let p = from; p < to; p += 4) hash = Math.imul(hash ^ view.getInt32(p, true), 0x85ebca6b) ^ (hash >>> 13);
  return hash;
}

function hashOf(first: number, last: number, length: number, middle: number): number {
  const hash = Math.imul(first ^ Math.imul(last, 0x01000193) ^ length ^ middle, 0x9e3779b1);
  return hash ^ (hash >>> 15);
}
