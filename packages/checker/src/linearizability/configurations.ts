/** How many bytes a character of a state takes at most. */
const BYTES_PER_CHARACTER = 2;
const BYTES_PER_STATE = 64;
const FREE = 0;

/**
 * The configurations that the search has entered: which operations are placed, and the state that they gave (Lowe, 2017).
 *
 * Operations that ended are numbered by their calls. All of them below the first one that is not placed are placed, so a record keeps
 * that number and the bits from there on: as many as operations overlap, however long the history is. Operations of unknown outcome
 * may stay unplaced for ever; they have bits of their own.
 *
 * Two configurations are equal only if all their bits and their states are: no verdict hangs on a hash.
 */
export class Configurations {
  readonly #ended: Uint32Array;
  readonly #unknown: Uint32Array;
  #endedPlaced = 0;
  #unknownPlaced = 0;
  /** The first operation that ended and is not placed. */
  #low = 0;
  #hash = 0;

  readonly #stateIds = new Map<string, number>();
  #characters = 0;

  /** Records one behind the other: state, low, and the words of both sets. A record starts at its length. */
  #records = new Int32Array(1 << 10);
  #used = 1;
  /** Open addressing: where the record starts, 0 for a free place; beside it its hash. */
  #places = new Int32Array(1 << 9);
  #hashes = new Int32Array(1 << 9);
  #count = 0;
  #scratch = new Int32Array(16);

  /** For so many operations that ended, and so many of unknown outcome. */
  constructor(ended: number, unknown: number) {
    this.#ended = new Uint32Array((ended >>> 5) + 1);
    this.#unknown = new Uint32Array((unknown >>> 5) + 1);
  }

  /** What the records take, about, in bytes. */
  get bytes(): number {
    const tables = this.#records.byteLength + this.#places.byteLength + this.#hashes.byteLength;
    return tables + this.#characters * BYTES_PER_CHARACTER + this.#stateIds.size * BYTES_PER_STATE;
  }

  /** Whether the operation of unknown outcome is placed. */
  hasUnknown(number: number): boolean {
    return (((this.#unknown[number >>> 5] ?? 0) >>> (number & 31)) & 1) === 1;
  }

  placeEnded(number: number): void {
    flip(this.#ended, number);
    this.#endedPlaced += 1;
    this.#hash ^= mix(number + 1);
    while (((this.#ended[this.#low >>> 5] ?? 0) >>> (this.#low & 31)) & 1) this.#low += 1;
  }

  removeEnded(number: number): void {
    flip(this.#ended, number);
    this.#endedPlaced -= 1;
    this.#hash ^= mix(number + 1);
    if (number < this.#low) this.#low = number;
  }

  placeUnknown(number: number): void {
    flip(this.#unknown, number);
    this.#unknownPlaced += 1;
    this.#hash ^= mix(~number);
  }

  removeUnknown(number: number): void {
    flip(this.#unknown, number);
    this.#unknownPlaced -= 1;
    this.#hash ^= mix(~number);
  }

  /** Notes the configuration of what is placed and this state; false when it was entered before. */
  enter(state: string): boolean {
    const id = this.#stateId(state);
    const length = this.#write(id);
    const hash = mix(this.#hash ^ Math.imul(id + 1, 0x27d4eb2f));
    const mask = this.#places.length - 1;
    let place = hash & mask;
    for (;;) {
      const start = this.#places[place] ?? FREE;
      if (start === FREE) break;
      if (this.#hashes[place] === hash && this.#isScratch(start, length)) return false;
      place = (place + 1) & mask;
    }
    this.#keep(place, hash, length);
    return true;
  }

  #stateId(state: string): number {
    const known = this.#stateIds.get(state);
    if (known !== undefined) return known;
    const id = this.#stateIds.size;
    this.#stateIds.set(state, id);
    this.#characters += state.length;
    return id;
  }

  /** Writes the record of the present configuration into the scratch; gives its length. */
  #write(stateId: number): number {
    const most = 3 + this.#ended.length - (this.#low >>> 5) + this.#unknown.length;
    if (this.#scratch.length < most) this.#scratch = new Int32Array(most * 2);
    const scratch = this.#scratch;
    scratch[1] = stateId;
    scratch[2] = this.#low;
    let length = 3;
    let left = this.#endedPlaced - this.#low;
    // The first word has bits below the low mark too, which are all set: equal in equal configurations.
    for (let word = this.#low >>> 5, first = true; left > 0; word += 1, first = false) {
      const bits = this.#ended[word] ?? 0;
      scratch[length] = bits;
      length += 1;
      left -= popcount(first ? bits & ~((1 << (this.#low & 31)) - 1) : bits);
    }
    // A word that no set of ended operations can hold before the first unplaced one parts the two sets.
    scratch[length] = length;
    length += 1;
    left = this.#unknownPlaced;
    for (let word = 0; left > 0; word += 1) {
      const bits = this.#unknown[word] ?? 0;
      scratch[length] = bits;
      length += 1;
      left -= popcount(bits);
    }
    scratch[0] = length;
    return length;
  }

  #isScratch(start: number, length: number): boolean {
    const records = this.#records;
    for (let i = 0; i < length; i += 1) if (records[start + i] !== this.#scratch[i]) return false;
    return true;
  }

  #keep(place: number, hash: number, length: number): void {
    if (this.#used + length > this.#records.length) {
      const larger = new Int32Array(Math.max(this.#records.length * 2, this.#used + length));
      larger.set(this.#records);
      this.#records = larger;
    }
    this.#records.set(this.#scratch.subarray(0, length), this.#used);
    this.#places[place] = this.#used;
    this.#hashes[place] = hash;
    this.#used += length;
    this.#count += 1;
    if (this.#count * 2 > this.#places.length) this.#growTable();
  }

  #growTable(): void {
    const places = this.#places;
    const hashes = this.#hashes;
    this.#places = new Int32Array(places.length * 2);
    this.#hashes = new Int32Array(places.length * 2);
    const mask = this.#places.length - 1;
    for (const [i, start] of places.entries()) {
      if (start === FREE) continue;
      const hash = hashes[i] ?? 0;
      let place = hash & mask;
      while (this.#places[place] !== FREE) place = (place + 1) & mask;
      this.#places[place] = start;
      this.#hashes[place] = hash;
    }
  }
}

function flip(bits: Uint32Array, number: number): void {
  bits[number >>> 5] = (bits[number >>> 5] ?? 0) ^ (1 << (number & 31));
}

function popcount(bits: number): number {
  let n = bits - ((bits >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

function mix(number: number): number {
  let hash = Math.imul(number, 0x9e3779b1);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x85ebca77);
  hash ^= hash >>> 13;
  return Math.imul(hash, 0xc2b2ae3d) ^ (hash >>> 16);
}
