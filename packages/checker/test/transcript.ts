import type { Event, FieldType, Opcode } from '@raftlens/events';
import { FIELD_TYPES, isOpcode, specOf } from '@raftlens/events';
import type { CheckerOptions, CheckReport } from '../src/index.ts';
import { Checker } from '../src/index.ts';
import { strict } from './strict.ts';

/**
 * A short log of events, written by hand as text:
 *
 *     S1 BecomeCandidate term=1
 *     S1->S2 RequestVote lastLogIndex=0 lastLogTerm=0
 *     S2<-S1 RequestVote
 *     S2 Vote for=S1
 *
 * The state of each server is carried on from line to line and moved by its steps, so that a line only says what is new. A
 * receive takes the fields of the latest send of its kind between the two that still has no receive, unless `id` names
 * another one; a reply names the request in `re`, which is the latest one received from that peer unless it is given.
 * `@20` moves the clock to 20 ms. Empty lines and lines that start with "#" are left out.
 */
export function transcript(text: string): Event[] {
  return new Writer().write(text);
}

/** Checks a transcript. */
export function check(text: string, options?: CheckerOptions): CheckReport {
  const checker = new Checker(options, strict);
  for (const event of transcript(text)) checker.observe(event);
  return checker.finish();
}

/** "rule @line" of each violation: line 1 is the first event of the transcript. */
export function findings(text: string, options?: CheckerOptions): string[] {
  return check(text, options).violations.map((found) => `${found.rule} @${found.seq}`);
}

type Fields = Record<string, unknown>;

interface State {
  boot: number;
  term: number;
  role: string;
  vote: string | null;
  commit: number;
  applied: number;
  last: number;
  lastTerm: number;
  terms: number[];
  base: number;
}

const STATE_TYPES: Record<string, FieldType> = {
  boot: 'number',
  id: 'number',
  re: 'number',
  term: 'number',
  role: 'text',
  vote: 'textOrNull',
  commit: 'number',
  applied: 'number',
  last: 'number',
  lastTerm: 'number',
};
const ROLES: Record<string, string> = {
  BecomeFollower: 'follower',
  BecomePreCandidate: 'precandidate',
  BecomeCandidate: 'candidate',
  BecomeLeader: 'leader',
};

class Writer {
  readonly #states = new Map<string, State>();
  readonly #events: Event[] = [];
  readonly #flying: Fields[] = [];
  readonly #received = new Map<string, number>();
  #time = 0;
  #id = 0;

  write(text: string): Event[] {
    for (const line of text.split('\n')) {
      const words = line.trim().split(/\s+/);
      const [first, op] = words;
      if (first === undefined || first === '' || first.startsWith('#')) continue;
      if (first.startsWith('@')) this.#time = Number(first.slice(1));
      else if (op !== undefined && isOpcode(op)) this.#line(first, op, parse(words.slice(2)));
      else throw new Error(`not a line of a transcript: ${line}`);
    }
    return this.#events;
  }

  #line(who: string, op: Opcode, fields: Fields): void {
    const message = /^(\w+)(->|<-|-x)(\w+)$/.exec(who);
    if (message === null) {
      this.#local(who, op, fields);
      return;
    }
    const [, node = '', arrow, peer = ''] = message;
    if (arrow === '->') this.#send(node, peer, op, fields);
    else if (arrow === '<-') this.#receive(node, peer, op, fields);
    else this.#emit({ node, boot: 0, op, dir: 'drop', src: node, dst: peer, ...fields });
  }

  #send(node: string, peer: string, op: Opcode, fields: Fields): void {
    const state = this.#state(node);
    const reply = op.endsWith('Reply');
    const request = this.#received.get(`${node} ${peer} ${op.replace('Reply', '')}`);
    const message: Fields = { id: ++this.#id, msgTerm: state.term, ...(reply && request !== undefined ? { re: request } : {}), ...fields };
    if (op === 'AppendEntries') message['n'] ??= Array.isArray(fields['entries']) ? fields['entries'].length : 0;
    this.#flying.push({ src: node, dst: peer, op, ...message });
    this.#emit({ node, op, dir: 'send', src: node, dst: peer, ...message, ...carried(state) });
  }

  #receive(node: string, peer: string, op: Opcode, fields: Fields): void {
    const found = this.#flying.findLastIndex(
      (sent) =>
        sent['op'] === op && sent['src'] === peer && sent['dst'] === node && (fields['id'] === undefined || fields['id'] === sent['id']),
    );
    const sent = this.#flying[found] ?? {};
    if (found >= 0 && fields['id'] === undefined) this.#flying.splice(found, 1);
    const message: Fields = { ...sent, op, src: peer, dst: node, ...fields };
    this.#received.set(`${node} ${peer} ${op}`, Number(message['id'] ?? 0));
    this.#emit({ node, dir: 'recv', ...message, ...carried(this.#state(node)) });
  }

  #local(node: string, op: Opcode, fields: Fields): void {
    const { kind } = specOf(op);
    if (kind === 'harness' || kind === 'client') {
      this.#emit({ node, boot: 0, op, src: node, dst: node, ...fields });
      return;
    }
    const state = this.#state(node);
    if (op === 'Boot') this.#restart(state, fields);
    else move(node, state, op, fields);
    for (const key of Object.keys(fields)) if (key in state) Object.assign(state, { [key]: fields[key] });
    if (op === 'Persist')
      fields = {
        what: 'state',
        durableTerm: state.term,
        durableVote: state.vote,
        durableLast: state.last,
        durableLastTerm: state.lastTerm,
        ...fields,
      };
    this.#emit({ node, op, src: node, dst: node, ...fields, ...carried(state) });
  }

  #restart(state: State, fields: Fields): void {
    state.boot++;
    state.role = 'follower';
    state.base = Number(fields['snapshotIndex'] ?? 0);
    fields['snapshotIndex'] ??= 0;
    fields['snapshotTerm'] ??= 0;
    state.terms = [];
    state.commit = state.base;
    state.applied = state.base;
    state.lastTerm = Number(fields['snapshotTerm']);
    extend(state, fields['entries']);
  }

  #state(node: string): State {
    let state = this.#states.get(node);
    if (state === undefined) {
      state = { boot: 0, term: 0, role: 'follower', vote: null, commit: 0, applied: 0, last: 0, lastTerm: 0, terms: [], base: 0 };
      this.#states.set(node, state);
    }
    return state;
  }

  #emit(fields: Fields): void {
    this.#events.push({ seq: this.#events.length + 1, time: this.#time, ...fields } as unknown as Event);
  }
}

