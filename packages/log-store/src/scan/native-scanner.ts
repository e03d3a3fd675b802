import { specOf } from '@raftlens/events';
import { type Chunk, clearChunk, growChunk, newChunk } from '../columns/chunk.ts';
import { codeOfOpcode, DIRECTIONS, FLAG_HEARTBEAT, FLAG_STATE, OPCODE_CODES, ROLES } from '../columns/codes.ts';
import { LARGEST } from '../columns/layout.ts';
import { COLUMNS, type PlaceInLine, SCANNED_NAMES, type ScannedName } from '../columns/schema.ts';
import { nativeFormat } from '../formats/native.ts';
import { NAME_BYTES_MAX } from '../limits.ts';
import { fillFromRecord, markUnmatched } from './fill.ts';
import { Literal } from './literal.ts';
import { NameTable } from './name-table.ts';

/** Bytes that must follow those that are scanned: newlines, so that no loop runs past the end. */
export const SLACK_BYTES = 16;

const TAB = 9;
const NEWLINE = 10;
const RETURN = 13;
const SPACE = 32;
const QUOTE = 34;
const COMMA = 44;
const DOT = 46;
const ZERO = 48;
const NINE = 57;
const BACKSLASH = 92;
const OPEN = 123;
const CLOSE = 125;

// The keys in the order of docs/EVENTS.md, with what stands between the values. Values of text are followed by a quote.
const LEVEL = new Literal('{"level":');
const TIME = new Literal(',"time":');
const SEQ = new Literal(',"seq":');
const NODE = new Literal(',"node":"');
const BOOT = new Literal('","boot":');
const OP = new Literal(',"op":"');
const DIR = new Literal('","dir":"');
const SRC = new Literal('","src":"');
const DST = new Literal('","dst":"');
const ID = new Literal('","id":');
const RE = new Literal(',"re":');
const TERM_AFTER_TEXT = new Literal('","term":');
const TERM_AFTER_NUMBER = new Literal(',"term":');
const ROLE = new Literal(',"role":"');
const VOTE = new Literal('","vote":');
const COMMIT = new Literal(',"commit":');
const NULL_VOTE = new Literal('null,');
/** The numbers of the state behind the commit index, in the order of the line, up to the last that is a column. */
const STATE_NUMBERS = stateNumbers();
// From the commit index on to the number of entries of AppendEntries.
const NUMBERS_BEFORE_N = [',"applied":', ',"last":', ',"lastTerm":', ',"msgTerm":', ',"prev":', ',"prevTerm":'].map(
  (key) => new Literal(key),
);
const N = new Literal(',"n":');

/** By the code of the opcode: is it a message, which must have a direction? */
const IS_MESSAGE = OPCODE_CODES.map((op) => op !== null && specOf(op).kind === 'message');
const APPEND_ENTRIES = codeOfOpcode('AppendEntries');

/** The columns that are read at their place. The compiler says which of them is missing here, for then its cells would stay empty. */
type ReadHere = 'time' | 'term' | 'commit' | 'level' | 'id' | 'node' | 'src' | 'dst' | 'op' | 'dir' | 'role' | 'flags';
type HeadName = { [N in ScannedName]: (typeof COLUMNS)[N]['bytes'] extends 'head' ? N : never }[ScannedName];
type None<T extends never> = T;
export type UnreadColumn = None<Exclude<HeadName, ReadHere>>;

const POWERS_OF_TEN = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];
/** Up to here an integer times ten plus a digit is still exact. */
const EXACT_MAX = 9e14;

/**
 * Reads native lines at the level of bytes. Lines in the canonical order are read by position, up to the last key that
 * becomes a column (`#scanLine`); every other line is decoded as a whole (`fillFromRecord`). What comes after that key is
 * looked at when the event is asked for.
 */
export class NativeScanner {
  readonly #names = new NameTable();
  // Their numbers are the codes of the columns: the tables are filled in the order of the codes.
  readonly #opcodes = tableOf(OPCODE_CODES);
  readonly #directions = tableOf(DIRECTIONS);
  readonly #roles = tableOf(ROLES);
  #chunk: Chunk = newChunk(1);
  #view: DataView = new DataView(new ArrayBuffer(0));
  /** The value of the number that was read last. */
  #number = 0;

