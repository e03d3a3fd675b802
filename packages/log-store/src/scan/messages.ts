import type { Chunk } from './chunk.ts';

/** What a worker is started with. The descriptor is the process's: threads read it at positions of their own. */
export interface WorkerTask {
  readonly fd: number;
  readonly file: string;
  readonly format: string;
  /** The definition, for a format of the user's own. */
  readonly definition: unknown;
}

export interface RangeRequest {
  readonly range: number;
  readonly from: number;
  readonly to: number;
  /** Arrays to use again. */
  readonly reuse: Chunk | undefined;
}

export type RangeReply =
  | { readonly range: number; readonly base: number; readonly chunk: Chunk }
  | { readonly range: number; readonly error: string };
