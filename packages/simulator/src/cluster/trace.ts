import type { Checker, Violation } from '@raftlens/checker';
import type { Event, EventOf, EventSink, Opcode } from '@raftlens/events';
import { EventRecord } from '@raftlens/raft/trace';
import { TraceHash } from '../engine/trace-hash.ts';
import type { VirtualTime } from '../engine/virtual-time.ts';
import { assert } from '../protocol/assert.ts';
import type { Failure } from '../protocol/failure.ts';

/** What an event of the harness says beside the header, by opcode. */
type HarnessFieldsOf<Op extends Opcode> = Op extends Opcode ? Omit<EventOf<Op>, 'seq' | 'time' | 'node' | 'boot' | 'src' | 'dst'> : never;
export type HarnessFields = HarnessFieldsOf<Opcode>;

export interface TraceOptions {
  readonly checker: Checker | null;
  /** Where the events go beside the checker; undefined when nobody looks. */
  readonly sink: EventSink | undefined;
  /** True ends the run at the first violation. False lets it go on, to show which invariants break because of it. */
  readonly stopAtViolation: boolean;
  /** The run ends as failed when it has more events. */
  readonly eventsMax: number;
}

/** The one way of every event of a run: numbered, stamped with true virtual time, folded into the hash, checked, and passed on. */
export class Trace {
  events = 0;
  readonly #time: VirtualTime;
  readonly #options: TraceOptions;
  readonly #eventsMax: number;
  readonly #hash = new TraceHash();
  readonly #checker: Checker | null;
  readonly #sink: EventSink | undefined;
  #violations = 0;
  /** Scripts that wait for an event. */
  readonly #watchers: ((event: Event) => boolean)[] = [];
  /** The hash after every `CHECKPOINT_EVENTS` events: they tell where another run went another way. */
  readonly checkpoints: string[] = [];

  constructor(time: VirtualTime, options: TraceOptions) {
    this.#time = time;
    this.#options = options;
    this.#eventsMax = options.eventsMax;
    this.#checker = options.checker;
    this.#sink = options.sink;
  }

  readonly emit: EventSink = (event) => {
    this.events += 1;
    event.seq = this.events;
    event.time = this.#time.nowUs / 1000;
    if (this.events > this.#eventsMax)
      this.#time.fail({ kind: 'virtual-limit', message: `the run has more than ${this.#eventsMax} events` });
    this.#hash.add(event);
    if (this.events % CHECKPOINT_EVENTS === 0) this.checkpoints.push(this.#hash.digest());
    const checker = this.#checker;
    if (checker !== null) {
      checker.observe(event);
      if (checker.violations.length !== this.#violations) this.#violated(checker);
    }
    if (this.#sink !== undefined) this.#sink(copyOf(event));
    if (this.#watchers.length > 0) this.#watched(event);
  };

  /** A line of the harness itself. */
  harness(fields: HarnessFields): void {
    this.emit(lineOf('TEST', fields));
  }

  /** Says that a fault was done, to a server or to the network. */
  fault(kind: string, detail?: string, target?: string): void {
    this.harness({ op: 'Fault', kind, ...(target === undefined ? {} : { target }), ...(detail === undefined ? {} : { detail }) });
  }

  /** Calls back with each event, in the middle of the step that it tells of, until the function says that it has seen enough. */
  watch(done: (event: Event) => boolean): void {
    this.#watchers.push(done);
  }

  /** The closing lines, for the sink alone: the violations, each with its evidence, and how the test ended. */
  verdict(name: string, failure: Failure | null, violations: readonly Violation[]): void {
    assert(failure !== null || violations.length === 0, 'a run with a violation has failed');
    const sink = this.#sink;
    if (sink === undefined) return;
    const line = (fields: HarnessFields): void => {
      this.events += 1;
      sink({ seq: this.events, time: this.#time.nowUs / 1000, node: 'TEST', boot: 0, src: 'TEST', dst: 'TEST', ...fields });
    };
    for (const { rule, section, node, evidence, why } of violations) line({ op: 'Violation', rule, section, target: node, evidence, why });
    line({ op: 'TestEnd', name, outcome: failure === null ? 'pass' : 'fail', ...(failure === null ? {} : { why: failure.message }) });
  }

  digest(): string {
    return this.#hash.digest();
  }

  #watched(event: Event): void {
    for (let at = this.#watchers.length - 1; at >= 0; at -= 1) if (this.#watchers[at]?.(event) === true) this.#watchers.splice(at, 1);
  }

  #violated(checker: Checker): void {
    assert(checker.violations.length > this.#violations, 'a violation is never taken back');
    this.#violations = checker.violations.length;
    const first = checker.violations[0];
    if (first === undefined || this.#time.failure !== null) return;
    const failure = {
      kind: 'violation',
      message: `${first.node} broke ${first.rule} (${first.section}): ${first.why}`,
      rule: first.rule,
    } as const;
    if (this.#options.stopAtViolation) this.#time.fail(failure);
    else this.#time.note(failure);
  }
}

/** An event without a server's state. It is a record like the servers' events: all events of a run have one shape. */
export function lineOf(node: string, fields: HarnessFields): Event {
  const event = new EventRecord();
  event.node = node;
  event.src = node;
  event.dst = node;
  return Object.assign(event, fields).asEvent();
}

const FIELDS = Object.keys(new EventRecord());

/** A copy to keep, of the fields that say something. */
function copyOf(event: Event): Event {
  const copy: Record<string, unknown> = {};
  const fields: Readonly<Record<string, unknown>> = { ...event };
  for (const name of FIELDS) {
    const value = fields[name];
    if (value !== undefined) copy[name] = value;
  }
  // All fields come from an event: the copy is one too. The compiler does not follow names that are values.
  return copy as unknown as Event;
}

export const CHECKPOINT_EVENTS = 512;
