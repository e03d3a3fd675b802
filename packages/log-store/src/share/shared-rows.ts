import type { OffsetPage } from '../columns/line-index.ts';
import type { PageColumns } from '../columns/page.ts';
import type { FormatDefinition } from '../formats/definition.ts';

/**
 * What is new in a log since the last part, for another thread. It can be cloned into a message, and costs no memory: the
 * columns stand in memory that both threads see, and the file is read through the descriptor that is open already.
 */
export interface SharedRows {
  /** Everything before is void: files were merged again, or one was truncated. */
  readonly isReset: boolean;
  /** All that was there at the opening is indexed, and several files stand in their order. */
  readonly isDone: boolean;
  readonly size: number;
  /** Names continue those of the parts before. */
  readonly names: readonly string[];
  /** From this page on: the last one of the part before may have grown. */
  readonly firstPage: number;
  readonly pages: readonly SharedPage[];
  readonly files: readonly SharedFile[];
}

export type SharedPage = PageColumns & { readonly start: number; readonly count: number };

export interface SharedFile {
  readonly name: string;
  readonly base: string;
  readonly fd: number;
  /** What the format is made from; undefined is the native one. */
  readonly definition: FormatDefinition | undefined;
  readonly clockOffsetMs: number;
  /** Where its rows start. */
  readonly firstPage: number;
  readonly pages: readonly OffsetPage[];
  readonly rows: number;
  readonly end: number;
}
