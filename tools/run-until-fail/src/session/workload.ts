import type { KeepDetails } from '../keep/run-keeper.ts';
import type { SessionFolder } from '../keep/session-folder.ts';
import type { Executor, TestCase } from '../run.ts';

/** What a session runs: a command, scenarios of the simulator or the seeded functions of a module. */
export interface Workload {
  /** For people: the headline of the summary. */
  readonly label: string;
  readonly tests: readonly TestCase[];
  /** The seed of the run with index 0; the others count on from it. */
  readonly firstSeed: number;
  /** Runs of each test, when the workload itself bounds them (`--seeds 1..100`). */
  readonly runsPerTest: number | null;
  /** See SessionOptions.ordered. */
  readonly ordered: boolean;
  /** The command that says the version of the toolchain, if one is known. */
  readonly version: readonly string[] | null;
  /** The folder whose commit the report gives. */
  readonly directory: string;
  /** JSON of what machines that share its runs must agree on: all but the tests and the seeds. */
  readonly identity: readonly unknown[];
  /** @param noted prints one line for a person */
  details(folder: SessionFolder, noted: (text: string) => void): KeepDetails;
  open(folder: SessionFolder, noted: (text: string) => void): Executor;
}
