import { EventError } from '@raftlens/events';
import { UnwritableRowError } from './writer.ts';

/** The rows that could not be written: one bad line is no reason to lose the others. */
export class LeftOut {
  count = 0;
  /** The first of them, and why. */
  first: { readonly row: number; readonly reason: string } | null = null;

  /** What `write` gives for the row, or nothing where the row cannot be written. */
  textOf(row: number, write: () => string): string {
    try {
      return write();
    } catch (error) {
      if (!(error instanceof EventError || error instanceof UnwritableRowError)) throw error;
      this.count += 1;
      this.first ??= { row, reason: error.message };
      return '';
    }
  }
}
