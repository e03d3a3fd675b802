import { MessageError } from './error.ts';

const FIRST_BYTES = 1024;
const encoder = new TextEncoder();
const SURROGATE = /\p{Surrogate}/u;

/** Bytes one after the other, in room that grows and is used again for the next message. */
export class ByteWriter {
  #bytes = new Uint8Array(FIRST_BYTES);
  #length = 0;

  clear(): void {
    this.#length = 0;
  }

  /** A copy, which belongs to the caller. */
  take(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  byte(value: number): void {
    this.#room(1);
    this.#bytes[this.#length++] = value;
  }

  /** A whole number from 0 to 2^53 - 1: seven bits a byte, the low ones first. */
  number(value: number): void {
    if (!Number.isSafeInteger(value) || value < 0) throw new MessageError(`${value} is no whole number from 0 on`);
    this.#room(8);
    let rest = value;
    while (rest > 0x7f) {
      this.#bytes[this.#length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#length++] = rest;
  }

  /** The length, and then the bytes. */
  bytes(value: Uint8Array): void {
    this.number(value.length);
    this.#room(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  /** The length in bytes, and then UTF-8. A text that has no UTF-8 would come back as another one, and is refused. */
  text(value: string): void {
    const { length } = value;
    this.number(length);
    this.#room(length);
    for (let position = 0; position < length; position++) {
      const code = value.charCodeAt(position);
      if (code > 0x7f) {
        this.#length -= position + widthOf(length);
        this.#wideText(value);
        return;
      }
      this.#bytes[this.#length++] = code;
    }
  }

  #wideText(value: string): void {
    if (SURROGATE.test(value)) throw new MessageError('a text holds half a surrogate pair, which has no UTF-8: send it as bytes');
    this.bytes(encoder.encode(value));
  }

  #room(more: number): void {
    const needed = this.#length + more;
    if (needed > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
  }
}

/** How many bytes a number takes. */
function widthOf(value: number): number {
  let width = 1;
  for (let rest = value; rest > 0x7f; rest = Math.floor(rest / 0x80)) width++;
  return width;
}
