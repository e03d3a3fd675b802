import type { Snapshot } from '../durable-state.ts';
import type { LogEntry } from '../entry.ts';

/** What one critical section has changed of the persistent state. */
export class Write {
  /** Of the writes so far. */
  id = 0;
  hardState = false;
  truncateFrom = 0;
  entries: LogEntry[] = [];
  snapshot: Snapshot | null = null;
  /** The entries after the snapshot stay. */
  keepLog = false;

  get isEmpty(): boolean {
    return !this.hardState && this.truncateFrom === 0 && this.entries.length === 0 && this.snapshot === null;
  }

  clear(): void {
    this.hardState = false;
    this.truncateFrom = 0;
    this.entries = [];
    this.snapshot = null;
    this.keepLog = false;
  }
}
