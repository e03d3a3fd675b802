import { cpuNowMs } from '../engine/real-time.ts';
import { isCalmable } from '../engine/tape-deck.ts';
import type { Action } from '../protocol/act.ts';
import { assert } from '../protocol/assert.ts';
import type { Plan } from '../protocol/plan.ts';
import { type RunOutcome, runScenario } from '../run/run.ts';
import { scenarioOfPlan } from '../scenarios/registry.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { type Deviation, deviationsOf, withDeviations } from './deviations.ts';
import { type KeepOptions, sameFailure, sealed } from './keep.ts';
import { minimise } from './minimise.ts';

export interface ShrinkOptions extends Omit<KeepOptions, 'seed'> {
  /** For a plan of a scenario that is not among the known ones. */
  readonly scenario?: Scenario;
  /** At most so much time of the processor and so many runs; 10 s and 5000 unless given. */
  readonly budgetCpuMs?: number;
  readonly budgetRuns?: number;
}

/** How large a plan is. */
export interface PlanSize {
  readonly actions: number;
  /** Messages that were lost, late or doubled, and what else of the network and the disks was not first in, first out. */
  readonly deviations: number;
  readonly virtualMs: number;
  readonly events: number;
}

export interface ShrinkReport {
  readonly plan: Plan;
  readonly before: PlanSize;
  readonly after: PlanSize;
  readonly runs: number;
  /** 'done', 'budget' when it was used up first, or 'not-reproduced' when the plan does not fail as it says. */
  readonly ended: 'done' | 'budget' | 'not-reproduced';
}

/**
 * Makes a failing plan smaller while it fails in the same way: a violation of the same rule, or a failure of the same kind. Removes
 * actions and deviations by delta debugging (Zeller and Hildebrandt, 2002), shortens pauses, and ends the run at the failure.
 */
export async function shrink(plan: Plan, options: ShrinkOptions = {}): Promise<ShrinkReport> {
  const shrinker = new Shrinker(plan, options);
  return await shrinker.shrink();
}

/** Longer than two elections of the labs: enough for a server to time out, be elected and commit. */
const SLACK_US = 1_500_000;

class Shrinker {
  readonly #original: Plan;
  readonly #scenario: Scenario;
  readonly #options: ShrinkOptions;
  readonly #endMs: number;
  readonly #runsMax: number;
  #runs = 0;
  /** How much longer than the best plan a try may go on. */
  #slackUs = 0;
  #best: Plan;
  #bestRun: RunOutcome | null = null;

  constructor(plan: Plan, options: ShrinkOptions) {
    this.#original = plan;
    this.#best = plan;
    this.#options = options;
    this.#scenario = options.scenario ?? scenarioOfPlan(plan);
    this.#endMs = cpuNowMs() + (options.budgetCpuMs ?? 10_000);
    this.#runsMax = options.budgetRuns ?? 5000;
  }

