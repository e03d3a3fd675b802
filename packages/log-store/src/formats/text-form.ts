import { isOpcode, OPCODE_NAMES, type Opcode, specOf } from '@raftlens/events';
import type { EventDraft } from './draft.ts';
import { parsed } from './heads.ts';

const names = (isMessage: boolean) => OPCODE_NAMES.filter((op) => (specOf(op).kind === 'message') === isMessage).join('|');

/** A pattern for texts that are an event in the text form; "Granting Vote to S1" is a sentence. */
export const TEXT_FORM = `^(?:\\S{1,255}?(?:->|<-|-x)\\S{1,255} (?:${names(true)})\\b|\\S{1,255} (?:${names(false)})(?:$| T\\d+\\b| \\w+=| ~\\{))`;

const WHO = /^(?:(\S{1,255}?)(->|<-|-x)(\S{1,255})|(\S{1,255})) (\w+)(?: T(\d+))?(.*)$/;
const DIRECTION = { '->': 'send', '<-': 'recv', '-x': 'drop' } as const;

/** Free text, with spaces of its own, comes last and takes the rest of the line. */
const FREE = / (why|cmd|detail|groups)=(.*)$/s;

/** `raftlens convert` writes behind the text what it does not say: ` ~{"role":"leader","commit":4}`, the fields as a line of events has them. */
const REST = / ~(\{[^~]*\})$/;

/** What an event in the text form of docs/EVENTS.md says first: who, what, to whom. */
export interface TextForm {
  readonly op: Opcode;
  readonly node: string;
  /** The time that stands behind the text, which may be more exact than that of the format. */
  readonly timeMs: number | undefined;
}

/**
 * Reads the text form of an event (`S1->S2 AppendEntries T3 prev=6/3 n=1 commit=4`) into a draft, as far as the text goes.
 * Null for any other text.
 */
export function readTextForm(text: string, draft: EventDraft): TextForm | null {
  const behind = REST.exec(text);
  const match = WHO.exec(behind === null ? text : text.slice(0, behind.index));
  if (match === null) return null;
  const [, left = '', arrow, right = '', alone = '', op = '', term, rest = ''] = match;
  if (!isOpcode(op)) return null;
  const isMessage = specOf(op).kind === 'message';
  if (isMessage !== (arrow !== undefined)) return null;
  if (term !== undefined) draft.set(isMessage ? 'msgTerm' : 'term', term);
  const free = FREE.exec(rest);
  if (free !== null) draft.set(free[1] ?? '', free[2] ?? '');
  for (const part of rest.slice(0, free?.index).trim().split(/\s+/)) readPart(op, part, draft);
  const timeMs = behind === null ? undefined : readRest(behind[1] ?? '', draft);
  if (arrow !== '->' && arrow !== '<-' && arrow !== '-x') return { op, node: alone, timeMs };
  const [src, dst] = arrow === '<-' ? [right, left] : [left, right];
  draft.set('dir', DIRECTION[arrow]);
  draft.set('src', src);
  draft.set('dst', dst);
  return { op, node: left, timeMs };
}

/** The fields that stand behind the text. Gives the time, where it is among them. */
function readRest(json: string, draft: EventDraft): number | undefined {
  const fields = parsed(json);
  if (typeof fields !== 'object' || fields === null) return undefined;
  let timeMs: number | undefined;
  for (const [name, value] of Object.entries<unknown>({ ...fields })) {
    if (name === 'time' && typeof value === 'number') timeMs = value;
    else if (value === null || typeof value === 'string') draft.set(name, value);
    else if (typeof value === 'number' || typeof value === 'boolean') draft.set(name, String(value));
  }
  return timeMs;
}

/** Names in the text and the fields that they stand for, where these differ: by opcode, or for all that are not listed. */
const NAMES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  RequestVote: { last: ['lastLogIndex', 'lastLogTerm'] },
  PreVote: { last: ['lastLogIndex', 'lastLogTerm'] },
  BecomeCandidate: { last: ['lastLogIndex', 'lastLogTerm'] },
  Vote: { last: ['lastLogIndex', 'lastLogTerm'] },
  AppendEntries: { prev: ['prev', 'prevTerm'], commit: ['leaderCommit'] },
  AppendEntriesReply: { conflict: ['conflictIndex', 'conflictTerm'] },
  InstallSnapshot: { last: ['lastIncludedIndex', 'lastIncludedTerm'] },
  InstallSnapshotReply: { last: ['lastIncludedIndex'] },
  Boot: {
    boot: ['boot'],
    log: ['last', 'lastTerm'],
    snapshot: ['snapshotIndex', 'snapshotTerm'],
    disk: ['durableLast', 'durableLastTerm'],
    commit: ['durableCommit'],
    config: ['index'],
  },
  Persist: { term: ['durableTerm'], vote: ['durableVote'], last: ['durableLast', 'durableLastTerm'] },
  Apply: { index: ['index', 'entryTerm'] },
  SnapshotTaken: { index: ['index', 'indexTerm'] },
  SnapshotInstalled: { index: ['index', 'indexTerm'] },
};

const WORDS: Readonly<Record<string, readonly [string, string]>> = {
  granted: ['granted', 'true'],
  refused: ['granted', 'false'],
  ok: ['success', 'true'],
  no: ['success', 'false'],
  done: ['done', 'true'],
  transfer: ['transfer', 'true'],
  lease: ['lease', 'true'],
};

function readPart(op: Opcode, part: string, draft: EventDraft): void {
  const equals = part.indexOf('=');
  if (equals < 0) {
    const word = Object.hasOwn(WORDS, part) ? WORDS[part] : undefined;
    if (word !== undefined) draft.set(...word);
    return;
  }
  const name = part.slice(0, equals);
  const fields = NAMES[op]?.[name] ?? [name];
  const values = fields.length === 2 ? part.slice(equals + 1).split('/') : [part.slice(equals + 1)];
  values.forEach((value, i) => {
    const field = fields[i];
    if (field !== undefined) draft.set(field, value === 'none' ? null : value);
  });
}
