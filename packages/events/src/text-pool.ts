const SLOTS = 4096;
const LENGTH_MAX = 32;

/**
 * Short texts that were read lately, looked up by their bytes: a log says the same few names and digests in every line, and a text that
 * is known need not be made again. Of fixed size: a text may push out another one.
 */
export class TextPool {
  readonly #texts: string[] = new Array<string>(SLOTS).fill('');

  /** The text in bytes[start, end), which must be ASCII; `hash` is any number that follows from these bytes. */
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
