import type { EntryDigest, EventFields } from './event.ts';
import type { LineCursor } from './line-cursor.ts';
import { lineKey } from './line-key.ts';
import type { FieldName } from './opcode.ts';

/** An event whose fields are still being read. */
export type Draft = { -readonly [Name in keyof EventFields]: EventFields[Name] };

/** Reads a field into the draft if its key is next in the line. */
export type FieldReader = (cursor: LineCursor, draft: Draft) => void;

type Store<T> = (draft: Draft, value: T) => void;

/**
 * How each field of an opcode is read from a line in the order of the format. Each has a function of its own that stores it, for the
 * reason that `FIELD_TEXT` gives. The types hold the table to that of the opcodes, and each value to what its field wants.
 */
export const FIELD_READERS: Readonly<Record<FieldName, FieldReader>> = {
  msgTerm: integer('msgTerm', (draft, value) => void (draft.msgTerm = value)),
  lastLogIndex: integer('lastLogIndex', (draft, value) => void (draft.lastLogIndex = value)),
  lastLogTerm: integer('lastLogTerm', (draft, value) => void (draft.lastLogTerm = value)),
  transfer: flag('transfer', (draft, value) => void (draft.transfer = value)),
  granted: flag('granted', (draft, value) => void (draft.granted = value)),
  prev: integer('prev', (draft, value) => void (draft.prev = value)),
  prevTerm: integer('prevTerm', (draft, value) => void (draft.prevTerm = value)),
  n: integer('n', (draft, value) => void (draft.n = value)),
  entries: digests('entries', (draft, value) => void (draft.entries = value)),
  leaderCommit: integer('leaderCommit', (draft, value) => void (draft.leaderCommit = value)),
  round: integer('round', (draft, value) => void (draft.round = value)),
  success: flag('success', (draft, value) => void (draft.success = value)),
  match: integer('match', (draft, value) => void (draft.match = value)),
  conflictIndex: integer('conflictIndex', (draft, value) => void (draft.conflictIndex = value)),
  conflictTerm: integer('conflictTerm', (draft, value) => void (draft.conflictTerm = value)),
  lastIncludedIndex: integer('lastIncludedIndex', (draft, value) => void (draft.lastIncludedIndex = value)),
  lastIncludedTerm: integer('lastIncludedTerm', (draft, value) => void (draft.lastIncludedTerm = value)),
  offset: integer('offset', (draft, value) => void (draft.offset = value)),
  bytes: integer('bytes', (draft, value) => void (draft.bytes = value)),
  done: flag('done', (draft, value) => void (draft.done = value)),
  ctx: text('ctx', (draft, value) => void (draft.ctx = value)),
  lease: flag('lease', (draft, value) => void (draft.lease = value)),
  index: integer('index', (draft, value) => void (draft.index = value)),
  entryTerm: integer('entryTerm', (draft, value) => void (draft.entryTerm = value)),
  indexTerm: integer('indexTerm', (draft, value) => void (draft.indexTerm = value)),
  from: integer('from', (draft, value) => void (draft.from = value)),
  hash: text('hash', (draft, value) => void (draft.hash = value)),
  cmd: text('cmd', (draft, value) => void (draft.cmd = value)),
  timer: text('timer', (draft, value) => void (draft.timer = value)),
  leader: textOrNull('leader', (draft, value) => void (draft.leader = value)),
  why: text('why', (draft, value) => void (draft.why = value)),
  for: text('for', (draft, value) => void (draft.for = value)),
  what: text('what', (draft, value) => void (draft.what = value)),
  durableTerm: integer('durableTerm', (draft, value) => void (draft.durableTerm = value)),
  durableVote: textOrNull('durableVote', (draft, value) => void (draft.durableVote = value)),
  durableLast: integer('durableLast', (draft, value) => void (draft.durableLast = value)),
  durableLastTerm: integer('durableLastTerm', (draft, value) => void (draft.durableLastTerm = value)),
  snapshotIndex: integer('snapshotIndex', (draft, value) => void (draft.snapshotIndex = value)),
  snapshotTerm: integer('snapshotTerm', (draft, value) => void (draft.snapshotTerm = value)),
  electionMinMs: integer('electionMinMs', (draft, value) => void (draft.electionMinMs = value)),
  electionMaxMs: integer('electionMaxMs', (draft, value) => void (draft.electionMaxMs = value)),
  heartbeatMs: integer('heartbeatMs', (draft, value) => void (draft.heartbeatMs = value)),
  voters: names('voters', (draft, value) => void (draft.voters = value)),
  outgoing: names('outgoing', (draft, value) => void (draft.outgoing = value)),
  learners: names('learners', (draft, value) => void (draft.learners = value)),
  phase: text('phase', (draft, value) => void (draft.phase = value)),
  peer: text('peer', (draft, value) => void (draft.peer = value)),
  next: integer('next', (draft, value) => void (draft.next = value)),
  state: text('state', (draft, value) => void (draft.state = value)),
  target: text('target', (draft, value) => void (draft.target = value)),
  lock: text('lock', (draft, value) => void (draft.lock = value)),
  task: text('task', (draft, value) => void (draft.task = value)),
  client: text('client', (draft, value) => void (draft.client = value)),
  opid: integer('opid', (draft, value) => void (draft.opid = value)),
  f: text('f', (draft, value) => void (draft.f = value)),
  key: text('key', (draft, value) => void (draft.key = value)),
  value: textOrNull('value', (draft, value) => void (draft.value = value)),
  name: text('name', (draft, value) => void (draft.name = value)),
  seed: text('seed', (draft, value) => void (draft.seed = value)),
  budget: text('budget', (draft, value) => void (draft.budget = value)),
  outcome: text('outcome', (draft, value) => void (draft.outcome = value)),
  point: text('point', (draft, value) => void (draft.point = value)),
  groups: text('groups', (draft, value) => void (draft.groups = value)),
  kind: text('kind', (draft, value) => void (draft.kind = value)),
  detail: text('detail', (draft, value) => void (draft.detail = value)),
  rule: text('rule', (draft, value) => void (draft.rule = value)),
  section: text('section', (draft, value) => void (draft.section = value)),
  evidence: integers('evidence', (draft, value) => void (draft.evidence = value)),
};

