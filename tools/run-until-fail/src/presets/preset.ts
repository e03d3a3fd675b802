import type { CaseCounter } from '../execute/launch-plan.ts';
import type { SetupStep } from '../session/run-setup.ts';

/** Where users define presets of their own, in the working directory. */
export const PRESETS_FILE = 'run-until-fail.json';

/** What a user says to a preset: `run-until-fail go ./raft -t 3B --race -- -v`. */
export interface PresetRequest {
  /** What to test, in the toolchain's terms: packages, files, crates. */
  readonly targets: readonly string[];
  readonly tests: readonly string[];
  readonly race: boolean;
  /** The tests are a lab's, and its Raft is to be observed from outside. */
  readonly lab: boolean;
  /** What stood after "--". */
  readonly extra: readonly string[];
  /** Where the user is. */
  readonly directory: string;
  /** A folder of this session for what is built. */
  readonly buildFolder: string;
}

/** The runs that a preset makes of it. */
export interface PresetPlan {
  /** Done once, in order, before the first run. */
  readonly setup: readonly SetupStep[];
  readonly command: readonly string[];
  /** Working directory of the runs, relative to the user's; null for that itself. */
  readonly directory: string | null;
  /** Added to the environment. */
  readonly environment: Readonly<Record<string, string>>;
  readonly caseCounter: CaseCounter | null;
  /** The signal at a timeout that makes the toolchain tell where it hangs. */
  readonly quitSignal: NodeJS.Signals | null;
  /** The command that says the version of the toolchain. */
  readonly version: readonly string[] | null;
  /** What the user is told before the first run, a line each. */
  readonly notes: readonly string[];
}

export interface Preset {
  readonly name: string;
  /** One line for the help. */
  readonly summary: string;
  readonly plan: (request: PresetRequest) => PresetPlan;
}

export const NO_SETUP: Pick<PresetPlan, 'setup' | 'directory' | 'environment' | 'quitSignal' | 'version' | 'notes'> = {
  setup: [],
  directory: null,
  environment: {},
  quitSignal: null,
  version: null,
  notes: [],
};