  async shrink(): Promise<ShrinkReport> {
    const first = await this.#run(this.#original);
    const before = sizeOf(this.#original, first);
    if (first.failure === null || !sameFailure(first.failure, this.#original.failure)) {
      return { plan: this.#original, before, after: before, runs: this.#runs, ended: 'not-reproduced' };
    }
    this.#take(this.#original, first);
    await this.#calmAll();
    if (this.#best.by === 'actions') {
      await this.#minimiseActions();
      await this.#shortenPauses();
      await this.#minimiseActions();
    }
    await this.#minimiseDeviations();
    await this.#minimiseWithSlack();
    await this.#dropUnused();
    const run = this.#bestRun ?? first;
    assert(this.#best.actions.length <= this.#original.actions.length, 'a shrunk plan does no more than the whole one');
    assert(sameFailure(run.failure, this.#original.failure), 'a shrunk plan fails in the same way');
    const ended = this.#spent() ? 'budget' : 'done';
    return { plan: sealed(this.#best, run), before, after: sizeOf(this.#best, run), runs: this.#runs, ended };
  }

  /** The greatest step first: a network that carries everything at once and in order, and a disk that loses nothing. */
  async #calmAll(): Promise<void> {
    const kept = deviationsOf(this.#best.tape);
    if (kept.length > 0) await this.#try(withDeviations(this.#best, []));
  }

  async #minimiseActions(): Promise<void> {
    await minimise<Action>(
      this.#best.actions,
      (actions) => this.#try({ ...this.#best, actions }),
      () => this.#spent(),
    );
  }

  /** What no plan fails without at the same moment may be left out when the failure may come later. */
  async #minimiseWithSlack(): Promise<void> {
    const { actions } = this.#best;
    this.#slackUs = SLACK_US;
    await this.#minimiseActions();
    if (this.#best.actions.length < actions.length) {
      await this.#shortenPauses();
      await this.#minimiseDeviations();
    }
    this.#slackUs = 0;
  }

  async #minimiseDeviations(): Promise<void> {
    await minimise<Deviation>(
      deviationsOf(this.#best.tape),
      (kept) => this.#try(withDeviations(this.#best, kept)),
      () => this.#spent(),
    );
  }

  /** Tries to bring each action, and all after it, nearer to the one before. */
  async #shortenPauses(): Promise<void> {
    for (const factor of [0, 4, 2]) {
      for (let at = 0; at < this.#best.actions.length && !this.#spent(); at += 1) await this.#shorten(at, factor);
    }
  }

  async #shorten(at: number, factor: number): Promise<void> {
    const { actions } = this.#best;
    const previousUs = actions[at - 1]?.atUs ?? 0;
    const gapUs = (actions[at]?.atUs ?? 0) - previousUs;
    assert(gapUs >= 0, 'actions stand in the order of time');
    if (gapUs < 1000) return;
    const lessUs = factor === 0 ? gapUs : gapUs - Math.floor(gapUs / factor);
    const moved = actions.map((action, n) => (n < at ? action : { ...action, atUs: action.atUs - lessUs }));
    await this.#try({ ...this.#best, actions: moved, endUs: this.#best.endUs - lessUs, failure: earlier(this.#best.failure, lessUs) });
  }

  /** Leaves out draws that the run never reached. */
  async #dropUnused(): Promise<void> {
    const run = await runScenario(this.#scenario, { ...this.#options, seed: this.#best.seed, plan: this.#best, record: true });
    const used = run.recording?.tape;
    if (used !== undefined) await this.#try({ ...this.#best, tape: { ...this.#best.tape, draws: used.draws } });
  }

  async #try(candidate: Plan): Promise<boolean> {
    if (this.#spent()) return false;
    const longer = { ...candidate, endUs: this.#endWithSlack(candidate) };
    const run = await this.#run(longer);
    if (!sameFailure(run.failure, this.#original.failure)) return false;
    this.#take(longer, run);
    return true;
  }

  /**
   * A smaller plan may fail a moment later than the one before. A check of the script is repeated at its own time, and keeps its end. No
   * try goes on longer than the whole plan and the slack.
   */
  #endWithSlack({ by, endUs, failure }: Plan): number {
    if (by === 'script' || failure?.check !== undefined) return endUs;
    return Math.min(endUs, this.#original.endUs) + this.#slackUs;
  }

  /** When a run fails before its plan ends, the rest of the plan is not needed. */
  #take(plan: Plan, run: RunOutcome): void {
    const endUs = Math.round(run.virtualMs * 1000);
    const check = plan.failure?.check;
    this.#bestRun = run;
    this.#best = check === undefined ? { ...plan, endUs, actions: plan.actions.filter((action) => action.atUs <= endUs) } : plan;
  }

  async #run(plan: Plan): Promise<RunOutcome> {
    this.#runs += 1;
    return await runScenario(this.#scenario, { ...this.#options, seed: plan.seed, plan });
  }

  #spent(): boolean {
    return this.#runs >= this.#runsMax || cpuNowMs() > this.#endMs;
  }
}

function earlier(failure: Plan['failure'], lessUs: number): Plan['failure'] {
  if (failure?.check === undefined) return failure;
  return { ...failure, check: { ...failure.check, atUs: Math.max(0, failure.check.atUs - lessUs) } };
}

function sizeOf(plan: Plan, run: RunOutcome): PlanSize {
  const deviations = Object.entries(plan.tape.draws).reduce((sum, [label, pairs]) => (isCalmable(label) ? sum + pairs.length / 2 : sum), 0);
  return { actions: plan.actions.length, deviations, virtualMs: run.virtualMs, events: run.events };
}
