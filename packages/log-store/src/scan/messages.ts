import type { FormatDefinition } from '../formats/definition.ts';
import type { Chunk } from './chunk.ts';

/** What a worker is started with. The descriptor is the process's: threads read it at positions of their own. */
export interface WorkerTask {
  readonly fd: number;
  readonly file: string;
  readonly format: string;
  /** What the format is made from; the native format needs nothing. */
  readonly definition: FormatDefinition | undefined;
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
