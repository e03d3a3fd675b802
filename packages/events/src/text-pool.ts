const SLOTS = 4096;
const LENGTH_MAX = 32;

/**
 * Short texts that were read recently, looked up by their bytes. A log repeats a few names and digests in every line; a known text need not
 * be made again. The size is fixed: a text may replace another one.
 */
export class TextPool {
  readonly #texts: string[] = new Array<string>(SLOTS).fill('');

  /** The text in bytes[start, end), which must be ASCII; `hash` is any function of these bytes. */
  textOf(bytes: Buffer, start: number, end: number, hash: number): string {
    const length = end - start;
    if (length > LENGTH_MAX) return bytes.toString('latin1', start, end);
    const slot = (hash ^ (hash >>> 12)) & (SLOTS - 1);
    const known = this.#texts[slot] ?? '';
    if (known.length === length && isSpelled(known, bytes, start)) return known;
    const text = bytes.toString('latin1', start, end);
    this.#texts[slot] = text;
    return text;
  }
}

function isSpelled(text: string, bytes: Buffer, start: number): boolean {
  for (let i = 0; i < text.length; i += 1) if (text.charCodeAt(i) !== bytes[start + i]) return false;
  return true;
}
