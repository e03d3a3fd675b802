import type { Event } from '@raftlens/events';
import { ServerFacts } from './server-facts.ts';

/**
 * The events of a log, with the way back from each to those that led to it. A cause is what the step read: a receive comes from its send, and
 * a second receive of one message from the first as well; a step of a server comes from the input before it (program order), and from the
 * lines that last wrote the state that its rule reads. So it is found in a log of any implementation, as far as the log tells.
 */
export class Causes {
  /** Position of the event by `seq`. */
  readonly #bySeq = new Map<number, number>();
  readonly #causes: (readonly number[])[] = [];

  constructor(events: readonly Event[]) {
    const servers = new Map<string, ServerFacts>();
    const messages = new Messages();
    const crashes = new Map<string, number>();
    for (const [at, event] of events.entries()) {
      this.#bySeq.set(event.seq, at);
      let server = servers.get(event.node);
      if (server === undefined) {
        server = new ServerFacts();
        servers.set(event.node, server);
      }
      const passage = messages.causesOf(event, at);
      const crash = event.op === 'Boot' ? crashes.get(event.node) : undefined;
      const own = event.dir === 'drop' ? [] : server.take(event, at);
      this.#causes.push([...new Set([...passage, ...(crash === undefined ? [] : [crash]), ...own])].filter((cause) => cause < at));
      if ((event.op === 'Crash' || event.op === 'Fault') && event.target !== undefined) crashes.set(event.target, at);
    }
  }

  at(seq: number): number | undefined {
    return this.#bySeq.get(seq);
  }

  /** What directly led to the event at the position, as positions before it: the nearest cause first. */
  of(at: number): readonly number[] {
    return this.#causes[at] ?? [];
  }
}

/** Where each message was sent, and where it arrived first. */
class Messages {
  readonly #sent = new Map<string, number>();
  readonly #arrived = new Map<string, number>();

  causesOf(event: Event, at: number): number[] {
    if (event.dir === undefined || event.id === undefined) return [];
    // Ids of two senders may be the same.
    const key = `${event.src} ${event.dst} ${event.id}`;
    if (event.dir === 'send') {
      this.#sent.set(key, at);
      return [];
    }
    const sent = this.#sent.get(key);
    const causes = sent === undefined ? [] : [sent];
    if (event.dir === 'drop') return causes;
    const first = this.#arrived.get(key);
    if (first === undefined) this.#arrived.set(key, at);
    else causes.push(first);
    return causes;
  }
}
