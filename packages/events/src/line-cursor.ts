import { integersOf, namesOf } from './field-value.ts';
import { KEY_BYTES_MAX, LineKey } from './line-key.ts';
import { TextPool } from './text-pool.ts';
import type { Direction, EntryDigest, Role } from './value.ts';

const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const LOWER_N = 0x6e;
const CLOSE = 0x7d;
const DELETE = 0x7f;

const NULL = new LineKey('null');
const TRUE = new LineKey('true');
const FALSE = new LineKey('false');

/** One of a few fixed words, as it stands in a line. */
interface Word<T> {
  readonly key: LineKey;
  readonly word: T;
}

const wordsOf = <T extends string>(...words: readonly T[]): readonly Word<T>[] =>
  words.map((word) => ({ key: new LineKey(`"${word}"`), word }));
const DIRECTIONS = wordsOf<Direction>('send', 'recv', 'drop');
const ROLES = wordsOf<Role>('follower', 'leader', 'candidate', 'precandidate');

const POWERS_OF_TEN = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15] as const;

/** Longer lines go to the careful reader. The slack behind a line is there because a key is compared even where the line ends before it. */
const LINE_BYTES_MAX = 1 << 16;

/**
 * Reads a line of ASCII from left to right, with values as `encodeLine` writes them. Anything else, right or wrong, sets `failed`: then
 * nothing that was read counts, and another reader has to take the line.
 */
export class LineCursor {
  failed = false;
  readonly #bytes = Buffer.alloc(LINE_BYTES_MAX + KEY_BYTES_MAX);
  readonly #view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.length);
  readonly #pool = new TextPool();
  #at = 0;
  #end = 0;

  /** Starts at the beginning of a line that comes as a text; false where it is not ASCII, or too long. */
  startText(line: string): boolean {
    if (line.length > LINE_BYTES_MAX) return false;
    this.#start(this.#bytes.write(line, 0, LINE_BYTES_MAX, 'utf8'));
    return this.#end === line.length;
  }

  /** Starts at the beginning of a line that comes as bytes; false where it is too long. */
  startBytes(line: Uint8Array): boolean {
    if (line.length > LINE_BYTES_MAX) return false;
    this.#bytes.set(line);
    this.#start(line.length);
    return true;
  }

