/**
 * The one source of randomness of a run: a seed text, from which each subsystem draws by a label of its own. A stream depends
 * only on (seed, label): when one subsystem draws more or less often, all others draw what they drew before.
 *
 * The generator is sfc32 (Doty-Humphrey, PractRand): 128 bits of state, passes its own author's battery, five additions a draw.
 */
export class Stream {
  #a: number;
  #b: number;
  #c: number;
  #counter: number;

  constructor(seed: string, label: string) {
    const hashes = hash128(`${seed}\u0000${label}`);
    this.#a = hashes[0];
    this.#b = hashes[1];
    this.#c = hashes[2];
    this.#counter = hashes[3];
    for (let round = 0; round < 12; round += 1) this.bits();
  }

  /** 32 random bits as a signed integer. */
  bits(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    this.#c |= 0;
    return sum;
  }

  /** A uniform integer in [0, bound). `bound` is at most 2^32; the bias is below bound / 2^32. */
  below(bound: number): number {
    return Math.floor(((this.bits() >>> 0) / 4_294_967_296) * bound);
  }
}

/** Four 32-bit hashes of a text (FNV-1a with four offsets, then murmur3's finaliser). Not cryptographic. */
function hash128(text: string): readonly [number, number, number, number] {
  let a = 0x811c9dc5 | 0;
  let b = 0x01000193 | 0;
  let c = 0x9e3779b9 | 0;
  let d = 0x85ebca6b | 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x5bd1e995);
    c = Math.imul(c ^ code, 0x1b873593);
    d = Math.imul(d ^ code, 0xcc9e2d51 | 0);
  }
  return [finalise(a ^ d), finalise(b ^ a), finalise(c ^ b), finalise(d ^ c)];
}

function finalise(value: number): number {
  let hash = value ^ (value >>> 16);
  hash = Math.imul(hash, 0x85ebca6b | 0);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35 | 0);
  return hash ^ (hash >>> 16);
}
