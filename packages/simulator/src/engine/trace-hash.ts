import {
  type EntryDigest,
  type Event,
  type EventFields,
  type EventHeader,
  FIELD_TYPES,
  type FieldName,
  OPCODE_NAMES,
  specOf,
} from '@raftlens/events';

/**
 * A 64-bit fold over every field of every event of a run: two runs with the same hash went through the same events. `seq` is the event's
 * place in the fold; numbers count modulo 2^32. The opcodes that make up most of a run are folded field by field and without calls, which
 * costs a fraction of reading the fields by the table of the format; a test holds both ways against that table.
 */
export class TraceHash {
  #high = 0x9e3779b9 | 0;
  #low = 0x85ebca6b | 0;

  add(event: Event): void {
    let low = Math.imul(this.#low ^ (event.time * 1000 + 0.5), FACTOR);
    low = Math.imul(foldText(low, event.node) ^ event.boot, FACTOR);
    if (event.dir !== undefined) low = foldPassage(low, event);
    if (event.term !== undefined) {
      // The roles begin with different letters.
      low = Math.imul(low ^ event.term ^ ((event.role ?? ' ').charCodeAt(0) << 24), FACTOR);
      low = foldName(low, event.vote);
      low = Math.imul(low ^ (event.commit ?? ABSENT), FACTOR);
      low = Math.imul(low ^ (event.applied ?? ABSENT), FACTOR);
      low = Math.imul(low ^ (event.last ?? ABSENT), FACTOR);
      low = Math.imul(low ^ (event.lastTerm ?? ABSENT), FACTOR);
    }
    let high = foldOwn(this.#high, event);
    if (event.extra !== undefined) high = foldText(high, JSON.stringify(event.extra));
    high = Math.imul(high ^ low, FACTOR);
    high ^= high >>> 13;
    this.#high = high;
    this.#low = (low + high) | 0;
  }

  /** Sixteen hexadecimal digits. */
  digest(): string {
    return hex(this.#high) + hex(this.#low);
  }
}

/** Odd: a product with it keeps apart what differs in one number. */
const FACTOR = 0x5bd1e995;
/** What stands for a field that is absent, and for one that is null: no number of an event is that far below zero. */
const ABSENT = -0x7fffffff;
const NULL = -0x7ffffffe;

/** What only messages have: send, recv and drop begin with different letters. */
function foldPassage(hash: number, event: EventHeader): number {
  let folded = foldText(Math.imul(hash ^ (event.dir ?? ' ').charCodeAt(0), FACTOR), event.src);
  folded = Math.imul(foldText(folded, event.dst) ^ (event.id ?? ABSENT), FACTOR);
  return Math.imul(folded ^ (event.re ?? ABSENT), FACTOR);
}

/** The opcode, and the fields that it owns. */
function foldOwn(hash: number, event: Event): number {
  let folded = hash;
  switch (event.op) {
    case 'Apply':
      folded = Math.imul(folded ^ 1 ^ (event.index ?? ABSENT), FACTOR);
      folded = Math.imul(folded ^ (event.entryTerm ?? ABSENT), FACTOR);
      return foldName(folded, event.hash);
    case 'Commit':
      folded = Math.imul(folded ^ 2, FACTOR);
      folded = Math.imul(folded ^ (event.index ?? ABSENT), FACTOR);
      return Math.imul(folded ^ (event.from ?? ABSENT), FACTOR);
    case 'Persist':
      folded = foldName(Math.imul(folded ^ 3, FACTOR), event.what);
      folded = Math.imul(folded ^ (event.durableTerm ?? ABSENT), FACTOR);
      folded = foldName(folded, event.durableVote);
      folded = Math.imul(folded ^ (event.durableLast ?? ABSENT), FACTOR);
      folded = Math.imul(folded ^ (event.durableLastTerm ?? ABSENT), FACTOR);
      folded = foldTold(foldTold(foldTold(folded, 1, event.snapshotIndex), 2, event.snapshotTerm), 3, event.index);
      return event.entries === undefined ? folded : foldEntries(folded, event.entries);
    case 'AppendEntries':
      folded = Math.imul(Math.imul(folded ^ 4, FACTOR) ^ (event.msgTerm ?? ABSENT), FACTOR);
      folded = Math.imul(folded ^ (event.prev ?? ABSENT), FACTOR);
      folded = Math.imul(folded ^ (event.prevTerm ?? ABSENT), FACTOR);
      folded = Math.imul(folded ^ (event.n ?? ABSENT), FACTOR);
      folded = Math.imul(folded ^ (event.leaderCommit ?? ABSENT), FACTOR);
      folded = Math.imul(folded ^ (event.round ?? ABSENT), FACTOR);
      return event.entries === undefined ? Math.imul(folded ^ ABSENT, FACTOR) : foldEntries(folded, event.entries);
    case 'AppendEntriesReply':
      folded = Math.imul(Math.imul(folded ^ 5, FACTOR) ^ (event.msgTerm ?? ABSENT), FACTOR);
      folded = Math.imul(folded ^ (event.success === undefined ? ABSENT : event.success ? 1 : 0), FACTOR);
      folded = Math.imul(folded ^ (event.match ?? ABSENT), FACTOR);
      folded = Math.imul(folded ^ (event.conflictIndex ?? ABSENT), FACTOR);
      folded = Math.imul(folded ^ (event.conflictTerm ?? ABSENT), FACTOR);
      return Math.imul(folded ^ (event.round ?? ABSENT), FACTOR);
    case 'Append':
      folded = Math.imul(Math.imul(folded ^ 6, FACTOR) ^ (event.index ?? ABSENT), FACTOR);
      folded = Math.imul(folded ^ (event.n ?? ABSENT), FACTOR);
      return event.entries === undefined ? Math.imul(folded ^ ABSENT, FACTOR) : foldEntries(folded, event.entries);
    case 'Progress':
      folded = foldName(Math.imul(folded ^ 7, FACTOR), event.peer);
      folded = Math.imul(folded ^ (event.match ?? ABSENT), FACTOR);
      folded = Math.imul(folded ^ (event.next ?? ABSENT), FACTOR);
      return foldName(folded, event.state);
    case 'Start':
      folded = Math.imul(Math.imul(folded ^ 8, FACTOR) ^ (event.index ?? ABSENT), FACTOR);
      return foldTold(foldName(foldName(folded, event.hash), event.cmd), 1, event.entryTerm);
    default:
      return foldByTable(Math.imul(folded ^ 9, FACTOR), event);
  }
}

const FIELD_NAMES = Object.keys(FIELD_TYPES).filter((name): name is FieldName => Object.hasOwn(FIELD_TYPES, name));

/** What an opcode owns, as its row in the table of the format has it. */
const OWN_FIELDS: ReadonlyMap<string, readonly FieldName[]> = new Map(
  OPCODE_NAMES.map((op) => [op, FIELD_NAMES.filter((name) => specOf(op).fields.some((field) => field === name || field === `${name}?`))]),
);

function foldByTable(hash: number, event: EventFields): number {
  let folded = foldText(hash, event.op);
  for (const field of OWN_FIELDS.get(event.op) ?? []) folded = foldValue(folded, event[field]);
  return folded;
}

function foldValue(hash: number, value: EventFields[FieldName]): number {
  if (typeof value === 'number') return foldNumber(hash, value);
  if (typeof value === 'boolean') return foldNumber(hash, value ? 1 : 0);
  if (value === undefined || value === null || typeof value === 'string') return foldName(hash, value);
  let folded = foldNumber(hash, value.length);
  for (const item of value) {
    if (typeof item === 'number') folded = foldNumber(folded, item);
    else if (typeof item === 'string') folded = foldText(folded, item);
    else folded = foldText(foldNumber(folded, item.term), item.hash);
  }
  return folded;
}

function foldEntries(hash: number, entries: readonly EntryDigest[]): number {
  let folded = Math.imul(hash ^ entries.length, FACTOR);
  for (const { term, hash: digest } of entries) folded = foldText(Math.imul(folded ^ term, FACTOR), digest);
  return folded;
}

/** A field that few logs tell: where it is absent the hash is what it was before there was such a field. */
function foldTold(hash: number, place: number, value: number | undefined): number {
  return value === undefined ? hash : Math.imul(Math.imul(hash ^ place, FACTOR) ^ value, FACTOR);
}

function foldName(hash: number, name: string | null | undefined): number {
  if (name === undefined) return Math.imul(hash ^ ABSENT, FACTOR);
  return name === null ? Math.imul(hash ^ NULL, FACTOR) : foldText(hash, name);
}

function foldNumber(hash: number, value: number): number {
  return Math.imul(hash ^ value, FACTOR);
}

/** Two characters at a time. */
function foldText(hash: number, text: string): number {
  const { length } = text;
  let folded = Math.imul(hash ^ length, FACTOR);
  let at = 0;
  for (; at + 1 < length; at += 2) folded = Math.imul(folded ^ (text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16)), FACTOR);
  return at < length ? Math.imul(folded ^ text.charCodeAt(at), FACTOR) : folded;
}

function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}
