import { specOf } from '@raftlens/events';
import { codeOfOpcode, DIRECTIONS, FLAG_HEARTBEAT, FLAG_STATE, OPCODE_CODES, ROLES } from '../columns/codes.ts';
import { LARGEST } from '../columns/columns.ts';
import { nativeFormat } from '../formats/native.ts';
import { type Chunk, clearRow, growChunk, newChunk } from './chunk.ts';
import { fillFromRecord } from './fill.ts';
import { NAME_BYTES_MAX } from './limits.ts';
import { NameTable } from './name-table.ts';

// Bytes that matter in a flat JSON object.
const NEWLINE = 10;
const RETURN = 13;
const SPACE = 32;
const QUOTE = 34;
const COMMA = 44;
const MINUS = 45;
const DOT = 46;
const ZERO = 48;
const NINE = 57;
const COLON = 58;
const BACKSLASH = 92;
const LETTER_F = 102;
const LETTER_N = 110;
const LETTER_T = 116;
const OPEN = 123;
const CLOSE = 125;

/** The first four bytes of a key as one number: that is the whole key for most of those that become columns. */
function keyCode(key: string): number {
  let code = 0;
  for (let i = 0; i < Math.min(4, key.length); i++) code |= key.charCodeAt(i) << (8 * i);
  return code;
}

const LEVEL = keyCode('level');
const TIME = keyCode('time');
const SEQ = keyCode('seq');
const NODE = keyCode('node');
const BOOT = keyCode('boot');
const OP = keyCode('op');
const DIR = keyCode('dir');
const SRC = keyCode('src');
const DST = keyCode('dst');
const ID = keyCode('id');
const RE = keyCode('re');
const TERM = keyCode('term');
const ROLE = keyCode('role');
const COMMIT = keyCode('commit');
const N = keyCode('n');

// One bit a key that becomes a column. A line that has one twice goes the slow way.
const HAS_LEVEL = 1 << 0;
const HAS_TIME = 1 << 1;
const HAS_NODE = 1 << 2;
const HAS_OP = 1 << 3;
const HAS_DIR = 1 << 4;
const HAS_SRC = 1 << 5;
const HAS_DST = 1 << 6;
const HAS_ID = 1 << 7;
const HAS_RE = 1 << 8;
const HAS_TERM = 1 << 9;
const HAS_ROLE = 1 << 10;
const HAS_COMMIT = 1 << 11;
const HAS_N = 1 << 12;
const HAS_SEQ = 1 << 13;
const HAS_BOOT = 1 << 14;
const HAS_HEADER = HAS_TIME | HAS_NODE | HAS_OP | HAS_SRC | HAS_DST;

/** By the code of the opcode: is it a message, which must have a direction? */
const IS_MESSAGE = OPCODE_CODES.map((op) => op !== null && specOf(op).kind === 'message');
const APPEND_ENTRIES = codeOfOpcode('AppendEntries');
const POWERS_OF_TEN = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];
/** Up to here an integer plus one more digit is still exact. */
const EXACT_MAX = 9e14;

/**
 * Reads native lines at the level of bytes. The fast way (`#scanLine`) takes a line only where its answer is beyond
 * doubt: a flat object with plain names, plain numbers and no key twice. Every other line is decoded as a whole
 * (`fillFromLine`), so that the columns always say what the event says.
 */
export class NativeScanner {
  readonly #names = new NameTable();
  // Their numbers are the codes of the columns: the tables are filled in the order of the codes.
  readonly #opcodes = tableOf(OPCODE_CODES);
  readonly #directions = tableOf(DIRECTIONS);
  readonly #roles = tableOf(ROLES);
  #chunk: Chunk = newChunk(1);
  /** The bits of the keys of this line, and the number of entries that its message carries. */
  #seen = 0;
  #entryCount = -1;
  /** Where the number that was read last ends. */
  #position = 0;

  /** Scans the lines in bytes[0..length). A last line without a newline is a row only if `isLast`. */
  scan(bytes: Buffer, length: number, isLast: boolean, reuse?: Chunk): Chunk {
    const chunk = reuse ?? newChunk(Math.max(64, Math.ceil(length / 160)));
    chunk.rows = 0;
    this.#chunk = chunk;
    let start = 0;
    while (start < length) {
      if (chunk.rows === chunk.starts.length) growChunk(chunk);
      const row = chunk.rows;
      clearRow(chunk, row);
      let next = this.#scanLine(bytes, start, length, row);
      if (next < 0) next = this.#decode(bytes, start, length, row, isLast);
      if (next < 0) break;
      chunk.starts[row] = start;
      chunk.rows = row + 1;
      start = next;
    }
    chunk.bytesUsed = start;
    chunk.names = this.#names.names;
    return chunk;
  }

