/**
 * Values of EDN (Clojure's data notation), as far as logs of operations have them. Keywords and symbols become their names, lists, sets
 * and vectors arrays, maps Maps, numbers their text: they may have more digits than a JavaScript number holds.
 */
export type Edn = null | boolean | string | readonly Edn[] | ReadonlyMap<string, Edn>;

const DEPTH_MAX = 32;
const ATOM_END = /[\s,()[\]{}"]/g;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };
const CLOSED_BY: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** The one value that the text holds; undefined where it is none, not whole, more than one, or nested deeper than any operation. */
export function readEdn(text: string): Edn | undefined {
  const reader = new EdnReader(text);
  const value = reader.value(0);
  return reader.isAtEnd() ? value : undefined;
}

class EdnReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  isAtEnd(): boolean {
    this.#skipBlanks();
    return this.#at >= this.#text.length;
  }

  value(depth: number): Edn | undefined {
    this.#skipBlanks();
    const first = this.#text[this.#at];
    if (first === undefined || depth > DEPTH_MAX) return undefined;
    if (first === '"') return this.#string();
    if (first === '{') return this.#map(depth);
    if (first === '[' || first === '(') return this.#list(first, depth);
    if (first === '#') return this.#tagged(depth);
    return this.#atom();
  }

  /** A set `#{...}`, or a value behind a tag, which says how to make an object of it. */
  #tagged(depth: number): Edn | undefined {
    this.#at += 1;
    if (this.#text[this.#at] === '{') return this.#list('{', depth);
    return this.#atom() === undefined ? undefined : this.value(depth + 1);
  }

  #list(open: string, depth: number): readonly Edn[] | undefined {
    const close = CLOSED_BY[open] ?? open;
    const items: Edn[] = [];
    this.#at += 1;
    for (;;) {
      this.#skipBlanks();
      if (this.#text[this.#at] === close) {
        this.#at += 1;
        return items;
      }
      const item = this.value(depth + 1);
      if (item === undefined) return undefined;
      items.push(item);
    }
  }

  #map(depth: number): ReadonlyMap<string, Edn> | undefined {
    const items = this.#list('{', depth);
    if (items === undefined || items.length % 2 === 1) return undefined;
    const map = new Map<string, Edn>();
    for (let i = 0; i < items.length; i += 2) {
      const key = items[i];
      if (typeof key === 'string') map.set(key, items[i + 1] ?? null);
    }
    return map;
  }

  #string(): string | undefined {
    let text = '';
    let from = this.#at + 1;
    for (let at = from; at < this.#text.length; at += 1) {
      const character = this.#text[at];
      if (character === '"') {
        this.#at = at + 1;
        return text + this.#text.slice(from, at);
      }
      if (character !== '\\') continue;
      const escaped = this.#text[at + 1] ?? '';
      text += this.#text.slice(from, at) + (ESCAPES[escaped] ?? escaped);
      at += 1;
      from = at + 1;
    }
    return undefined;
  }

  /** nil, true, false, a number, a keyword or a symbol. */
  #atom(): null | boolean | string | undefined {
    ATOM_END.lastIndex = this.#at;
    const end = ATOM_END.exec(this.#text)?.index ?? this.#text.length;
    const atom = this.#text.slice(this.#at, end);
    this.#at = end;
    if (atom === '') return undefined;
    if (atom === 'nil') return null;
    if (atom === 'true' || atom === 'false') return atom === 'true';
    return atom.startsWith(':') ? atom.slice(1) : atom;
  }

  #skipBlanks(): void {
    while (/[\s,]/.test(this.#text[this.#at] ?? '')) this.#at += 1;
  }
}
