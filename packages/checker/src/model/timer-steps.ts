import type { Event } from '@raftlens/events';
import type { ElectionTimer } from './election-timer.ts';
import type { ServerModel } from './server-model.ts';
import type { Asks } from './step.ts';
import type { StepRecord } from './step-record.ts';

/** Busy machines are not exact: a server that has not stood after so many times its longest timeout will not. */
const LATE_TIMES = 2;

/** The election timer of each server: when it runs out, and that it does not run on. */
export class TimerSteps {
  readonly #step: StepRecord;
  readonly #asks: Asks;

  constructor(step: StepRecord, asks: Asks) {
    this.#step = step;
    this.#asks = asks;
  }

  runsOut(server: ServerModel, event: Event): void {
    server.hasTold('timeouts');
    if (server.role === 'leader') return;
    if (event.timer === undefined || event.timer === 'election') {
      this.#step.timer = server.electionTimer;
      this.#asks.Timeout(this.#step);
      server.electionTimer?.start(event, 'it last ran out');
    }
    server.timeoutSeq = event.seq;
    server.runsOut(event.timer);
  }

  /** Before each line of the server: it may not have let its timer run on for long. */
  runsOn(event: Event, timer: ElectionTimer): void {
    const silentMs = event.time - timer.lineMs;
    timer.lineMs = event.time;
    if (event.time - timer.possibleMs <= timer.maxMs * LATE_TIMES) return;
    this.#step.timer = timer;
    this.#step.silentMs = silentMs;
    this.#asks['timer runs on'](this.#step);
    timer.mayStart(event);
  }
}
