import { BUGS_FOLDER, bugById } from './catalogue.ts';
import type { BugHeader, PatchedStructure } from './header.ts';

/** How to run the simulator to show a bug. */
export interface Showing {
  /** The name of a scenario, or the path of a scenario file: the schedule that is kept beside the patch. */
  readonly scenario: string;
  readonly structure: PatchedStructure;
  /** The race detector has to be on. */
  readonly race: boolean;
}

/** @throws BugZooError UNKNOWN_BUG. */
export function showing(id: string): Showing {
  const { header } = bugById(id);
  const scenario = header.schedule === null ? header.scenario : `${BUGS_FOLDER}${header.schedule}`;
  return { scenario, structure: header.structure, race: header.structure === 'locked' };
}

/** What a run said was wrong: the first violation's rule, and the failure's kind. */
export interface ShownFailure {
  readonly kind: string;
  readonly rule: string | null;
}

/**
 * Rules that a scenario holds by its own checks, because they are about the whole run and not about one step. A failure of one of the
 * kinds names the rule as well as a violation would.
 */
export const CHECKED_BY_SCENARIOS = {
  Liveness: ['leader', 'agreement', 'liveness'],
  'Message budget': ['budget'],
  'Log size': ['size'],
  'State Machine Safety': ['apply'],
  Linearizability: ['linearizability'],
  'The core’s own check': ['core-error'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** A kind of failure that a scenario's own check ends a run with. */
export type CheckedKind = (typeof CHECKED_BY_SCENARIOS)[keyof typeof CHECKED_BY_SCENARIOS][number];

/** The kinds of failures that name the rule which the bug breaks, where a scenario checks it as a whole. */
export function kindsOf({ rule }: BugHeader): readonly CheckedKind[] {
  return isCheckedByScenarios(rule) ? CHECKED_BY_SCENARIOS[rule] : [];
}

function isCheckedByScenarios(rule: string): rule is keyof typeof CHECKED_BY_SCENARIOS {
  return Object.hasOwn(CHECKED_BY_SCENARIOS, rule);
}

/** Whether the finding names the rule that the bug breaks. */
export function namesRule(bug: BugHeader, finding: ShownFailure): boolean {
  return finding.rule === bug.rule || kindsOf(bug).some((kind) => kind === finding.kind);
}
