import { MessageError } from './error.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** Up to this many bytes a loop is faster than the decoder. */
const SHORT_TEXT = 24;

/** Reads what a `Writer` wrote. Bytes that somebody else made are refused, and cost no more than they are long. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #position = 0;

  constructor(bytes: Uint8Array) {
    // A Buffer's `slice` is a view; what is read here is copied.
    this.#bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.#bytes.length - this.#position;
  }

  byte(): number {
    const value = this.#bytes[this.#position];
    if (value === undefined) throw this.#wrong('the bytes end too early');
    this.#position++;
    return value;
  }

  number(): number {
    let value = 0;
    let unit = 1;
    for (let byte = this.byte(); ; byte = this.byte()) {
      value += (byte & 0x7f) * unit;
      if (byte < 0x80) {
        if (byte === 0 && unit > 1) throw this.#wrong('a number is longer than it has to be');
        break;
      }
      unit *= 0x80;
      if (unit > Number.MAX_SAFE_INTEGER) throw this.#wrong('a number is too large');
    }
    if (!Number.isSafeInteger(value)) throw this.#wrong('a number is too large');
    return value;
  }

  flag(): boolean {
    const value = this.byte();
    if (value > 1) throw this.#wrong(`${value} is neither yes nor no`);
    return value === 1;
  }

  /** How many items follow, each of which takes at least `bytesMin` bytes: a count that cannot be true is refused before anything is made. */
  count(bytesMin: number): number {
    const count = this.number();
    if (count * bytesMin > this.left) throw this.#wrong(`${count} items do not fit into ${this.left} bytes`);
    return count;
  }

  bytes(): Uint8Array {
    const length = this.count(1);
    const start = this.#position;
    this.#position += length;
    return this.#bytes.slice(start, this.#position);
  }

  text(): string {
    const length = this.count(1);
    const start = this.#position;
    this.#position += length;
    return (length <= SHORT_TEXT ? this.#ascii(start) : null) ?? this.#utf8(start);
  }

  /** Nothing may follow. */
  end(): void {
    if (this.left > 0) throw this.#wrong(`${this.left} bytes follow the message`);
  }

  /** What is wrong, and at which byte. */
  wrong(what: string): MessageError {
    return this.#wrong(what);
  }

  #ascii(start: number): string | null {
    let text = '';
    for (let position = start; position < this.#position; position++) {
      const code = this.#bytes[position] ?? 0;
      if (code > 0x7f) return null;
      text += String.fromCharCode(code);
    }
    return text;
  }

  #utf8(start: number): string {
    try {
      return decoder.decode(this.#bytes.subarray(start, this.#position));
    } catch {
      throw this.#wrong('a text is no UTF-8');
    }
  }

  #wrong(what: string): MessageError {
    return new MessageError(`no message: ${what} (byte ${this.#position} of ${this.#bytes.length})`);
  }
}
