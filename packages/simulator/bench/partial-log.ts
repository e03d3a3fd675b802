import { Checker, type Violation } from '@raftlens/checker';
import { type Event, OPCODE_NAMES, type Opcode, specOf } from '@raftlens/events';
import { allScenarios, runScenario, SimulatorError, type StructureName } from '../src/index.ts';

/**
 * Healthy runs that are told in part: without a field, a kind of line, a server or a stretch of time, mixed with other runs, in any
 * combination. A trial is one such log, and a function of its seed. The core that wrote it is right, so that each violation is a false alarm.
 */

/** Numbers that follow from a seed, without a clock (mulberry32 by Ettinger). */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = Math.imul(seed, 0x9e3779b1) | 0;
  }

  /** From 0 on and below 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** An integer from 0 on and below `bound`. */
  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  isBelow(chance: number): boolean {
    return this.next() < chance;
  }

  /** One of them; there is one. */
  oneOf<T>(of: readonly [T, ...T[]] | readonly T[]): T {
    const found = of[this.below(of.length)];
    if (found === undefined) throw new RangeError('nothing to choose from');
    return found;
  }

  /** Between one and `most` of them. */
  someOf<T>(of: readonly T[], most: number): T[] {
    const left = [...of];
    const count = Math.min(left.length, 1 + this.below(most));
    return Array.from({ length: count }, () => left.splice(this.below(left.length), 1)).flat();
  }
}

export type Told = readonly Event[];

/** Longer logs cost time and show nothing else. */
const EVENTS_MAX = 5000;
/** A run takes longer than its check: so many trials, one after the other, draw from the same few runs. */
const TRIALS_OF_RUNS = 40;
const RUNS_OF_TRIAL = 4;
/** They write so much before anything happens that others do not write. */
const TOO_LONG = /^(?:churn|kv-many-keys|kv-concurrent)$/;

export interface Run {
  readonly name: string;
  readonly told: Told;
}

/** The runs that a trial draws from, by the place of the trial. */
const runs = new Map<number, Promise<readonly Run[]>>();

function runsOf(seed: number): Promise<readonly Run[]> {
  const place = Math.floor(seed / TRIALS_OF_RUNS);
  const known = runs.get(place);
  if (known !== undefined) return known;
  const dice = new Dice(place + 1_000_003);
  const scenarios = allScenarios()
    .map(({ name }) => name)
    .filter((name) => !TOO_LONG.test(name));
  const made = Promise.all(
    Array.from({ length: RUNS_OF_TRIAL }, () =>
      runOf(dice.oneOf(scenarios), dice.isBelow(0.7) ? 'state-machine' : 'locked', 1 + dice.below(1_000_000)),
    ),
  );
  runs.clear();
  runs.set(place, made);
  return made;
}

/** A run of a healthy cluster, its first events. */
export async function runOf(scenario: string, structure: StructureName, seed: number): Promise<Run> {
  const name = `${scenario} on ${structure}, seed ${seed}`;
  const told: Event[] = [];
  // The core uses its event objects again, so each is copied.
  const take = (event: Event) => {
    if (told.length < EVENTS_MAX) told.push({ ...event });
  };
  try {
    const { outcome, failure } = await runScenario(scenario, { seed: String(seed), structure, trace: take });
    if (outcome !== 'pass') throw new Error(`${name} is not healthy: ${failure?.message}`);
  } catch (error) {
    if (!(error instanceof SimulatorError && error.code === 'NO_SUCH_FEATURE')) throw error;
    return runOf(scenario, 'state-machine', seed);
  }
  return { name, told };
}

/** What was left out or mixed in, in words; and what is left. */
interface Part {
  readonly how: string;
  readonly told: Told;
}

type Mutation = (told: Told, dice: Dice, others: readonly Run[]) => Part;

