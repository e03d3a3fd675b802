import type { Violation } from '@raftlens/checker';
import { type Standstill, type StoryLine, standstillOf, storyOf, tell } from '@raftlens/checker/story';
import type { Event } from '@raftlens/events';
import type { Failure, FailureKind } from '../protocol/failure.ts';
import type { Plan } from '../protocol/plan.ts';
import { type RunOptions, runScenario } from '../run/run.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { readBy } from './judgement.ts';
import { type KnownBug, type Suspects, suspectsFor } from './suspects.ts';

export interface ExplainOptions extends Pick<RunOptions, 'core'> {
  /** For a plan of a scenario that is not among the known ones. */
  readonly scenario?: Scenario;
  readonly knownBugs?: readonly KnownBug[];
  /** At most this many lines of story; 24 unless given. */
  readonly linesMax?: number;
  /** At most so much time of the processor goes into trying known bugs; 8 s unless given. */
  readonly budgetCpuMs?: number;
  /** Runs the body and gives the names of the core's functions that it went through: bugs in those are tried first. */
  readonly functionsRun?: (body: () => Promise<unknown>) => Promise<ReadonlySet<string>>;
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
const BUDGET_CPU_MS = 8000;

/** Tells why a plan fails: runs it, and follows the causes back from the wrong step. */
export async function explain(plan: Plan, options: ExplainOptions = {}): Promise<Explanation> {
  const scenario = options.scenario ?? plan.scenario;
  const core = options.core === undefined ? {} : { core: options.core };
  const events: Event[] = [];
  const keep = (event: Event): void => void (events.length < EVENTS_MAX && events.push(event));
  const outcome = await runScenario(scenario, { ...core, seed: plan.seed, plan, trace: keep });
  const play = (): Promise<unknown> => runScenario(scenario, { ...core, seed: plan.seed, plan });
  const functions =
    outcome.failure === null || (options.knownBugs ?? []).length === 0 ? null : ((await options.functionsRun?.(play)) ?? null);
  const violation = outcome.violations[0] ?? null;
  const told = events.filter((event) => event.op !== 'Violation' && event.op !== 'TestEnd');
  const budgetCpuMs = options.budgetCpuMs ?? BUDGET_CPU_MS;
  const linesMax = options.linesMax ?? LINES_MAX;
  return {
    failure: outcome.failure,
    violation,
    story:
      violation === null ? tell(told, { from: readBy(told, outcome.failure), evidence: [] }, linesMax) : storyOf(told, violation, linesMax),
    standstill: isStandstill(outcome.failure) ? standstillOf(told) : null,
    consequences: violation === null ? [] : await consequencesOf(violation, plan, scenario, core),
    suspects: await suspectsFor(
      { plan, scenario, outcome, events: events.length < EVENTS_MAX ? events : null, functions, budgetCpuMs },
      options.knownBugs ?? [],
    ),
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
