import type { Action } from './act.ts';
import type { Failure } from './failure.ts';
import type { Setup } from './setup.ts';
import type { StructureName } from './structure.ts';
import type { Tape } from './tape.ts';

/** Raised whenever an old plan would mean something else. */
export const PLAN_VERSION = 1;

/**
 * A run as data: what was done to the cluster and what was drawn. It can be repeated without the seed and without the
 * script. A plan is kept beside the log of a failed run, is what shrinking works on, and can be added to the tests.
 */
export interface Plan {
  readonly version: typeof PLAN_VERSION;
  /** The scenario gives the cluster: its servers, its configuration, its service, as far as `setup` does not. */
  readonly scenario: string;
  readonly structure: StructureName;
  readonly seed: string;
  /** The setup that was drawn for the run; without it the scenario draws it once more, from the tape. */
  readonly setup?: Setup;
  /**
   * 'actions': the actions are done at their times, and no script runs. 'script': the script of the scenario runs, because the failure
   * is of a kind that only it can judge; the actions only tell what it did.
   */
  readonly by: 'actions' | 'script';
  /** The run ends here at the latest, in microseconds. */
  readonly endUs: number;
  readonly actions: readonly Action[];
  readonly tape: Tape;
  /** What it fails with; null for a plan of a run that passed. */
  readonly failure: Failure | null;
  /** Of the run by this plan. */
  readonly traceHash: string;
  readonly checkpoints: readonly string[];
}
