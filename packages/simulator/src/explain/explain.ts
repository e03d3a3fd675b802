import type { Violation } from '@raftlens/checker';
import type { Event } from '@raftlens/events';
import type { Failure, FailureKind } from '../protocol/failure.ts';
import type { Plan } from '../protocol/plan.ts';
import { type RunOptions, runScenario } from '../run/run.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { type Standstill, standstillOf } from './standstill.ts';
import { type StoryLine, tell } from './story.ts';
import { type KnownBug, type Suspects, suspectsFor } from './suspects.ts';

export interface ExplainOptions extends Pick<RunOptions, 'core'> {
  /** For a plan of a scenario that is not among the known ones. */
  readonly scenario?: Scenario;
  readonly knownBugs?: readonly KnownBug[];
  /** At most this many lines of story; 24 unless given. */
  readonly linesMax?: number;
  /** At most this much real time goes into trying known bugs; 8 s unless given. */
  readonly budgetMs?: number;
}

export interface Explanation {
  readonly failure: Failure | null;
  readonly violation: Violation | null;
  /** In causal order, which is the order of time; the last line is the wrong step. */
  readonly story: readonly StoryLine[];
  /** How things stood at the end, for failures without a wrong step; null for others. */
  readonly standstill: Standstill | null;
  /** Rules that were broken after the first one, in the order in which they were. */
  readonly consequences: readonly Violation[];
  readonly suspects: Suspects;
}

/** How long the run goes on after the first violation, to see what else breaks because of it. */
const AFTERMATH_US = 3_000_000;
/** Failures in which no step was wrong: something that had to happen did not. */
const STANDSTILLS: ReadonlySet<FailureKind> = new Set(['agreement', 'leader', 'liveness', 'budget', 'size', 'virtual-limit', 'stuck']);
/** Rules of the checker that are about the same. */
const STANDSTILL_RULES: ReadonlySet<string> = new Set(['Liveness', 'Message budget']);
const EVENTS_MAX = 400_000;
const LINES_MAX = 24;
const BUDGET_MS = 8000;

/** Tells why a plan fails: runs it, and follows the causes back from the wrong step. */
export async function explain(plan: Plan, options: ExplainOptions = {}): Promise<Explanation> {
  const scenario = options.scenario ?? plan.scenario;
  const core = options.core === undefined ? {} : { core: options.core };
  const events: Event[] = [];
  const keep = (event: Event): void => void (events.length < EVENTS_MAX && events.push(event));
  const outcome = await runScenario(scenario, { ...core, seed: plan.seed, plan, trace: keep });
  const violation = outcome.violations[0] ?? null;
  const told = events.filter((event) => event.op !== 'Violation' && event.op !== 'TestEnd');
  const budgetMs = options.budgetMs ?? BUDGET_MS;
  return {
    failure: outcome.failure,
    violation,
    story: tell(told, outcome.failure, violation, options.linesMax ?? LINES_MAX),
    standstill: isStandstill(outcome.failure) ? standstillOf(told) : null,
    consequences: violation === null ? [] : await consequencesOf(violation, plan, scenario, core),
    suspects: await suspectsFor({ plan, scenario, outcome, budgetMs }, options.knownBugs ?? []),
  };
}

function isStandstill(failure: Failure | null): boolean {
  return failure !== null && (STANDSTILLS.has(failure.kind) || STANDSTILL_RULES.has(failure.rule ?? ''));
}

/** Which rules break when the run is not stopped at its first wrong step: each once. */
async function consequencesOf(
  first: Violation,
  plan: Plan,
  scenario: string | Scenario,
  core: Pick<RunOptions, 'core'>,
): Promise<Violation[]> {
  const longer = { ...plan, endUs: plan.endUs + AFTERMATH_US };
  const { violations } = await runScenario(scenario, { ...core, seed: plan.seed, plan: longer, stopAtViolation: false });
  const rules = new Set([first.rule]);
  return violations.filter(({ rule }) => !rules.has(rule) && rules.add(rule));
}