function carried({ boot, term, role, vote, commit, applied, last, lastTerm }: State): Fields {
  return { boot, term, role, vote, commit, applied, last, lastTerm };
}

/** Moves the state as the step says. */
function move(node: string, state: State, op: Opcode, fields: Fields): void {
  const role = ROLES[op];
  const term = Number(fields['term'] ?? state.term + (op === 'BecomeCandidate' ? 1 : 0));
  if (term !== state.term) state.vote = null;
  state.term = term;
  if (role !== undefined) state.role = role;
  if (op === 'BecomeCandidate') state.vote = node;
  if (op === 'Vote') state.vote = typeof fields['for'] === 'string' ? fields['for'] : null;
  if (op === 'Commit') {
    fields['from'] ??= state.commit;
    state.commit = Number(fields['index']);
  }
  if (op === 'Apply') state.applied = Number(fields['index']);
  if (op === 'Append') {
    fields['index'] ??= state.last + 1;
    fields['n'] ??= Array.isArray(fields['entries']) ? fields['entries'].length : 0;
    extend(state, fields['entries']);
  }
  if (op === 'Truncate') cut(state, Number(fields['index']) - 1, fields);
  if (op === 'SnapshotInstalled') {
    state.base = Number(fields['index']);
    state.terms = [];
    state.lastTerm = Number(fields['indexTerm']);
    state.last = state.base;
    state.commit = Math.max(state.commit, state.base);
    state.applied = Math.max(state.applied, state.base);
  }
}

function extend(state: State, entries: unknown): void {
  if (Array.isArray(entries)) for (const entry of entries as { term: number }[]) state.terms.push(entry.term);
  state.last = state.base + state.terms.length;
  state.lastTerm = state.terms.at(-1) ?? state.lastTerm;
}

function cut(state: State, last: number, fields: Fields): void {
  fields['n'] ??= state.last - last;
  state.terms.length = Math.max(0, last - state.base);
  state.last = last;
  state.lastTerm = state.terms.at(-1) ?? 0;
}

function parse(words: readonly string[]): Fields {
  const fields: Fields = {};
  for (const word of words) {
    const at = word.indexOf('=');
    const key = at < 0 ? word : word.slice(0, at);
    fields[key] = at < 0 ? true : value(key, word.slice(at + 1));
  }
  return fields;
}

function value(key: string, text: string): unknown {
  const type: FieldType = STATE_TYPES[key] ?? (key in FIELD_TYPES ? FIELD_TYPES[key as keyof typeof FIELD_TYPES] : 'text');
  switch (type) {
    case 'number':
      return Number(text);
    case 'flag':
      return text === 'true';
    case 'names':
      return text === '' ? [] : text.split(',');
    case 'numbers':
      return text.split(',').map(Number);
    case 'digests':
      return text === '' ? [] : text.split(',').map(digest);
    case 'textOrNull':
      return text === 'null' ? null : text;
    case 'text':
      return text;
  }
}

function digest(text: string): { term: number; hash: string } {
  const [term = '', hash = ''] = text.split(':');
  return { term: Number(term), hash };
}
