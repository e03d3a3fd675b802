import type { Event } from '@raftlens/events';
import type { Access } from './report.ts';

/** A piece of guarded state that is watched as one: a field, an entry of a map, a whole array. */
export interface Cell {
  readonly path: string;
  /** Raised by each write. */
  version: number;
  writer: TaskRecord | null;
  write: Access | null;
}

/** Anything that has an owner and that tasks wait for. */
export interface Waitable {
  readonly name: string;
}

interface Read {
  version: number;
  access: Access;
}

/** What the detector knows of one task: what it has read, what it waits for, and what it traced last. */
export class TaskRecord {
  readonly name: string;
  readonly reads = new Map<Cell, Read>();
  waitsFor: Waitable | null = null;
  /** The access by which it came to wait. */
  asked: Access | null = null;
  event: Event | null = null;

  constructor(name: string) {
    this.name = name;
  }

  /** The task has seen the cell as it is now. */
  saw(cell: Cell, access: Access): void {
    const read = this.reads.get(cell);
    if (read === undefined) {
      this.reads.set(cell, { version: cell.version, access });
    } else if (read.version !== cell.version) {
      read.version = cell.version;
      read.access = access;
    }
  }

  /** Takes over what the other task has read of the cells. */
  inherit(other: TaskRecord, cells: readonly Cell[]): void {
    for (const cell of cells) {
      const read = other.reads.get(cell);
      if (read !== undefined) this.reads.set(cell, { ...read });
    }
  }

  /** Forgets what it has read of all other cells. */
  keepReadsOf(cells: readonly Cell[]): void {
    for (const cell of this.reads.keys()) if (!cells.includes(cell)) this.reads.delete(cell);
  }

  /** The read that another task's write has made stale, or null. A write of its own does not. */
  staleRead(cell: Cell): Access | null {
    const read = this.reads.get(cell);
    if (read === undefined || read.version === cell.version || cell.writer === this) return null;
    return read.access;
  }
}
