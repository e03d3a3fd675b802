import { type Event, FIELD_TYPES, type FieldType, type Opcode } from '@raftlens/events';

/** What a field of the header holds; the fields that opcodes own are in FIELD_TYPES. */
const HEADER_TYPES: Readonly<Record<string, FieldType | 'dir' | 'role'>> = {
  seq: 'number',
  boot: 'number',
  src: 'text',
  dst: 'text',
  id: 'number',
  re: 'number',
  dir: 'dir',
  role: 'role',
  term: 'number',
  vote: 'textOrNull',
  commit: 'number',
  applied: 'number',
  last: 'number',
  lastTerm: 'number',
};

const ROLE_OF_STEP: Partial<Record<Opcode, string>> = {
  BecomeFollower: 'follower',
  BecomePreCandidate: 'precandidate',
  BecomeCandidate: 'candidate',
  BecomeLeader: 'leader',
};

const ROLE_NAMES: readonly string[] = ['follower', 'precandidate', 'candidate', 'leader'];

const TYPES: ReadonlyMap<string, FieldType | 'dir' | 'role'> = new Map([...Object.entries(FIELD_TYPES), ...Object.entries(HEADER_TYPES)]);

export function isFieldName(name: string): boolean {
  return TYPES.has(name);
}

/** Fields that name a peer, or several. */
const NAMES = ['node', 'src', 'dst', 'for', 'vote', 'leader', 'peer', 'target', 'durableVote', 'voters', 'outgoing', 'learners'] as const;

function rename(fields: Record<string, unknown>, aliases: ReadonlyMap<string, string>): void {
  const known = (name: unknown): unknown => (typeof name === 'string' ? (aliases.get(name) ?? name) : name);
  for (const field of NAMES) {
    const value = fields[field];
    if (value !== undefined) fields[field] = Array.isArray(value) ? value.map(known) : known(value);
  }
}

/** What of the state a step changes by its very meaning, by its own field. */
const STATE_OF_STEP: Partial<Record<Opcode, readonly [state: string, own: string]>> = {
  Vote: ['vote', 'for'],
  Commit: ['commit', 'index'],
  Apply: ['applied', 'index'],
};

const HEADER: readonly string[] = ['seq', 'time', 'node', 'boot', 'op', 'src', 'dst'];

/** An event that is being put together from texts. A text that is no value of its field leaves the field out. */
export class EventDraft {
  // The header first, in the order of events: objects of one shape are the quickest to fill.
  readonly #fields: Record<string, unknown> = { seq: 0, time: 0, node: '', boot: 0, op: 'Note', src: undefined, dst: undefined };

  set(name: string, text: string | null): void {
    const value = text === null ? null : typed(name, text);
    if (value !== undefined) this.#fields[name] = value;
  }

  /** As if nothing had been told. */
  clear(): void {
    for (const name of Object.keys(this.#fields)) if (!HEADER.includes(name)) delete this.#fields[name];
    this.#fields['src'] = undefined;
    this.#fields['dst'] = undefined;
  }

  leaveOut(name: string): void {
    delete this.#fields[name];
  }

  /**
   * The event, in which every peer has the one name that `aliases` give it. src and dst are the node where nothing else was said; boot is 0,
   * for no line of these formats counts the restarts.
   */
  event(op: Opcode, node: string, timeMs: number, aliases: ReadonlyMap<string, string>): Event {
    const fields = this.#fields;
    fields['time'] = timeMs;
    fields['node'] = node;
    fields['op'] = op;
    fields['src'] ??= node;
    fields['dst'] ??= node;
    if (aliases.size > 0) rename(fields, aliases);
    this.#addWhatStepsMean(op, String(fields['node']));
    // Every value went through `typed`, which gives what the type of its field says.
    return fields as unknown as Event;
  }

  /** A text such as "S1 BecomeLeader T3" does not spell out the state after it, and yet says it. */
  #addWhatStepsMean(op: Opcode, node: string): void {
    const role = ROLE_OF_STEP[op];
    if (role !== undefined) this.#fields['role'] ??= role;
    if (op === 'BecomeCandidate' && this.#fields['vote'] === undefined) this.#fields['vote'] = node;
    const { index, n } = this.#fields;
    if (op === 'Append' && typeof index === 'number' && typeof n === 'number') this.#fields['last'] ??= index + n - 1;
    if (op === 'Truncate' && typeof index === 'number') this.#fields['last'] ??= index - 1;
    const step = STATE_OF_STEP[op];
    if (step === undefined) return;
    const [state, own] = step;
    if (this.#fields[own] !== undefined && this.#fields[state] === undefined) this.#fields[state] = this.#fields[own];
  }
}

function typed(name: string, text: string): unknown {
  switch (TYPES.get(name)) {
    case 'number':
      return integer(text);
    case 'text':
    case 'textOrNull':
      return text;
    case 'flag':
      return text === 'true' ? true : text === 'false' ? false : undefined;
    case 'names':
      return text === '' ? [] : text.split(',');
    case 'numbers':
      return text.split(',').map(Number).filter(Number.isSafeInteger);
    case 'digests':
      return digests(text);
    case 'dir':
      return text === 'send' || text === 'recv' || text === 'drop' ? text : undefined;
    case 'role':
      return ROLE_NAMES.includes(text) ? text : undefined;
    default:
      return undefined;
  }
}

function integer(text: string): number | undefined {
  const number = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

function digests(text: string): unknown {
  const entries = text.split(',').map((item) => item.split(':'));
  return entries.map(([term, hash]) => ({ term: Number(term), hash: hash ?? '' }));
}