const STATE_FIELDS = ['seq', 'term', 'role', 'vote', 'commit', 'applied', 'last', 'lastTerm', 'boot', 'id', 're', 'msgTerm'] as const;
const KINDS = OPCODE_NAMES.filter((op) => specOf(op).kind !== 'client' && specOf(op).kind !== 'lock');
const GROUPS: readonly (readonly Opcode[])[] = [
  ['Boot'],
  ['Persist'],
  ['Append', 'Truncate'],
  ['InstallSnapshot', 'InstallSnapshotReply'],
  ['SnapshotTaken', 'SnapshotInstalled'],
  ['ConfigChange'],
  ['BecomeFollower', 'BecomePreCandidate', 'BecomeCandidate', 'BecomeLeader'],
  ['RequestVote', 'RequestVoteReply', 'PreVote', 'PreVoteReply'],
  ['AppendEntries', 'AppendEntriesReply'],
  ['AppendEntries', 'AppendEntriesReply', 'RequestVote', 'RequestVoteReply'],
  ['Crash', 'Boot'],
  ['TestBegin', 'TestEnd', 'Crash', 'Partition', 'Heal', 'Fault'],
];

function serversOf(told: Told): string[] {
  return [...new Set(told.filter(({ op }) => specOf(op).kind === 'step' || specOf(op).kind === 'message').map(({ node }) => node))].sort();
}

/** Whose lines it is about: all servers', or one's. */
function anyOne(told: Told, dice: Dice): { readonly words: string; readonly has: (event: Event) => boolean } {
  const servers = serversOf(told);
  if (servers.length === 0 || dice.isBelow(0.6)) return { words: '', has: () => true };
  const id = dice.oneOf(servers);
  return { words: ` of ${id}`, has: ({ node }) => node === id };
}

function withoutFields(event: Event, fields: ReadonlySet<string>): Event {
  let left = event;
  for (const field of fields) {
    if (!(field in left)) continue;
    if (left === event) left = { ...event };
    Reflect.deleteProperty(left, field);
  }
  return left;
}

/** Fields that no line of some servers and kinds tells. */
function fieldsLeftOut(told: Told, dice: Dice): Part {
  const own = [...new Set(told.flatMap(({ op }) => specOf(op).fields.map((field) => field.replace(/\?$/, ''))))].sort();
  const fields = new Set(dice.someOf([...STATE_FIELDS, ...own], 4));
  const of = anyOne(told, dice);
  const ops = dice.isBelow(0.7) ? null : new Set(dice.someOf(KINDS, 3));
  return {
    how: `without the fields ${[...fields].join(', ')}${of.words}${ops === null ? '' : ` in ${[...ops].join(', ')}`}`,
    told: told.map((event) => (of.has(event) && (ops === null || ops.has(event.op)) ? withoutFields(event, fields) : event)),
  };
}

function kindsLeftOut(told: Told, dice: Dice): Part {
  const ops = new Set<string>(dice.isBelow(0.4) ? dice.oneOf(GROUPS) : dice.someOf(KINDS, 4));
  const of = anyOne(told, dice);
  return {
    how: `without ${[...ops].join(', ')}${of.words}`,
    told: told.filter((event) => !(ops.has(event.op) && of.has(event))),
  };
}

function directionLeftOut(told: Told, dice: Dice): Part {
  const left = dice.oneOf(['send', 'recv', 'drop'] as const);
  const of = anyOne(told, dice);
  const ops = dice.isBelow(0.5) ? null : new Set(dice.someOf(KINDS, 3));
  return {
    how: `without ${left}${of.words}${ops === null ? '' : ` of ${[...ops].join(', ')}`}`,
    told: told.filter((event) => !(event.dir === left && of.has(event) && (ops === null || ops.has(event.op)))),
  };
}

function serversLeftOut(told: Told, dice: Dice): Part {
  const servers = serversOf(told);
  const left = new Set(dice.someOf(servers, Math.max(1, servers.length - 1)));
  return { how: `without ${[...left].join(', ')}`, told: told.filter(({ node }) => !left.has(node)) };
}

function timeLeftOut(told: Told, dice: Dice): Part {
  const of = anyOne(told, dice);
  const size = dice.oneOf([0.002, 0.01, 0.05, 0.2, 0.5]) * told.length;
  const from = dice.below(told.length);
  const to = from + Math.ceil(dice.next() * size);
  return {
    how: `without the events ${from} to ${to}${of.words}`,
    told: told.filter((event, at) => at < from || at > to || !of.has(event)),
  };
}

function endsLeftOut(told: Told, dice: Dice): Part {
  const from = dice.below(told.length);
  const count = 1 + dice.below(told.length);
  return { how: `${count} events from event ${from} on`, told: told.slice(from, from + count) };
}

