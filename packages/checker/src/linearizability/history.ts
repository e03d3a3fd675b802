import type { Event } from '@raftlens/events';

/** One operation of a client, from its call to its end. Positions are those of the events in the history: one monotonic clock. */
export interface Operation {
  readonly client: string;
  readonly opid: number;
  /** What was called: get, put, append ... as the model names it. */
  readonly f: string;
  readonly key: string;
  readonly input: string;
  /** What it gave; null when nobody knows whether it took place. */
  readonly output: string | null;
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

/**
 * Makes operations of the lines Invoke, Ok, Fail and Info. A line Fail says that the operation did not take place, so that it is left
 * out; an operation that never ends is one of unknown outcome, as after Info.
 */
export class HistoryRecorder {
  readonly #open = new Map<string, Open>();
  readonly #ended: Operation[] = [];
  #position = 0;

  observe(event: Event): void {
    if (event.op !== 'Invoke' && event.op !== 'Ok' && event.op !== 'Fail' && event.op !== 'Info') return;
    this.#position += 1;
    const name = `${event.client ?? event.node} ${event.opid ?? 0}`;
    if (event.op === 'Invoke') {
      this.#open.set(name, { event, call: this.#position });
      return;
    }
    const open = this.#open.get(name);
    // The end of an operation whose call was not logged proves nothing, and contradicts nothing.
    if (open === undefined || event.op === 'Info') return;
    this.#open.delete(name);
    if (event.op === 'Ok') this.#ended.push(operation(open, event.value ?? '', this.#position, event.seq));
  }

  /** All operations in the order of their calls; those that have not ended are of unknown outcome. */
  operations(): Operation[] {
    const unknown = [...this.#open.values()].map((open) => operation(open, null, Number.POSITIVE_INFINITY, 0));
    return [...this.#ended, ...unknown].sort((a, b) => a.call - b.call);
  }
}

function operation({ event, call }: Open, output: string | null, end: number, endSeq: number): Operation {
  const { client = event.node, opid = 0, f = '', key = '', value } = event;
  return { client, opid, f, key, input: value ?? '', output, call, end, callSeq: event.seq, endSeq };
}
