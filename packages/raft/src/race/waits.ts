import type { TaskRecord, Waitable } from './task-record.ts';

/** Who has which lock, and so who waits for whom. */
export class Waits {
  readonly #owners = new Map<Waitable, TaskRecord>();

  own(lock: Waitable, task: TaskRecord): void {
    this.#owners.set(lock, task);
  }

  disown(lock: Waitable): void {
    this.#owners.delete(lock);
  }

  ownerOf(lock: Waitable): TaskRecord | null {
    return this.#owners.get(lock) ?? null;
  }

  /** The locks that the task has now. */
  heldBy(task: TaskRecord): Waitable[] {
    const held: Waitable[] = [];
    for (const [lock, owner] of this.#owners) if (owner === task) held.push(lock);
    return held;
  }

  /**
   * The circle that closes when `task` waits: the tasks from `task` on, each waiting for what the next one has. Null when
   * there is none.
   */
  circleFrom(task: TaskRecord): TaskRecord[] | null {
    const chain: TaskRecord[] = [];
    let at: TaskRecord | null = task;
    while (at !== null && !chain.includes(at)) {
      chain.push(at);
      at = at.waitsFor === null ? null : this.ownerOf(at.waitsFor);
    }
    return at === task ? chain : null;
  }
}
