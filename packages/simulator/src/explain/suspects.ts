import { type Event, encodeLine } from '@raftlens/events';
import type { RaftCore } from '@raftlens/raft/core';
import * as ownCore from '@raftlens/raft/core';
import { cpuNowMs } from '../engine/real-time.ts';
import { sameFailure } from '../plan/keep.ts';
import { assert } from '../protocol/assert.ts';
import type { FailureKind } from '../protocol/failure.ts';
import type { Plan } from '../protocol/plan.ts';
import { type RunOutcome, runScenario } from '../run/run.ts';
import type { Scenario } from '../scenarios/scenario.ts';

/** A bug that is known to break rules: what the zoo says of it. */
export interface KnownBug {
  readonly id: string;
  readonly what: string;
  readonly rule: string;
  readonly section: string;
  /** Kinds of failures that it shows itself by, where no single step is wrong. */
  readonly kinds?: readonly FailureKind[];
  /** The names of the functions that it changes. */
  readonly functions?: readonly string[];
  /** The core with the bug in it. A bug that has none is judged by its rule alone. */
  readonly load?: () => Promise<RaftCore>;
}

/**
 * How near a known bug comes to the failure when the plan is played on the healthy core with that bug planted in it: it makes the same run,
 * compared event for event up to the failure; the same wrong step; or a failure of the same rule or kind elsewhere. `untried` is a bug that
 * was not planted.
 */
export const LIKENESSES = ['same-run', 'same-step', 'same-rule', 'untried'] as const;
export type Likeness = (typeof LIKENESSES)[number];

export interface Hypothesis {
  readonly bug: KnownBug;
  readonly likeness: Likeness;
  readonly why: string;
}

export interface Investigation {
  readonly plan: Plan;
  readonly scenario: string | Scenario;
  /** The run that is to be explained, and its events; null where there were more than are kept. */
  readonly outcome: RunOutcome;
  readonly events: readonly Event[] | null;
  /** The names of the functions of the core that the run went through; null where that is not known. */
  readonly functions: ReadonlySet<string> | null;
  /** No bug is planted after so much time of the processor. */
  readonly budgetCpuMs: number;
}

export interface Suspects {
  readonly hypotheses: readonly Hypothesis[];
  /** How many bugs were not tried because time was up. */
  readonly untried: number;
  /**
   * The core of the repository itself fails under the plan in the same way, and planting bugs in it tells nothing. Either that core is
   * wrong, or no core could do what the plan asks for.
   */
  readonly failsUnplanted: boolean;
}

/**
 * Which known bugs may be behind a failure, most likely first. Each is put to the test: the same plan is played on a core that has it, and
 * one that then does nothing alike is no suspect. Time may run out, so the likeliest are tried first: those that change a function which the
 * run went through, those whose rule was broken, then the others in their own order.
 */
export async function suspectsFor(search: Investigation, bugs: readonly KnownBug[]): Promise<Suspects> {
  const { outcome, budgetCpuMs } = search;
  if (outcome.failure === null) return { hypotheses: [], untried: 0, failsUnplanted: false };
  const endMs = cpuNowMs() + budgetCpuMs;
  const failsUnplanted = bugs.length > 0 && (await tried(search, ownCore)) !== null;
  const found: Hypothesis[] = [];
  let untried = 0;
  for (const bug of inOrder(search, bugs)) {
    const { load } = bug;
    if (load === undefined || failsUnplanted || cpuNowMs() > endMs) {
      if (load !== undefined && !failsUnplanted) untried += 1;
      if (isNamed(bug, outcome)) found.push({ bug, likeness: 'untried', why: 'it is known to show itself so; it was not tried' });
      continue;
    }
    const likeness = await tried(search, await load());
    if (likeness !== null) found.push({ bug, likeness, why: whyOf(likeness, outcome) });
  }
  const caught = found.filter(({ likeness }) => likeness !== 'untried');
  const ranked = (caught.length > 0 ? caught : found).sort((a, b) => LIKENESSES.indexOf(a.likeness) - LIKENESSES.indexOf(b.likeness));
  assert(untried <= bugs.length && found.length <= bugs.length, 'every bug is looked at once');
  return { hypotheses: ranked, untried, failsUnplanted };
}

function whyOf(likeness: Exclude<Likeness, 'untried'>, { events }: RunOutcome): string {
  switch (likeness) {
    case 'same-run':
      return `planted in the healthy core, it makes this very run, event for event: ${events} up to the failure`;
    case 'same-step':
      return 'planted in the healthy core, it takes the same wrong step';
    case 'same-rule':
      return 'planted in the healthy core, it fails in the same way, but not at this step';
  }
}

function isNamed(bug: KnownBug, { failure, violations: [broken] }: RunOutcome): boolean {
  if (bug.rule === (broken?.rule ?? failure?.rule)) return true;
  return broken === undefined && failure !== null && bug.kinds?.includes(failure.kind) === true;
}

/** The order hangs on the run alone, and not on how quick the machine is. */
function inOrder({ outcome, functions }: Investigation, bugs: readonly KnownBug[]): KnownBug[] {
  const section = outcome.violations[0]?.section ?? '';
  const wentThrough = (bug: KnownBug): boolean =>
    functions === null || bug.functions === undefined || bug.functions.length === 0 || bug.functions.some((name) => functions.has(name));
  const rank = (bug: KnownBug): number => {
    const near = isNamed(bug, outcome) ? 0 : bug.section !== '' && section.includes(bug.section) ? 1 : 2;
    return (wentThrough(bug) ? 0 : 3) + near;
  };
  return [...bugs].sort((a, b) => rank(a) - rank(b));
}

/** Null for a core that does nothing alike under the plan. */
async function tried(search: Investigation, core: RaftCore): Promise<Exclude<Likeness, 'untried'> | null> {
  const { plan, scenario, outcome, events } = search;
  const options = { core, seed: plan.seed, plan };
  const run = await runScenario(scenario, options);
  if (!sameFailure(run.failure, outcome.failure)) return null;
  if (!sameStep(run, outcome)) return 'same-rule';
  if (run.traceHash !== outcome.traceHash || events === null) return 'same-step';
  // Equal hashes say that it is worth the comparison.
  let at = 0;
  let same = true;
  await runScenario(scenario, {
    ...options,
    trace: (event) => {
      const other = events[at];
      if (other !== undefined) same &&= encodeLine(other) === encodeLine(event);
      at += 1;
    },
  });
  return same && at === events.length ? 'same-run' : 'same-step';
}

/** The same server says or does the same wrong thing at the same moment. Where no step is wrong, the failure is told in the same words. */
function sameStep(run: RunOutcome, outcome: RunOutcome): boolean {
  const [a, b] = [run.violations[0], outcome.violations[0]];
  if (a === undefined || b === undefined) return a === b && run.failure?.message === outcome.failure?.message;
  return a.node === b.node && a.seq === b.seq && a.why === b.why;
}
