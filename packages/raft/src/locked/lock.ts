import { Mutex } from 'async-mutex';

/** Where a lock tells what happens to it. */
export type LockTrace = (op: 'Lock' | 'Unlock' | 'Wait' | 'Signal', lock: string, task: string) => void;

/** Is told of each step of a lock while races are looked for: `RaceDetector` is one. */
export interface LockWatcher {
  asks(lock: Lock): Promise<void>;
  has(lock: Lock): void;
  gives(lock: Lock): void;
}

function untraced(): void {}

/** What went wrong with a lock: a defect of the code that uses it. */
export class LockError extends Error {
  readonly code = 'LOCK_NOT_HELD';

  constructor(lock: string, task: string, owner: string | null) {
    super(`${task} needs ${lock} for this, and ${owner === null ? 'nobody' : owner} has it`);
    this.name = 'LockError';
  }
}

/**
 * A lock with a name, whose owner is known. The mutual exclusion and the queue are async-mutex's; this adds the events
 * (Lock, Unlock) and the check that only its owner gives it back.
 */
export class Lock {
  readonly name: string;
  readonly #mutex = new Mutex();
  readonly #trace: LockTrace;
  readonly #watcher: LockWatcher | null;
  #owner: string | null = null;

  constructor(name: string, watcher: LockWatcher | null = null, trace: LockTrace = untraced) {
    this.name = name;
    this.#trace = trace;
    this.#watcher = watcher;
  }

  /** Resolves once the task has the lock. Tasks get it in the order in which they asked. */
  async acquire(task: string): Promise<void> {
    if (this.#watcher !== null) await this.#watcher.asks(this);
    await this.#mutex.acquire();
    this.#owner = task;
    this.#watcher?.has(this);
    this.#trace('Lock', this.name, task);
  }

  /** @throws LockError when the task does not have it. */
  release(task: string): void {
    this.mustHold(task);
    this.#trace('Unlock', this.name, task);
    this.#owner = null;
    this.#watcher?.gives(this);
    this.#mutex.release();
  }

  /** Runs the body while the task has the lock, and gives it back whatever happens. */
  async hold<T>(task: string, body: () => T | Promise<T>): Promise<T> {
    await this.acquire(task);
    try {
      return await body();
    } finally {
      this.release(task);
    }
  }

  /** @throws LockError when the task does not have it. */
  mustHold(task: string): void {
    if (this.#owner !== task) throw new LockError(this.name, task, this.#owner);
  }

  /** For `Condition`: tells of a Wait or a Signal next to this lock. */
  traceCondition(op: 'Wait' | 'Signal', condition: string, task: string): void {
    this.#trace(op, condition, task);
  }
}
