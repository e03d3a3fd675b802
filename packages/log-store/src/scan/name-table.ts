const INITIAL_SLOTS = 256;

/** Numbers of names, looked up by their bytes: no string is made for a name that is known. Number 0 is never given. */
export class NameTable {
  readonly names: string[] = [''];
  #slots = new Int32Array(INITIAL_SLOTS);
  readonly #spelled: Buffer[] = [Buffer.alloc(0)];

  /** The number of the name in bytes[start..end), given one if it has none. */
  numberOf(bytes: Buffer, start: number, end: number): number {
    const found = this.#probe(bytes, start, end);
    if (found > 0) return found;
    return this.#add(Buffer.from(bytes.subarray(start, end)), -found - 1);
  }

  /** The number of the name, or 0 for one that the table does not have. */
  find(bytes: Buffer, start: number, end: number): number {
    const found = this.#probe(bytes, start, end);
    return found > 0 ? found : 0;
  }

  numberOfText(name: string): number {
    if (name === '') return 0;
    const bytes = Buffer.from(name);
    return this.numberOf(bytes, 0, bytes.length);
  }

  /** The number of the name, or -(free slot) - 1. */
  #probe(bytes: Buffer, start: number, end: number): number {
    const mask = this.#slots.length - 1;
    let slot = hashOf(bytes, start, end) & mask;
    for (;;) {
      const number = this.#slots[slot] ?? 0;
      if (number === 0) return -slot - 1;
      if (this.#isSpelled(number, bytes, start, end)) return number;
      slot = (slot + 1) & mask;
    }
  }

  #isSpelled(number: number, bytes: Buffer, start: number, end: number): boolean {
    const spelled = this.#spelled[number];
    if (spelled === undefined || spelled.length !== end - start) return false;
    for (let i = 0; i < spelled.length; i++) if (spelled[i] !== bytes[start + i]) return false;
    return true;
  }

  #add(spelled: Buffer, slot: number): number {
    const number = this.names.length;
    this.names.push(spelled.toString('utf8'));
    this.#spelled.push(spelled);
    this.#slots[slot] = number;
    if (this.names.length * 2 > this.#slots.length) this.#rehash();
    return number;
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 4);
    for (let number = 1; number < this.#spelled.length; number++) {
      const spelled = this.#spelled[number] ?? Buffer.alloc(0);
      this.#slots[-this.#probe(spelled, 0, spelled.length) - 1] = number;
    }
  }
}

/** FNV-1a: names are a few bytes long. */
function hashOf(bytes: Buffer, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ (bytes[i] ?? 0), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}
