import type { FailureReason } from '../run.ts';

/** The structures of the core. */
export const STRUCTURES = ['state-machine', 'locked'] as const;

/** What a worker is to load. Plain data: it is sent to the worker. */
export type SeededTests =
  | {
      readonly kind: 'sim';
      /** Names of scenarios, or paths of files that export one. */
      readonly scenarios: readonly string[];
      readonly bug: string | null;
      readonly structure: (typeof STRUCTURES)[number];
      /** Look for races between the tasks of the locked structure. */
      readonly race: boolean;
    }
  | {
      readonly kind: 'module';
      /** The bundle, as a file: URL. */
      readonly url: string;
      readonly exports: readonly string[];
    };

export interface SeedOrder {
  readonly number: number;
  readonly test: number;
  readonly seed: string;
  /** Runs it once more with everything logged into this folder. */
  readonly logTo: string | null;
}

export interface SeedReport {
  readonly number: number;
  readonly reason: FailureReason | null;
  readonly durationMs: number;
  /** What goes into run.json beside the usual; only when it was logged. */
  readonly info: Readonly<Record<string, unknown>>;
  /** Bytes of the worker's heap that are in use, now and then: a leak shows in it. */
  readonly heapBytes: number | null;
}

export interface WorkerSetup {
  readonly tests: SeededTests;
  /** One element: the number of the run under way, 0 for none. It is still there when the worker is not. */
  readonly current: Int32Array;
}

/** Orders go out and reports come back several at a time: a message costs as much as a small test, for it wakes a thread. */
export type ToWorker = readonly SeedOrder[];

export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'unusable'; readonly code: string; readonly message: string }
  | { readonly type: 'done'; readonly reports: readonly SeedReport[] };
