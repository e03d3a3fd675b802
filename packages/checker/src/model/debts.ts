import type { Event } from '@raftlens/events';
import type { ServerModel } from './server-model.ts';
import type { Asks } from './step.ts';
import type { StepRecord } from './step-record.ts';

/** A message has to be obeyed within so many of the server's own steps, or so many milliseconds. */
const STEPS_MAX = 4;
const GRACE_MS = 20;

/** What a server still owes to the messages that it has received. */
export class Debts {
  readonly #step: StepRecord;
  readonly #asks: Asks;

  constructor(step: StepRecord, asks: Asks) {
    this.#step = step;
    this.#asks = asks;
  }

  /** After each step: a higher term that a message told has to be adopted, and a candidate has to give way to a leader. */
  owes(server: ServerModel, event: Event): void {
    // A line that does not tell the term or the role may be of a server that has changed it in silence.
    if (event.term !== undefined && server.term >= 0 && server.heardTerm > server.term && server.heardSeq !== event.seq) {
      server.heardSteps++;
      if (server.heardSteps >= STEPS_MAX || event.time > server.heardTime + GRACE_MS) {
        this.#asks['owes its term'](this.#step);
        server.heardTerm = server.term;
      }
    }
    if (event.role !== undefined && server.leaderSeq !== 0 && server.leaderSeq !== event.seq) this.#owesLeader(server, event);
  }

  #owesLeader(server: ServerModel, event: Event): void {
    if (server.role !== 'follower') {
      server.leaderSteps++;
      if (server.leaderSteps < STEPS_MAX && event.time <= server.leaderTime + GRACE_MS) return;
    }
    this.#asks['owes its leader'](this.#step);
    server.leaderSeq = 0;
  }
}