  /** The slow way: the whole line as text. Returns the start of the next line, -1 where the line is cut. */
  #decode(bytes: Buffer, start: number, length: number, row: number, isLast: boolean): number {
    const newline = bytes.indexOf(NEWLINE, start);
    const isCut = newline < 0 || newline >= length;
    if (isCut && !isLast) return -1;
    const end = isCut ? length : newline;
    clearRow(this.#chunk, row);
    fillFromRecord(this.#chunk, row, bytes, start, end, nativeFormat, '', this.#names);
    return isCut ? length : newline + 1;
  }

  /** Returns the start of the next line, or -1 where the line wants the slow way. */
  #scanLine(bytes: Buffer, start: number, length: number, row: number): number {
    if (bytes[start] !== OPEN) return -1;
    this.#seen = 0;
    this.#entryCount = -1;
    let p = start + 1;
    for (;;) {
      if (bytes[p] === SPACE) p++;
      if (bytes[p++] !== QUOTE) return -1;
      let code = 0;
      let keyLength = 0;
      let c = bytes[p++];
      while (c !== QUOTE) {
        if (c === undefined || c < SPACE || c === BACKSLASH) return -1;
        if (keyLength < 4) code |= c << (8 * keyLength);
        keyLength++;
        c = bytes[p++];
      }
      if (bytes[p++] !== COLON) return -1;
      if (bytes[p] === SPACE) p++;
      p = this.#scanValue(bytes, p, code, keyLength, row);
      if (p < 0) return -1;
      if (bytes[p] === SPACE) p++;
      c = bytes[p++];
      if (c === CLOSE) break;
      if (c !== COMMA) return -1;
    }
    if (bytes[p] === RETURN) p++;
    if (bytes[p] !== NEWLINE || p >= length || (this.#seen & HAS_HEADER) !== HAS_HEADER) return -1;
    const chunk = this.#chunk;
    if (chunk.dir[row] === 0 && IS_MESSAGE[chunk.op[row] ?? 0] === true) return -1;
    let flags = (this.#seen & HAS_TERM) !== 0 ? FLAG_STATE : 0;
    if (this.#entryCount === 0 && chunk.op[row] === APPEND_ENTRIES) flags |= FLAG_HEARTBEAT;
    chunk.flags[row] = flags;
    return p + 1;
  }

  /** Reads the value at `p` into its column, if it has one. Returns the place after it, -1 where it wants the slow way. */
  #scanValue(bytes: Buffer, p: number, code: number, keyLength: number, row: number): number {
    const c = bytes[p] ?? 0;
    if (c === QUOTE) {
      const to = endOfText(bytes, p + 1);
      if (to < 0) return -1;
      const bit = textBit(code, keyLength);
      if (bit !== 0 && !this.#putText(bytes, p + 1, to, bit, row)) return -1;
      return to + 1;
    }
    const bit = numberBit(code, keyLength, bytes, p);
    if (c === MINUS || (c >= ZERO && c <= NINE)) {
      const value = this.#readNumber(bytes, p);
      if (this.#position < 0 || (bit !== 0 && !this.#putNumber(value, bit, row))) return -1;
      return textBit(code, keyLength) === 0 ? this.#position : -1;
    }
    return bit === 0 && textBit(code, keyLength) === 0 ? endOfLiteral(bytes, p) : -1;
  }

  /** Puts a number that becomes a column; false where it wants the slow way. */
  #putNumber(value: number, bit: number, row: number): boolean {
    const chunk = this.#chunk;
    if ((this.#seen & bit) !== 0 || value < 0) return false;
    this.#seen |= bit;
    if (bit === HAS_TIME) {
      chunk.time[row] = value;
      return true;
    }
    if (!Number.isSafeInteger(value)) return false;
    if (bit === HAS_TERM) chunk.term[row] = value > LARGEST ? LARGEST : value;
    else if (bit === HAS_COMMIT) chunk.commit[row] = value > LARGEST ? LARGEST : value;
    else if (bit === HAS_ID) chunk.id[row] = value;
    else if (bit === HAS_RE) chunk.re[row] = value;
    else if (bit === HAS_LEVEL) chunk.level[row] = value > 255 ? 255 : value;
    else if (bit === HAS_N) this.#entryCount = value;
    return true;
  }

  /** Puts a text that becomes a column; false where it wants the slow way. */
  #putText(bytes: Buffer, from: number, to: number, bit: number, row: number): boolean {
    const chunk = this.#chunk;
    if (to - from > NAME_BYTES_MAX || to === from || (this.#seen & bit) !== 0) return false;
    this.#seen |= bit;
    switch (bit) {
      case HAS_OP: {
        const code = this.#opcodes.find(bytes, from, to);
        chunk.op[row] = code;
        return code !== 0;
      }
      case HAS_DIR: {
        const code = this.#directions.find(bytes, from, to);
        chunk.dir[row] = code;
        return code !== 0;
      }
      case HAS_ROLE: {
        const code = this.#roles.find(bytes, from, to);
        chunk.role[row] = code;
        return code !== 0;
      }
      default: {
        for (let i = from; i < to; i++) if (bytes[i] === BACKSLASH) return false;
        const name = this.#names.numberOf(bytes, from, to);
        if (bit === HAS_NODE) chunk.node[row] = name;
        else if (bit === HAS_SRC) chunk.src[row] = name;
        else chunk.dst[row] = name;
        return true;
      }
    }
  }

  /** A plain decimal number; `#position` is -1 where it is anything else, or too long to be exact. */
  #readNumber(bytes: Buffer, from: number): number {
    let p = from;
    const isNegative = bytes[p] === MINUS;
    if (isNegative) p++;
    const first = p;
    let value = 0;
    let c = bytes[p] ?? 0;
    while (c >= ZERO && c <= NINE && value < EXACT_MAX) {
      value = value * 10 + (c - ZERO);
      c = bytes[++p] ?? 0;
    }
    this.#position = -1;
    // JSON allows no leading zero, and no number without digits.
    if (p === first || (bytes[first] === ZERO && p > first + 1)) return 0;
    if (c === DOT) {
      const point = p++;
      c = bytes[p] ?? 0;
      while (c >= ZERO && c <= NINE && value < EXACT_MAX) {
        value = value * 10 + (c - ZERO);
        c = bytes[++p] ?? 0;
      }
      const power = POWERS_OF_TEN[p - point - 1];
      // One division of two exact numbers rounds as the decimal number itself does.
      if (p === point + 1 || power === undefined) return 0;
      value /= power;
    }
    if (c !== COMMA && c !== CLOSE && c !== SPACE) return 0;
    this.#position = p;
    return isNegative ? -value : value;
  }
}

function tableOf(codes: readonly (string | null)[]): NameTable {
  const table = new NameTable();
  for (const name of codes) table.numberOfText(name ?? '');
  return table;
}

function textBit(code: number, keyLength: number): number {
  switch (code) {
    case NODE:
      return keyLength === 4 ? HAS_NODE : 0;
    case OP:
      return keyLength === 2 ? HAS_OP : 0;
    case DIR:
      return keyLength === 3 ? HAS_DIR : 0;
    case SRC:
      return keyLength === 3 ? HAS_SRC : 0;
    case DST:
      return keyLength === 3 ? HAS_DST : 0;
    case ROLE:
      return keyLength === 4 ? HAS_ROLE : 0;
    default:
      return 0;
  }
}

/** `p` is the place of the value: the rest of a long key stands before it, ended by a quote and a colon. */
function numberBit(code: number, keyLength: number, bytes: Buffer, p: number): number {
  switch (code) {
    case LEVEL:
      return keyLength === 5 && tailIs(bytes, p, 'l') ? HAS_LEVEL : 0;
    case COMMIT:
      return keyLength === 6 && tailIs(bytes, p, 'it') ? HAS_COMMIT : 0;
    case TIME:
      return keyLength === 4 ? HAS_TIME : 0;
    case SEQ:
      return keyLength === 3 ? HAS_SEQ : 0;
    case BOOT:
      return keyLength === 4 ? HAS_BOOT : 0;
    case ID:
      return keyLength === 2 ? HAS_ID : 0;
    case RE:
      return keyLength === 2 ? HAS_RE : 0;
    case TERM:
      return keyLength === 4 ? HAS_TERM : 0;
    case N:
      return keyLength === 1 ? HAS_N : 0;
    default:
      return 0;
  }
}

/** Does the key that ends just before the value at `p` end so? */
function tailIs(bytes: Buffer, p: number, tail: string): boolean {
  let end = p - 1;
  if (bytes[end] === SPACE) end--;
  for (let i = 0; i < tail.length; i++) if (bytes[end - 1 - tail.length + i] !== tail.charCodeAt(i)) return false;
  return true;
}

/** The place of the closing quote, or -1 where the text is cut. */
function endOfText(bytes: Buffer, from: number): number {
  let p = from;
  for (;;) {
    const c = bytes[p];
    if (c === QUOTE) return p;
    if (c === undefined || c < SPACE) return -1;
    p += c === BACKSLASH ? 2 : 1;
  }
}

/** The place after true, false or null; -1 for anything else. */
function endOfLiteral(bytes: Buffer, p: number): number {
  const c = bytes[p];
  const word = c === LETTER_T ? 'true' : c === LETTER_F ? 'false' : c === LETTER_N ? 'null' : '';
  if (word === '') return -1;
  for (let i = 1; i < word.length; i++) if (bytes[p + i] !== word.charCodeAt(i)) return -1;
  return p + word.length;
}
