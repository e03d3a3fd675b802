import type { ServerId } from '../configuration.ts';
import type { Snapshot } from '../durable-state.ts';
import type { PersistEffect } from '../effect.ts';

/** A write that was handed to the host and is not known to be durable yet, with what the disk will hold after it. */
export interface IssuedWrite {
  readonly effect: PersistEffect;
  readonly term: number;
  readonly vote: ServerId | null;
  readonly lastIndex: number;
  readonly lastTerm: number;
  /** Up to where it proves the log in memory durable: less than `lastIndex` where that was cut since. */
  proves: number;
}

/**
 * What is on the disk, what is on its way there, and what has not been handed over yet. Everything that a server tells others about
 * itself waits for it (figure 2: "updated on stable storage before responding to RPCs").
 */
export class Ledger {
  /** The id of the newest write handed to the host, and of the newest known to be durable. */
  issued = 0;
  durable = 0;
  /** The write that carries the current term and vote. */
  hardStateWrite = 0;
  /** The log is durable up to here, entry by entry equal to what is in memory. */
  durableIndex: number;

  /** Term or vote changed since the newest write. */
  hardStateDirty = false;
  /** The first index that no write carries yet. */
  unsavedFrom: number;
  /** The disk holds entries from here on that memory has replaced; 0 for none. */
  truncateFrom = 0;
  snapshot: Snapshot | null = null;
  keepLog = false;

  readonly #writes: IssuedWrite[] = [];

  constructor(durableIndex: number) {
    this.durableIndex = durableIndex;
    this.unsavedFrom = durableIndex + 1;
  }

  isDirty(lastIndex: number): boolean {
    return this.hardStateDirty || this.unsavedFrom <= lastIndex || this.truncateFrom > 0 || this.snapshot !== null;
  }

  /** The entries from `index` on are gone from memory. */
  truncated(index: number): void {
    if (index < this.unsavedFrom) {
      this.truncateFrom = this.truncateFrom === 0 ? index : Math.min(this.truncateFrom, index);
      this.unsavedFrom = index;
    }
    this.durableIndex = Math.min(this.durableIndex, index - 1);
    this.#clip(index - 1);
  }

  /**
   * A write under way proves nothing of what was cut meanwhile. Its last index and term do not tell: the same entry may come back after
   * another stood in its place, and a crash may leave that other one on the disk.
   */
  #clip(index: number): void {
    for (const write of this.#writes) write.proves = Math.min(write.proves, index);
  }

  /** A snapshot that ends at `index` has replaced the log in memory; nothing of it is durable before its write is. */
  replaced(snapshot: Snapshot): void {
    this.snapshot = snapshot;
    this.keepLog = false;
    this.truncateFrom = 0;
    this.unsavedFrom = snapshot.index + 1;
    this.durableIndex = Math.min(this.durableIndex, snapshot.index - 1);
    this.#clip(0);
  }

  /** An own snapshot stands for the entries up to its index; those after it stay. */
  compacted(snapshot: Snapshot): void {
    this.snapshot = snapshot;
    this.keepLog = true;
  }

  issue(write: IssuedWrite): void {
    this.issued = write.effect.id;
    this.#writes.push(write);
    if (this.hardStateDirty) this.hardStateWrite = write.effect.id;
    this.hardStateDirty = false;
    this.unsavedFrom = write.lastIndex + 1;
    this.truncateFrom = 0;
    this.snapshot = null;
    this.keepLog = false;
  }

  /** Takes the finished writes up to `id` off the list and returns the newest, or null when nothing was asked for under that id. */
  finish(id: number): IssuedWrite | null {
    if (id <= this.durable || id > this.issued) return null;
    this.durable = id;
    let write = this.#writes.shift();
    while (write !== undefined && write.effect.id < id) write = this.#writes.shift();
    return write ?? null;
  }
}
