import type { FormatDefinition } from '../formats/definition.ts';

/** What a worker is started with. The descriptor is the process's: threads read it at positions of their own. */
export interface WorkerTask {
  readonly fd: number;
  readonly file: string;
  /** What the format is made from; undefined is the native one. */
  readonly definition: FormatDefinition | undefined;
}

/** A range to scan, [from, to), into one of the worker's chunks: the pool is not looking at what that one held before. */
export interface RangeRequest {
  readonly range: number;
  readonly from: number;
  readonly to: number;
  readonly slot: number;
}

/** The rows of a range. The columns stand in the memory of the slot; `memory` is there when that is new. */
export interface ScannedSlot {
  readonly range: number;
  readonly slot: number;
  readonly memory: SharedArrayBuffer | undefined;
  readonly base: number;
  readonly rows: number;
  readonly bytesUsed: number;
  readonly newNames: string[];
  readonly keys: (string | undefined)[] | null;
  readonly clocks: (string | undefined)[] | null;
}

/** `ready` comes first: a worker that is still starting holds no range up. */
export type WorkerReply = 'ready' | ScannedSlot | { readonly error: string };
