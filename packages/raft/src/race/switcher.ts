import type { Random } from '../options.ts';

/** Rounds of the microtask queue that a task which can run gets to reach its own switch point, before one is chosen. */
const SETTLING_HOPS = 8;

export interface SwitcherOptions {
  /** Seeded: the same numbers give the same schedule. */
  readonly random: Random;
  /** Waits; without it tasks are reordered, but none is held back while time goes on. */
  readonly sleep?: (ms: number) => Promise<void>;
  /** How often a task is held back at a switch point while time goes on, 0 to 1. */
  readonly stallProbability?: number;
  /** For how long at most, in ms. */
  readonly stallMaxMs?: number;
}

/**
 * Shuffles tasks. Node runs them in the order in which their promises were settled, which is one schedule out of very
 * many; here each task stops at its switch points, and the one that goes on is drawn. A task may also be held back for some
 * time, as a thread may be that lost its processor.
 */
export class Switcher {
  readonly #options: Required<Omit<SwitcherOptions, 'sleep'>>;
  readonly #sleep: ((ms: number) => Promise<void>) | null;
  readonly #ready: (() => void)[] = [];
  #choosing = false;

  constructor(options: SwitcherOptions) {
    this.#options = { random: options.random, stallProbability: options.stallProbability ?? 0.03, stallMaxMs: options.stallMaxMs ?? 10 };
    this.#sleep = options.sleep ?? null;
  }

  /** Other tasks may run before this resolves. */
  async switchTasks(): Promise<void> {
    const { random, stallProbability, stallMaxMs } = this.#options;
    if (this.#sleep !== null && random() < stallProbability) await this.#sleep(1 + Math.floor(random() * stallMaxMs));
    await new Promise<void>((resume) => {
      this.#ready.push(resume);
      if (!this.#choosing) void this.#choose();
    });
  }

  async #choose(): Promise<void> {
    this.#choosing = true;
    while (this.#ready.length > 0) {
      for (let hop = 0; hop < SETTLING_HOPS; hop++) await Promise.resolve();
      const at = Math.floor(this.#options.random() * this.#ready.length);
      const [resume] = this.#ready.splice(at, 1);
      resume?.();
    }
    this.#choosing = false;
  }
}
