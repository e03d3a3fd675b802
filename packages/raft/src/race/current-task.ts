import { AsyncLocalStorage } from 'node:async_hooks';
import type { TaskRecord } from './task-record.ts';

/**
 * Which task the running code belongs to. The one place that uses Node's AsyncLocalStorage; it exists only while races are
 * looked for.
 */
export class CurrentTask {
  readonly #storage = new AsyncLocalStorage<TaskRecord>();

  run<T>(record: TaskRecord, body: () => T): T {
    return this.#storage.run(record, body);
  }

  get(): TaskRecord | null {
    return this.#storage.getStore() ?? null;
  }
}
