import type { Event } from '@raftlens/events';

/** One operation of a client, from its call to its end. Positions are those of the events in the history: one monotonic clock. */
export interface Operation {
  readonly client: string;
  readonly opid: number;
  /** What was called: get, put, append ... as the model names it. */
  readonly f: string;
  readonly key: string;
  readonly input: string;
  /** What it gave, or why it failed; null when nobody knows whether it took place. */
  readonly output: string | null;
  /** True when it was refused: it did not take place. What was refused may still tell what the refusal saw, as a compare-and-set does. */
  readonly failed: boolean;
  readonly call: number;
  /** Infinity for an operation of unknown outcome: it may take place at any time after its call, or never. */
  readonly end: number;
  /** `seq` of the line of the call, and of the line that ended it; 0 for none. */
  readonly callSeq: number;
  readonly endSeq: number;
}

interface Open {
  readonly event: Event;
  readonly call: number;
}

/** The answer of the labs' key/value service when a retried put may or may not have taken place (6.5840 since 2025). */
const MAYBE = 'ErrMaybe';

/**
 * Makes operations of the lines Invoke, Ok, Fail and Info. An operation that never ends is one of unknown outcome, as after Info.
 */
export class HistoryRecorder {
  readonly #open = new Map<string, Open>();
  readonly #done: Operation[] = [];
  #position = 0;
  /** How many operations ended whose calls the log does not hold: what they wrote, nobody knows. */
  endsWithoutCall = 0;

  observe(event: Event): void {
    switch (event.op) {
      case 'Invoke':
        this.#called(event);
        return;
      case 'Ok':
      case 'Fail':
      case 'Info':
        this.#ended(event);
        return;
      default:
    }
  }

  /** All operations in the order of their calls; those that have not ended are of unknown outcome. */
  operations(): Operation[] {
    const unknown = [...this.#open.values()].map((open) => unknownOutcome(open));
    return [...this.#done, ...unknown].sort((a, b) => a.call - b.call);
  }

  #called(event: Event): void {
    this.#position += 1;
    const name = nameOf(event);
    // A client that uses a number twice has given up on the first operation, which may still take place.
    const given = this.#open.get(name);
    if (given !== undefined) this.#done.push(unknownOutcome(given));
    this.#open.set(name, { event, call: this.#position });
  }

  #ended(event: Event): void {
    this.#position += 1;
    const name = nameOf(event);
    const open = this.#open.get(name);
    if (open === undefined) {
      if (event.op === 'Ok') this.endsWithoutCall += 1;
      return;
    }
    if (event.op === 'Info' || event.value === MAYBE) return;
    this.#open.delete(name);
    this.#done.push({
      ...unknownOutcome(open),
      output: event.value ?? '',
      failed: event.op === 'Fail',
      end: this.#position,
      endSeq: event.seq,
    });
  }
}

function nameOf(event: Event): string {
  return `${event.client ?? event.node} ${event.opid ?? 0}`;
}

function unknownOutcome({ event, call }: Open): Operation {
  const { client = event.node, opid = 0, f = '', key = '', value } = event;
  return {
    client,
    opid,
    f,
    key,
    input: value ?? '',
    output: null,
    failed: false,
    call,
    end: Number.POSITIVE_INFINITY,
    callSeq: event.seq,
    endSeq: 0,
  };
}