function linesLeftOut(told: Told, dice: Dice): Part {
  const chance = dice.oneOf([0.001, 0.01, 0.1, 0.5]);
  const of = anyOne(told, dice);
  return {
    how: `without ${chance * 100} % of the lines${of.words}`,
    told: told.filter((event) => !of.has(event) || !dice.isBelow(chance)),
  };
}

/** Lines that end in their middle, told as far as they go. */
function linesCut(told: Told, dice: Dice): Part {
  const chance = dice.oneOf([0.001, 0.01, 0.1]);
  const cut = (event: Event) => {
    const keys = Object.keys(event);
    const needed = new Set(['seq', 'time', 'node', 'boot', 'op', 'dir', 'src', 'dst']);
    return withoutFields(event, new Set(keys.slice(dice.below(keys.length)).filter((key) => !needed.has(key))));
  };
  return { how: `${chance * 100} % of the lines cut`, told: told.map((event) => (dice.isBelow(chance) ? cut(event) : event)) };
}

function linesDoubled(told: Told, dice: Dice): Part {
  const of = anyOne(told, dice);
  const chance = dice.oneOf([0.01, 0.3, 1]);
  const late = dice.oneOf([0, 0, 3, 30]);
  const doubled = told.flatMap((event, at) => {
    const line = { at, event };
    return of.has(event) && dice.isBelow(chance) ? [line, { at: at + dice.below(late + 1), event }] : [line];
  });
  doubled.sort((a, b) => a.at - b.at);
  return { how: `${chance * 100} % of the lines${of.words} twice, up to ${late} lines later`, told: doubled.map(({ event }) => event) };
}

function anotherRunAfter(told: Told, dice: Dice, others: readonly Run[]): Part {
  const other = dice.oneOf(others);
  const isClockKept = dice.isBelow(0.5);
  const shiftMs = isClockKept ? (told.at(-1)?.time ?? 0) + dice.below(1000) : 0;
  const later = other.told.map((event) => ({ ...event, time: event.time + shiftMs }));
  return { how: `then ${other.name}${isClockKept ? '' : ', by its own clock'}`, told: [...told, ...later] };
}

function anotherRunMixedIn(told: Told, dice: Dice, others: readonly Run[]): Part {
  const other = dice.oneOf(others);
  const shiftMs = dice.oneOf([0, 500, 3000]);
  const later = other.told.map((event) => ({ ...event, time: event.time + shiftMs }));
  const mixed = [...told, ...later].sort((a, b) => a.time - b.time);
  return { how: `mixed by time with ${other.name}, ${shiftMs} ms later`, told: mixed };
}

const MUTATIONS: readonly Mutation[] = [
  fieldsLeftOut,
  fieldsLeftOut,
  kindsLeftOut,
  kindsLeftOut,
  directionLeftOut,
  serversLeftOut,
  timeLeftOut,
  timeLeftOut,
  endsLeftOut,
  linesLeftOut,
  linesCut,
  linesDoubled,
  anotherRunAfter,
  anotherRunMixedIn,
];

export interface Trial {
  readonly seed: number;
  /** The run, and what was done to its log. */
  readonly how: string;
  readonly told: Told;
}

export async function trialOf(seed: number): Promise<Trial> {
  const dice = new Dice(seed);
  const others = await runsOf(seed);
  const run = dice.oneOf(others);
  const parts = [run.name];
  let { told } = run;
  const count = dice.oneOf([1, 1, 2, 3]);
  for (let nth = 0; nth < count && told.length > 0; nth++) {
    const part = dice.oneOf(MUTATIONS)(told, dice, others);
    parts.push(part.how);
    told = part.told;
  }
  return { seed, how: parts.join('; '), told };
}

/** False alarms on what is told. The lines are read as those of a file: what may be left out of every line has its usual value. */
export function falseAlarms({ told }: Trial, isNumbered: boolean): readonly Violation[] {
  const checker = new Checker();
  let line = 0;
  for (const event of told) {
    const { boot = 1, seq = 0 } = event as Partial<Event>;
    checker.observe({ ...event, boot, seq: ++line }, isNumbered ? seq : 0);
  }
  return checker.finish().violations;
}