function integer(name: FieldName, store: Store<number>): FieldReader {
  const key = lineKey(name);
  return (cursor, draft) => {
    if (cursor.accept(key)) store(draft, cursor.integer());
  };
}

function text(name: FieldName, store: Store<string>): FieldReader {
  const key = lineKey(name);
  return (cursor, draft) => {
    if (cursor.accept(key)) store(draft, cursor.text());
  };
}

function textOrNull(name: FieldName, store: Store<string | null>): FieldReader {
  const key = lineKey(name);
  return (cursor, draft) => {
    if (cursor.accept(key)) store(draft, cursor.textOrNull());
  };
}

function flag(name: FieldName, store: Store<boolean>): FieldReader {
  const key = lineKey(name);
  return (cursor, draft) => {
    if (cursor.accept(key)) store(draft, cursor.flag());
  };
}

function digests(name: FieldName, store: Store<readonly EntryDigest[]>): FieldReader {
  const key = lineKey(name);
  return (cursor, draft) => {
    if (cursor.accept(key)) store(draft, cursor.digests());
  };
}

function names(name: FieldName, store: Store<readonly string[]>): FieldReader {
  const key = lineKey(name);
  return (cursor, draft) => {
    if (cursor.accept(key)) store(draft, cursor.names());
  };
}

function integers(name: FieldName, store: Store<readonly number[]>): FieldReader {
  const key = lineKey(name);
  return (cursor, draft) => {
    if (cursor.accept(key)) store(draft, cursor.integers());
  };
}
