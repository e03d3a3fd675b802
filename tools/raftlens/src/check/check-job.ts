import type { Findings } from '../model/document.ts';

/** The checker, running behind the screen. */
export interface CheckJob {
  /** Begins; `onFindings` is called as more is known. */
  start(onFindings: (findings: Findings) => void): void;
  /** The log has more rows than before. */
  grown(): void;
  /** Resolves when the log is not read any more. */
  stop(): Promise<void>;
}