  #start(end: number): void {
    // Nothing reads past a zero. The rest of an earlier, longer line may still stand behind it.
    this.#bytes[end] = 0;
    this.#at = 0;
    this.#end = end;
    this.failed = false;
  }

  /** Moves over the key if it is next. */
  accept(key: LineKey): boolean {
    if (!key.standsAt(this.#view, this.#at)) return false;
    this.#at += key.length;
    return true;
  }

  /** Whether nothing failed and only the closing brace is left. */
  isAtEnd(): boolean {
    return !this.failed && this.#view.getUint8(this.#at) === CLOSE && this.#at + 1 === this.#end;
  }

  /** A whole number without a sign. */
  integer(): number {
    const view = this.#view;
    const start = this.#at;
    let at = start;
    let value = 0;
    let code = view.getUint8(at);
    while (code >= ZERO && code <= NINE) {
      value = value * 10 + (code - ZERO);
      at += 1;
      code = view.getUint8(at);
    }
    this.#at = at;
    // A number that is not a safe integer has lost digits, and JSON allows no leading zero.
    const isNumber = at === start + 1 || (at > start && view.getUint8(start) !== ZERO);
    if (!isNumber || (code !== COMMA && code !== CLOSE) || !Number.isSafeInteger(value)) this.failed = true;
    return value;
  }

  /** A number that may have a fraction. */
  decimal(): number {
    const start = this.#at;
    const whole = this.#digits(0);
    if (this.#view.getUint8(this.#at) !== DOT) {
      this.#at = start;
      return this.integer();
    }
    const point = this.#at;
    this.#at += 1;
    const scaled = this.#digits(whole);
    const power = POWERS_OF_TEN[this.#at - point - 1];
    const next = this.#view.getUint8(this.#at);
    const isNumber = point === start + 1 || (point > start && this.#view.getUint8(start) !== ZERO);
    const hasFraction = power !== undefined && this.#at > point + 1;
    if (!isNumber || !hasFraction || (next !== COMMA && next !== CLOSE) || !Number.isSafeInteger(scaled)) this.failed = true;
    // One division of two exact numbers rounds as the decimal number itself does.
    return scaled / (power ?? 1);
  }

  text(): string {
    return this.#open() ? this.#closedBy(QUOTE) : '';
  }

  /** Moves over a text without making a string of it. */
  skipText(): void {
    if (this.#open()) this.#moveOver(QUOTE);
  }

  textOrNull(): string | null {
    return this.#view.getUint8(this.#at) === LOWER_N && this.accept(NULL) ? null : this.text();
  }

  flag(): boolean {
    const isTrue = this.accept(TRUE);
    if (!isTrue && !this.accept(FALSE)) this.failed = true;
    return isTrue;
  }

  direction(): Direction {
    return this.#oneOf(DIRECTIONS, 'send');
  }

  role(): Role {
    return this.#oneOf(ROLES, 'follower');
  }

  #oneOf<T>(words: readonly Word<T>[], otherwise: T): T {
    for (const { key, word } of words) if (this.accept(key)) return word;
    this.failed = true;
    return otherwise;
  }

  digests(): readonly EntryDigest[] {
    const list: EntryDigest[] = [];
    if (!this.#open()) return list;
    if (this.#view.getUint8(this.#at) === QUOTE) {
      this.#at += 1;
      return list;
    }
    do {
      const start = this.#at;
      const term = this.#digits(0);
      if (this.#at === start || !Number.isSafeInteger(term) || this.#view.getUint8(this.#at) !== COLON) this.failed = true;
      this.#at += 1;
      list.push({ term, hash: this.#closedBy(COMMA) });
    } while (!this.failed && this.#view.getUint8(this.#at - 1) === COMMA);
    return list;
  }

  names(): readonly string[] {
    const names = namesOf(this.text());
    if (names === undefined) this.failed = true;
    return names ?? [];
  }

  integers(): readonly number[] {
    const integers = integersOf(this.text());
    if (integers === undefined) this.failed = true;
    return integers ?? [];
  }

  /** Reads the digits that follow `value`. The caller checks that the result is a safe integer: beyond that, digits are lost. */
  #digits(value: number): number {
    const view = this.#view;
    let at = this.#at;
    let read = value;
    let code = view.getUint8(at);
    while (code >= ZERO && code <= NINE) {
      read = read * 10 + (code - ZERO);
      at += 1;
      code = view.getUint8(at);
    }
    this.#at = at;
    return read;
  }

  #open(): boolean {
    if (this.#view.getUint8(this.#at) !== QUOTE) this.failed = true;
    this.#at += 1;
    return !this.failed;
  }

  /** The text up to the next quote, or to a comma where a comma ends an item too. Moves over the character that ended it. */
  #closedBy(end: typeof QUOTE | typeof COMMA): string {
    const start = this.#at;
    const hash = this.#moveOver(end);
    return this.failed ? '' : this.#pool.textOf(this.#bytes, start, this.#at - 1, hash);
  }

  /** Moves over plain characters and the character that ends them. Returns a hash of the plain ones. */
  #moveOver(end: typeof QUOTE | typeof COMMA): number {
    const view = this.#view;
    let at = this.#at;
    let hash = 0;
    let code = view.getUint8(at);
    while (code !== QUOTE && code !== end) {
      if (code < SPACE || code === BACKSLASH || code >= DELETE) {
        this.failed = true;
        return 0;
      }
      hash = (Math.imul(hash, 31) + code) | 0;
      at += 1;
      code = view.getUint8(at);
    }
    this.#at = at + 1;
    return hash;
  }
}
