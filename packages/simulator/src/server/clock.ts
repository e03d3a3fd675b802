import type { VirtualTime } from '../engine/virtual-time.ts';
import { assert } from '../protocol/assert.ts';

/** How a server's clock differs from true time. */
export interface ClockFault {
  /** Parts per million that the clock runs faster (or, below 0, slower). */
  readonly driftPpm: number;
  /** A jump forward, once. Monotonic clocks never jump back. */
  readonly stepMs: number;
}

/** The monotonic clock of one server. */
export class Clock {
  readonly #time: VirtualTime;
  #sinceUs = 0;
  #baseMs = 0;
  #rate = 1;
  #exact = true;

  constructor(time: VirtualTime) {
    this.#time = time;
  }

  nowMs(): number {
    if (this.#exact) return this.#time.nowUs / 1000;
    return this.#baseMs + ((this.#time.nowUs - this.#sinceUs) / 1000) * this.#rate;
  }

  /** The first whole microsecond of true time at which this clock shows at least `localMs`. */
  trueUs(localMs: number): number {
    if (this.#exact) return Math.ceil(localMs * 1000);
    return this.#sinceUs + Math.ceil(((localMs - this.#baseMs) / this.#rate) * 1000);
  }

  set(fault: ClockFault): void {
    const nowMs = this.nowMs();
    this.#baseMs = nowMs + Math.max(0, fault.stepMs);
    this.#sinceUs = this.#time.nowUs;
    this.#rate = 1 + Math.max(-900_000, fault.driftPpm) / 1_000_000;
    this.#exact = false;
    assert(this.#rate > 0 && this.nowMs() >= nowMs, 'a monotonic clock never goes back');
  }
}
