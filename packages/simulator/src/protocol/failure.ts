/**
 * What ended a run badly. The kinds are data of outcomes and plans, and stable: a shrunk plan must fail with the kind that the whole one
 * failed with.
 */
export const FAILURE_KINDS = [
  /** A checker found a broken rule. */
  'violation',
  /** Two servers applied different entries at one index, or one applied out of order. */
  'apply',
  /** No leader within the time of the check, or two in one term. */
  'leader',
  /** A command was not agreed on in time, or committed where it must not. */
  'agreement',
  /** More messages or bytes than the budget. */
  'budget',
  /** The log or a snapshot is larger than its limit. */
  'size',
  /** A client's history is not linearizable, or the checker could not tell within its budget. */
  'linearizability',
  /** The healed cluster did not converge. */
  'liveness',
  /** The race detector of the structure with many tasks saw two tasks at one field without the lock. */
  'race',
  /** The Raft core threw. */
  'core-error',
  /** The script of the scenario threw, or called its own `fail`. */
  'script',
  /** The script did not end within the virtual, or the real, time limit. */
  'virtual-limit',
  'real-limit',
  /** The script waits for something that virtual time does not bring. */
  'stuck',
  /** The script ended before the tasks that it spawned. */
  'leaked-tasks',
] as const;

export type FailureKind = (typeof FAILURE_KINDS)[number];

/** A check of a script that can be made again without the script: what it asked for, and in what state of the cluster. */
export interface LabCheck {
  readonly check: 'one' | 'one-leader' | 'no-leader';
  /** When it began, in microseconds. */
  readonly atUs: number;
  /** Of 'one': the command, and how many servers must apply it. */
  readonly command: string;
  readonly expected: number;
  /** The servers that were down, and those that were cut off, when it began: with more of either it would ask for too much. */
  readonly down: readonly string[];
  readonly isolated: readonly string[];
  /** The links that were cut or clogged then, as "S1->S2". Plans of an earlier day do not say. */
  readonly links?: readonly string[];
  /** Whether the network lost and delayed nothing then. */
  readonly reliable?: boolean;
  /** How long the slowest disk, service or server took at most then. */
  readonly slowestUs?: number;
}

/** What a check looked at, so that whoever explains its failure can follow how that came to be. */
export interface About {
  /** The servers whose state was not as it must be. */
  readonly servers?: readonly string[];
  readonly index?: number;
  readonly command?: string;
  /** A leadership. */
  readonly term?: number;
  /** A read, by its name; `index` is what it should have seen. */
  readonly read?: string;
  /** A key of the key/value service. */
  readonly key?: string;
}

/** Why a run failed, as data. */
export interface Failure {
  readonly kind: FailureKind;
  readonly message: string;
  /** For a violation: the rule that was broken. */
  readonly rule?: string;
  /** For a check of the scenario: what it looked at. */
  readonly about?: About;
  /** For a check that can be made again: which. */
  readonly check?: LabCheck;
  /** More than one line can hold, such as the picture of a history. */
  readonly detail?: string;
}

/** Thrown by checks inside of scripts; carries the failure of the run. */
export class ScenarioError extends Error {
  readonly code = 'SCENARIO_FAILED';
  readonly failure: Failure;

  constructor(kind: FailureKind, message: string, more: Pick<Failure, 'about' | 'check' | 'detail'> = {}) {
    super(message);
    this.name = 'ScenarioError';
    const { about, check, detail } = more;
    this.failure = {
      kind,
      message,
      ...(about === undefined ? {} : { about }),
      ...(check === undefined ? {} : { check }),
      ...(detail === undefined ? {} : { detail }),
    };
  }
}

/** A mistake of the caller: an unknown scenario, a plan that cannot be read. Never a failure of the run. */
export class SimulatorError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'SimulatorError';
    this.code = code;
  }
}

/** Turns whatever a script or a core threw into a failure. */
export function failureOf(thrown: unknown, kind: FailureKind): Failure {
  if (thrown instanceof ScenarioError) return thrown.failure;
  if (thrown instanceof Error) return { kind, message: firstFrames(thrown) };
  return { kind, message: `threw ${String(thrown)}, which is not an Error` };
}

/** The message and the innermost two frames: enough to find the place, short enough for a summary. */
function firstFrames(error: Error): string {
  const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
  const where = frames.slice(0, 2).map((line) => line.trim());
  return [`${error.name}: ${error.message}`, ...where].join('; ');
}
