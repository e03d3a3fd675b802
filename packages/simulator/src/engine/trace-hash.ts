import {
  type EntryDigest,
  type Event,
  type EventFields,
  type EventHeader,
  type EventOf,
  FIELD_TYPES,
  type FieldName,
  OPCODE_NAMES,
  specOf,
} from '@raftlens/events';

/**
 * A 64-bit fold over every field of every event of a run: two runs with the same hash went through the same events. `seq` is the event's
 * place in the fold. The opcodes that make up most of a run are folded field by field, which costs a quarter of reading the fields by the
 * table of the format; a test holds both ways against that table.
 */
export class TraceHash {
  #high = 0x9e3779b9 | 0;
  #low = 0x85ebca6b | 0;

  add(event: Event): void {
    let low = foldHeader(this.#low, event);
    if (event.term !== undefined) low = foldState(low, event);
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

function foldHeader(hash: number, event: EventHeader): number {
  let folded = foldNumber(hash, Math.round(event.time * 1000));
  folded = foldText(folded, event.node);
  folded = foldNumber(folded, event.boot);
  const { dir } = event;
  if (dir === undefined) return folded;
  // send, recv and drop begin with different letters.
  folded = foldNumber(folded, dir.charCodeAt(0));
  folded = foldText(folded, event.src);
  folded = foldText(folded, event.dst);
  folded = foldNumber(folded, event.id ?? ABSENT);
  return foldNumber(folded, event.re ?? ABSENT);
}

function foldState(hash: number, event: EventHeader): number {
  let folded = foldNumber(hash, event.term ?? ABSENT);
  // The roles, too, begin with different letters.
  folded = foldNumber(folded, event.role?.charCodeAt(0) ?? ABSENT);
  folded = foldName(folded, event.vote);
  folded = foldNumber(folded, event.commit ?? ABSENT);
  folded = foldNumber(folded, event.applied ?? ABSENT);
  folded = foldNumber(folded, event.last ?? ABSENT);
  return foldNumber(folded, event.lastTerm ?? ABSENT);
}

/** The opcode, and the fields that it owns. */
function foldOwn(hash: number, event: Event): number {
  switch (event.op) {
    case 'Apply':
      return foldName(foldNumber(foldNumber(hash ^ 1, event.index ?? ABSENT), event.entryTerm ?? ABSENT), event.hash);
    case 'Commit':
      return foldNumber(foldNumber(hash ^ 2, event.index ?? ABSENT), event.from ?? ABSENT);
    case 'Persist':
      return foldPersist(hash ^ 3, event);
    case 'AppendEntries':
      return foldAppendEntries(hash ^ 4, event);
    case 'AppendEntriesReply':
      return foldAppendEntriesReply(hash ^ 5, event);
    case 'Append':
      return foldEntries(foldNumber(foldNumber(hash ^ 6, event.index ?? ABSENT), event.n ?? ABSENT), event.entries);
    case 'Progress':
      return foldProgress(hash ^ 7, event);
    case 'Start':
      return foldName(foldName(foldNumber(hash ^ 8, event.index ?? ABSENT), event.hash), event.cmd);
    default:
      return foldByTable(hash ^ 9, event);
  }
}

function foldPersist(hash: number, event: EventOf<'Persist'>): number {
  let folded = foldName(hash, event.what);
  folded = foldNumber(folded, event.durableTerm ?? ABSENT);
  folded = foldName(folded, event.durableVote);
  folded = foldNumber(folded, event.durableLast ?? ABSENT);
  return foldNumber(folded, event.durableLastTerm ?? ABSENT);
}

function foldAppendEntries(hash: number, event: EventOf<'AppendEntries'>): number {
  let folded = foldNumber(hash, event.msgTerm ?? ABSENT);
  folded = foldNumber(folded, event.prev ?? ABSENT);
  folded = foldNumber(folded, event.prevTerm ?? ABSENT);
  folded = foldNumber(folded, event.n ?? ABSENT);
  folded = foldNumber(folded, event.leaderCommit ?? ABSENT);
  folded = foldNumber(folded, event.round ?? ABSENT);
  return foldEntries(folded, event.entries);
}

function foldAppendEntriesReply(hash: number, event: EventOf<'AppendEntriesReply'>): number {
  let folded = foldNumber(hash, event.msgTerm ?? ABSENT);
  folded = foldFlag(folded, event.success);
  folded = foldNumber(folded, event.match ?? ABSENT);
  folded = foldNumber(folded, event.conflictIndex ?? ABSENT);
  folded = foldNumber(folded, event.conflictTerm ?? ABSENT);
  return foldNumber(folded, event.round ?? ABSENT);
}

function foldProgress(hash: number, event: EventOf<'Progress'>): number {
  let folded = foldName(hash, event.peer);
  folded = foldNumber(folded, event.match ?? ABSENT);
  folded = foldNumber(folded, event.next ?? ABSENT);
  return foldName(folded, event.state);
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
  if (typeof value === 'boolean') return foldFlag(hash, value);
  if (value === undefined || value === null || typeof value === 'string') return foldName(hash, value);
  let folded = foldNumber(hash, value.length);
  for (const item of value) {
    if (typeof item === 'number') folded = foldNumber(folded, item);
    else if (typeof item === 'string') folded = foldText(folded, item);
    else folded = foldText(foldNumber(folded, item.term), item.hash);
  }
  return folded;
}

function foldEntries(hash: number, entries: readonly EntryDigest[] | undefined): number {
  if (entries === undefined) return foldNumber(hash, ABSENT);
  let folded = foldNumber(hash, entries.length);
  for (const { term, hash: digest } of entries) folded = foldText(foldNumber(folded, term), digest);
  return folded;
}

function foldFlag(hash: number, flag: boolean | undefined): number {
  return foldNumber(hash, flag === undefined ? ABSENT : flag ? 1 : 0);
}

function foldName(hash: number, name: string | null | undefined): number {
  if (name === undefined) return foldNumber(hash, ABSENT);
  return name === null ? foldNumber(hash, NULL) : foldText(hash, name);
}

function foldNumber(hash: number, value: number): number {
  const whole = value | 0;
  const folded = Math.imul(hash ^ whole, FACTOR);
  return whole === value ? folded : foldRest(folded, value);
}

/** What 32 bits do not hold of a number: its upper part and its fraction. */
function foldRest(hash: number, value: number): number {
  return Math.imul(Math.imul(hash ^ (value / 4_294_967_296), FACTOR) ^ ((value % 1) * 1_073_741_824), FACTOR);
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
