import type { Event } from '@raftlens/events';

/** A line that restarts the timer once it is answered. Only this is kept of it: whoever tells the events uses the objects again. */
interface Cause {
  ms: number;
  seq: number;
  /** The id of the message, 0 where it has none. */
  id: number;
}

/**
 * The election timer of a server that told its timeouts. A message restarts it somewhere between its receipt and its answer, while other
 * tasks of the server may go on. So there are two times: the one since which it has certainly restarted, told by the answer, and the last
 * one at which it may have.
 */
export class ElectionTimer {
  readonly minMs: number;
  readonly maxMs: number;
  certainMs: number;
  certainSeq: number;
  certainWhy = 'its start';
  possibleMs: number;
  possibleSeq: number;
  /** The time of the server's latest line. */
  lineMs: number;
  readonly #heard: Cause = { ms: -1, seq: 0, id: 0 };
  readonly #voted: Cause = { ms: -1, seq: 0, id: 0 };

  constructor(minMs: number, maxMs: number, boot: Event) {
    this.minMs = minMs;
    this.maxMs = maxMs;
    this.certainMs = boot.time;
    this.certainSeq = boot.seq;
    this.possibleMs = boot.time;
    this.possibleSeq = boot.seq;
    this.lineMs = boot.time;
  }

  /** It restarts with this line. */
  start({ time, seq }: Event, why: string): void {
    this.certainMs = time;
    this.certainSeq = seq;
    this.certainWhy = why;
    this.possibleMs = time;
    this.possibleSeq = seq;
  }

  /** It may restart with this line. */
  mayStart({ time, seq }: Event): void {
    this.possibleMs = time;
    this.possibleSeq = seq;
  }

  /** A message of the current leader has arrived. */
  hears(event: Event): void {
    note(this.#heard, event);
    this.mayStart(event);
  }

  /** The server gives its vote to a candidate. */
  votes(event: Event): void {
    note(this.#voted, event);
    this.mayStart(event);
  }

  /** The message `re` of the leader is answered. */
  answersLeader(event: Event): void {
    if (this.#heard.id !== 0 && event.re !== this.#heard.id) return;
    this.#settle(event, this.#heard, 'it heard from the leader');
  }

  /** The vote is told to the candidate. */
  answersCandidate(event: Event): void {
    this.#settle(event, this.#voted, `it granted its vote to ${event.dst}`);
  }

  #settle(event: Event, cause: Cause, why: string): void {
    if (cause.ms >= this.certainMs) {
      this.certainMs = cause.ms;
      this.certainSeq = cause.seq;
      this.certainWhy = why;
    }
    cause.ms = -1;
    this.mayStart(event);
  }
}

function note(cause: Cause, { time, seq, id }: Event): void {
  cause.ms = time;
  cause.seq = seq;
  cause.id = id ?? 0;
}
