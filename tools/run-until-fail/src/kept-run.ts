import type { Run, RunResult } from './run.ts';

/** A failing (or, with --keep, passing) run whose folder stays. */
export interface KeptRun {
  readonly test: string;
  readonly run: Run;
  readonly verdict: RunResult['verdict'];
  readonly durationMs: number;
  readonly setting?: RunResult['setting'];
  /** Absolute; null when it could not be kept, which `problem` then explains. */
  readonly folder: string | null;
  readonly problem: string | null;
  readonly signature: string | null;
  /** One line: why it failed. */
  readonly why: string;
  /** What it printed about it, bounded; null where there is nothing. */
  readonly output: string | null;
  /** The line that runs it again, and what of it are the tool's own arguments. */
  readonly again: string;
  readonly againWords: readonly string[];
  /** What these words take from the environment: it is not shown, and does not travel. */
  readonly values: Readonly<Record<string, string>>;
}

/** Makes what a run left into a folder under logs/. Never rejects: a failure to keep is told in the kept run. */
export interface Keeper {
  keep(result: RunResult): Promise<KeptRun>;
  /** Makes short work of what is still being kept: a person waits for the end. */
  hurry?(): void;
}

export interface Observer {
  started?(run: Run): void;
  finished?(result: RunResult): void;
  kept?(kept: KeptRun): void;
  /** Something that a person should know, in one line. */
  noted?(text: string): void;
}