  /**
   * Scans the lines in bytes[0..length); SLACK_BYTES newlines must follow. A last line without a newline is a row only if
   * `isLast`.
   */
  scan(bytes: Buffer, length: number, isLast: boolean, reuse?: Chunk): Chunk {
    const chunk = reuse ?? newChunk(Math.max(64, Math.ceil(length / 200)));
    clearChunk(chunk);
    this.#chunk = chunk;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    let start = 0;
    while (start < length) {
      if (chunk.rows === chunk.starts.length) growChunk(chunk);
      const row = chunk.rows;
      const newline = bytes.indexOf(NEWLINE, start);
      const isCut = newline >= length;
      if (isCut && !isLast) break;
      const end = isCut ? length : newline;
      // Test output and stack traces between the events are told by their first byte.
      if (!this.#startsObject(start, end)) markUnmatched(chunk, row);
      else if (!this.#scanLine(start, end, row)) fillFromRecord(chunk, row, bytes, start, end, nativeFormat, '', this.#names);
      chunk.starts[row] = start;
      chunk.rows = row + 1;
      start = Math.min(newline + 1, length);
    }
    chunk.bytesUsed = start;
    chunk.newNames = this.#names.takeNewNames();
    return chunk;
  }

  /** Reads a line in the canonical order; false where it is any other. */
  #scanLine(start: number, end: number, row: number): boolean {
    const view = this.#view;
    const chunk = this.#chunk;
    if (!this.#isClosed(start, end)) return false;
    let p = this.#numberAfter(LEVEL, start);
    if (p < 0) return false;
    chunk.level[row] = this.#number > 255 ? 255 : this.#number;
    p = this.#numberAfter(TIME, p);
    if (p < 0) return false;
    chunk.time[row] = this.#number;
    p = this.#integerAfter(SEQ, p);
    if (p < 0 || !NODE.standsAt(view, p)) return false;
    const node = p + NODE.length;
    p = this.#endOfName(node);
    if (p < 0) return false;
    const speaker = this.#names.numberOf(view, node, p);
    if (speaker === 0) return false;
    chunk.node[row] = speaker;
    p = this.#integerAfter(BOOT, p);
    if (p < 0 || !OP.standsAt(view, p)) return false;
    const op = p + OP.length;
    p = this.#endOfName(op);
    if (p < 0) return false;
    chunk.op[row] = this.#opcodes.find(view, op, p);
    p = this.#scanMessage(p, row);
    return p >= 0 && chunk.op[row] !== 0 && this.#scanState(p, row) && p < end;
  }

  /** From the end of the opcode to the term: who to whom, and which message. */
  #scanMessage(from: number, row: number): number {
    const view = this.#view;
    const chunk = this.#chunk;
    let p = from;
    if (DIR.standsAt(view, p)) {
      const dir = p + DIR.length;
      p = this.#endOfName(dir);
      if (p < 0) return -1;
      chunk.dir[row] = this.#directions.find(view, dir, p);
    }
    if ((chunk.dir[row] === 0 && (p !== from || IS_MESSAGE[chunk.op[row] ?? 0] === true)) || !SRC.standsAt(view, p)) return -1;
    const src = p + SRC.length;
    p = this.#endOfName(src);
    if (p < 0 || !DST.standsAt(view, p)) return -1;
    const sender = this.#names.numberOf(view, src, p);
    const dst = p + DST.length;
    p = this.#endOfName(dst);
    if (p < 0) return -1;
    const receiver = this.#names.numberOf(view, dst, p);
    if (sender === 0 || receiver === 0) return -1;
    chunk.src[row] = sender;
    chunk.dst[row] = receiver;
    if (!ID.standsAt(view, p)) return p;
    p = this.#integerAfter(ID, p);
    if (p < 0) return -1;
    chunk.id[row] = this.#number;
    if (!RE.standsAt(view, p)) return p;
    p = this.#integerAfter(RE, p);
    chunk.re[row] = this.#number;
    return p;
  }

  /** From the term to the commit index, and on to the number of entries; lines without a state have none of it. */
  #scanState(from: number, row: number): boolean {
    const view = this.#view;
    const chunk = this.#chunk;
    const isAfterText = view.getUint8(from) === QUOTE;
    const key = isAfterText ? TERM_AFTER_TEXT : TERM_AFTER_NUMBER;
    // Lines of the network, the harness and the clients carry no state. Few, and of many shapes: they are decoded.
    if (!key.standsAt(view, from)) return false;
    let p = this.#integerAfter(key, from);
    if (p < 0 || !ROLE.standsAt(view, p)) return false;
    chunk.term[row] = this.#number > LARGEST ? LARGEST : this.#number;
    const role = p + ROLE.length;
    p = this.#endOfName(role);
    if (p < 0) return false;
    chunk.role[row] = this.#roles.find(view, role, p);
    if (chunk.role[row] === 0 || !VOTE.standsAt(view, p)) return false;
    p = this.#endOfVote(p + VOTE.length);
    if (p >= 0) p = this.#integerAfter(COMMIT, p);
    if (p < 0) return false;
    chunk.commit[row] = this.#number > LARGEST ? LARGEST : this.#number;
    chunk.flags[row] = FLAG_STATE;
    if (STATE_NUMBERS.length > 0 && !this.#scanStateNumbers(p, row)) return false;
    return chunk.op[row] !== APPEND_ENTRIES || this.#scanEntryCount(p, row);
  }

  #scanStateNumbers(from: number, row: number): boolean {
    let p = from;
    for (const { key, column } of STATE_NUMBERS) {
      p = this.#integerAfter(key, p);
      if (p < 0) return false;
      const cells = this.#chunk.columns[column];
      if (cells !== undefined) cells[row] = Math.min(this.#number, LARGEST);
    }
    return true;
  }

  #scanEntryCount(from: number, row: number): boolean {
    let p = from;
    for (const key of NUMBERS_BEFORE_N) {
      p = this.#integerAfter(key, p);
      if (p < 0) return false;
    }
    p = this.#integerAfter(N, p);
    if (p < 0) return false;
    if (this.#number === 0) this.#chunk.flags[row] = FLAG_STATE | FLAG_HEARTBEAT;
    return true;
  }

  #startsObject(start: number, end: number): boolean {
    let first = start;
    while (first < end && isSpace(this.#view.getUint8(first))) first++;
    return first < end && this.#view.getUint8(first) === OPEN;
  }

  /** A line that is whole ends with a brace. */
  #isClosed(start: number, end: number): boolean {
    let last = end - 1;
    while (last > start && isSpace(this.#view.getUint8(last))) last--;
    return last > start && this.#view.getUint8(last) === CLOSE;
  }

  /** The place of the quote after a plain name, or -1. */
  #endOfName(from: number): number {
    const view = this.#view;
    let p = from;
    for (;;) {
      const c = view.getUint8(p);
      if (c === QUOTE) return p === from || p - from > NAME_BYTES_MAX ? -1 : p;
      if (c < SPACE || c === BACKSLASH) return -1;
      p++;
    }
  }

  #endOfVote(p: number): number {
    if (this.#view.getUint8(p) !== QUOTE) return NULL_VOTE.standsAt(this.#view, p) ? p + NULL_VOTE.length - 1 : -1;
    const end = this.#endOfName(p + 1);
    return end < 0 ? -1 : end + 1;
  }

  #integerAfter(key: Literal, p: number): number {
    const end = this.#numberAfter(key, p);
    return end >= 0 && Number.isSafeInteger(this.#number) ? end : -1;
  }

  /** Reads the number that follows a key at `p` into `#number`. Returns the place after it, or -1 for anything else. */
  #numberAfter(key: Literal, p: number): number {
    return key.standsAt(this.#view, p) ? this.#readNumber(p + key.length) : -1;
  }

  /** A decimal number without a sign that is short enough to be exact. */
  #readNumber(from: number): number {
    const view = this.#view;
    let p = from;
    let value = 0;
    let c = view.getUint8(p);
    while (c >= ZERO && c <= NINE && value < EXACT_MAX) {
      value = value * 10 + (c - ZERO);
      c = view.getUint8(++p);
    }
    // JSON allows no leading zero, and no number without digits.
    if (p === from || (p > from + 1 && view.getUint8(from) === ZERO)) return -1;
    if (c === DOT) {
      const point = p++;
      c = view.getUint8(p);
      while (c >= ZERO && c <= NINE && value < EXACT_MAX) {
        value = value * 10 + (c - ZERO);
        c = view.getUint8(++p);
      }
      const power = POWERS_OF_TEN[p - point - 1];
      // One division of two exact numbers rounds as the decimal number itself does.
      if (p === point + 1 || power === undefined) return -1;
      value /= power;
    }
    this.#number = value;
    return c === COMMA || c === CLOSE ? p : -1;
  }
}

function stateNumbers(): readonly { readonly key: Literal; readonly column: number }[] {
  const columnOf = (place: PlaceInLine) => SCANNED_NAMES.findIndex((name) => (COLUMNS[name].bytes as PlaceInLine) === place);
  const all = (['applied', 'last', 'lastTerm'] as const).map((place) => ({ key: new Literal(`,"${place}":`), column: columnOf(place) }));
  return all.slice(0, all.findLastIndex(({ column }) => column >= 0) + 1);
}

function isSpace(byte: number): boolean {
  return byte === SPACE || byte === RETURN || byte === TAB;
}

function tableOf(codes: readonly (string | null)[]): NameTable {
  const table = new NameTable();
  for (const name of codes) table.numberOfText(name ?? '');
  return table;
}
