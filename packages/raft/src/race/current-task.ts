import { AsyncLocalStorage } from 'node:async_hooks';
import type { TaskRecord } from './task-record.ts';

interface Running {
  readonly owner: CurrentTask;
  readonly record: TaskRecord;
}

/**
 * One for all detectors of the process, made by the first: Node asks every storage at every promise for as long as the process lives, so
 * that with one a detector each run would be slower than the one before.
 */
let storage: AsyncLocalStorage<Running> | null = null;

/**
 * Which task the running code belongs to. The one place that uses Node's AsyncLocalStorage; it exists only while races are
 * looked for.
 */
export class CurrentTask {
  readonly #storage: AsyncLocalStorage<Running>;

  constructor() {
    storage ??= new AsyncLocalStorage();
    this.#storage = storage;
  }

  run<T>(record: TaskRecord, body: () => T): T {
    return this.#storage.run({ owner: this, record }, body);
  }

  get(): TaskRecord | null {
    const running = this.#storage.getStore();
    return running?.owner === this ? running.record : null;
  }
}
