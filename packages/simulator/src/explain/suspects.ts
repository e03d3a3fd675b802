import type { RaftCore } from '@raftlens/raft/core';
import * as ownCore from '@raftlens/raft/core';
import { realNowMs } from '../engine/real-time.ts';
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
  /** The core with the bug in it. A bug that has none is judged by its rule alone. */
  readonly load?: () => Promise<RaftCore>;
}

/**
 * How near a known bug comes to the failure when the plan is played on the healthy core with that bug planted in it: it makes the same
 * run event for event, the same wrong step, a failure of the same rule or kind elsewhere, or nothing that is alike. `untried` is a bug
 * that was not planted.
 */
export const LIKENESSES = ['same-run', 'same-step', 'same-rule', 'untried', 'unlike'] as const;
export type Likeness = (typeof LIKENESSES)[number];

export interface Hypothesis {
  readonly bug: KnownBug;
  readonly likeness: Likeness;
  readonly why: string;
}

interface Investigation {
  readonly plan: Plan;
  readonly scenario: string | Scenario;
  /** The run that is to be explained. */
  readonly outcome: RunOutcome;
  /** No bug is planted after so much real time. */
  readonly budgetMs: number;
}

const WHY: Readonly<Record<Likeness, string>> = {
  'same-run': 'planted in the healthy core, it makes this very run, event for event',
  'same-step': 'planted in the healthy core, it takes the same wrong step',
  'same-rule': 'planted in the healthy core, it fails in the same way at another step',
  untried: 'it is known to show itself so; it was not tried',
  unlike: 'it is known to show itself so, but not under this plan',
};

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
 * Which known bugs may be behind a failure, most likely first. Each is put to the test: the same plan is played on a core that has it.
 * Those whose rule was broken come first, because they are the likeliest and time may run out.
 */
export async function suspectsFor(search: Investigation, bugs: readonly KnownBug[]): Promise<Suspects> {
  const { outcome, budgetMs } = search;
  const { failure } = outcome;
  const broken = outcome.violations[0];
  if (failure === null) return { hypotheses: [], untried: 0, failsUnplanted: false };
  const named = (bug: KnownBug): boolean =>
    bug.rule === (broken?.rule ?? failure.rule) || (broken === undefined && bug.kinds?.includes(failure.kind) === true);
  const near = (bug: KnownBug): boolean => bug.section !== '' && broken?.section.includes(bug.section) === true;
  const order = (bug: KnownBug): number => (named(bug) ? 0 : near(bug) ? 1 : 2);
  const endMs = realNowMs() + budgetMs;
  const failsUnplanted = bugs.length > 0 && (await tried(search, ownCore)) !== 'unlike';
  const found: Hypothesis[] = [];
  let untried = 0;
  for (const bug of [...bugs].sort((a, b) => order(a) - order(b))) {
    const tries = bug.load !== undefined && !failsUnplanted && realNowMs() <= endMs;
    const likeness = tries && bug.load !== undefined ? await tried(search, await bug.load()) : 'untried';
    if (bug.load !== undefined && !failsUnplanted && !tries) untried += 1;
    if (likeness === 'same-run' || likeness === 'same-step' || likeness === 'same-rule' || named(bug)) {
      found.push({ bug, likeness, why: WHY[likeness] });
    }
  }
  const ranked = found.sort((a, b) => LIKENESSES.indexOf(a.likeness) - LIKENESSES.indexOf(b.likeness));
  assert(untried <= bugs.length && found.length <= bugs.length, 'every bug is looked at once');
  return { hypotheses: ranked.some(isTried) ? ranked.filter(isTried) : ranked, untried, failsUnplanted };
}

/** Where planting a bug reproduced the failure, bugs that were only guessed are left out. */
function isTried({ likeness }: Hypothesis): boolean {
  return likeness === 'same-run' || likeness === 'same-step' || likeness === 'same-rule';
}

async function tried({ plan, scenario, outcome }: Investigation, core: RaftCore): Promise<Likeness> {
  const run = await runScenario(scenario, { core, seed: plan.seed, plan });
  if (!sameFailure(run.failure, outcome.failure)) return 'unlike';
  if (run.traceHash === outcome.traceHash) return 'same-run';
  return sameStep(run, outcome) ? 'same-step' : 'same-rule';
}

/** The same server says or does the same wrong thing at the same moment. Where no step is wrong, the failure is told in the same words. */
function sameStep(run: RunOutcome, outcome: RunOutcome): boolean {
  const [a, b] = [run.violations[0], outcome.violations[0]];
  if (a === undefined || b === undefined) return a === b && run.failure?.message === outcome.failure?.message;
  return a.node === b.node && a.why === b.why;
}
