import type { Lock } from './lock.ts';

/**
 * A condition variable on a lock, in Mesa's manner: whoever is woken has to look again whether what it waits for holds,
 * because other tasks may have had the lock before it.
 */
export class Condition {
  readonly name: string;
  readonly #lock: Lock;
  #sleepers: (() => void)[] = [];

  constructor(name: string, lock: Lock) {
    this.name = name;
    this.#lock = lock;
  }

  /** Gives the lock back, sleeps until it is woken, and takes the lock again. @throws LockError without the lock. */
  async wait(task: string): Promise<void> {
    this.#lock.mustHold(task);
    this.#lock.traceCondition('Wait', this.name, task);
    const woken = new Promise<void>((wake) => this.#sleepers.push(wake));
    this.#lock.release(task);
    await woken;
    await this.#lock.acquire(task);
  }

  /** Wakes every task that sleeps on it. @throws LockError without the lock: what they wait for is guarded by it. */
  broadcast(task: string): void {
    this.#lock.mustHold(task);
    if (this.#sleepers.length === 0) return;
    this.#lock.traceCondition('Signal', this.name, task);
    for (const wake of this.#sleepers.splice(0)) wake();
  }

  /** Lets every sleeper go without a signal and without the lock: the end of the program that it belongs to. */
  abandon(): void {
    for (const wake of this.#sleepers.splice(0)) wake();
  }
}
