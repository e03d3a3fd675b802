/** A JSON value. Integers that a number cannot hold exactly are bigint. */
export type JsonValue = string | number | bigint | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** What is wrong with a text, and where: `at` counts UTF-16 units from 0. */
export class JsonProblem extends Error {
  override readonly name = 'JsonProblem';
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

const DEPTH_MAX = 32;
const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;

/**
 * Reads JSON from left to right. Unlike JSON.parse it knows where it is at every moment, notices a key that comes twice, keeps integers
 * beyond 2^53 exact, and limits the depth: no line can exhaust the stack.
 */
export class JsonCursor {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  skipSpace(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== SPACE && code !== 0x09 && code !== 0x0a && code !== 0x0d) return;
      this.at += 1;
    }
  }

  /** Moves over `character` when it is next. */
  accept(character: string): boolean {
    this.skipSpace();
    if (this.text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  expect(character: string): void {
    if (!this.accept(character)) throw this.problem(`"${character}" expected`);
  }

  expectEnd(): void {
    this.skipSpace();
    if (this.at < this.text.length) throw this.problem('the end of the line expected');
  }

  value(depth = 0): JsonValue {
    this.skipSpace();
    switch (this.text[this.at]) {
      case '"':
        return this.string();
      case '{':
        return this.#object(this.#deeper(depth));
      case '[':
        return this.#array(this.#deeper(depth));
      case 't':
        return this.#literal('true', true);
      case 'f':
        return this.#literal('false', false);
      case 'n':
        return this.#literal('null', null);
      default:
        return this.#number();
    }
  }

  string(): string {
    this.skipSpace();
    if (this.text.charCodeAt(this.at) !== QUOTE) throw this.problem('a text in double quotes expected');
    const start = this.at;
    let escaped = false;
    for (let at = start + 1; at < this.text.length; at += 1) {
      const code = this.text.charCodeAt(at);
      if (code === QUOTE) {
        this.at = at + 1;
        return escaped ? this.#unescaped(start, at + 1) : this.text.slice(start + 1, at);
      }
      if (code < SPACE) throw new JsonProblem('a control character inside a text must be escaped', at);
      if (code === BACKSLASH) {
        escaped = true;
        at += 1;
      }
    }
    throw new JsonProblem('the text that starts here does not end', start);
  }

  #unescaped(start: number, end: number): string {
    try {
      const value: unknown = JSON.parse(this.text.slice(start, end));
      return String(value);
    } catch {
      throw new JsonProblem('an escape sequence in the text that starts here is not JSON', start);
    }
  }

  #number(): number | bigint {
    const start = this.at;
    NUMBER.lastIndex = start;
    const match = NUMBER.exec(this.text);
    if (match === null) throw this.problem('a value expected');
    this.at = NUMBER.lastIndex;
    const [digits, fraction, exponent] = match;
    const value = Number(digits);
    if (!Number.isFinite(value)) throw new JsonProblem(`the number ${digits} is too great`, start);
    if (fraction === undefined && exponent === undefined && !Number.isSafeInteger(value)) return BigInt(digits);
    return value;
  }

  #literal<T>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.at)) throw this.problem('a value expected');
    this.at += word.length;
    return value;
  }

  #array(depth: number): readonly JsonValue[] {
    this.expect('[');
    const items: JsonValue[] = [];
    if (this.accept(']')) return items;
    do items.push(this.value(depth));
    while (this.accept(','));
    this.expect(']');
    return items;
  }

  #object(depth: number): { readonly [key: string]: JsonValue } {
    const members = new Map<string, JsonValue>();
    this.members((key, keyAt) => {
      if (members.has(key)) throw new JsonProblem(`the key "${key}" comes twice`, keyAt);
      members.set(key, this.value(depth));
    });
    // fromEntries defines properties: a key named __proto__ is only a key.
    return Object.fromEntries(members);
  }

  /** Visits each member of `{ "key": value, ... }`. The visitor reads the value; `keyAt` is where the key starts. */
  members(visit: (key: string, keyAt: number) => void): void {
    this.expect('{');
    if (this.accept('}')) return;
    do {
      this.skipSpace();
      const keyAt = this.at;
      const key = this.string();
      this.expect(':');
      visit(key, keyAt);
    } while (this.accept(','));
    this.expect('}');
  }

  #deeper(depth: number): number {
    if (depth >= DEPTH_MAX) throw this.problem(`values are nested more than ${DEPTH_MAX} deep`);
    return depth + 1;
  }

  /** What is wrong at the cursor's position. */
  problem(expectation: string): JsonProblem {
    const rest = this.text.slice(this.at, this.at + 12);
    return new JsonProblem(`${expectation}, ${rest === '' ? 'the line ends' : `not ${JSON.stringify(rest)}`}`, this.at);
  }
}
