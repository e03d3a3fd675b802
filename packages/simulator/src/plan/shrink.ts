import * as ownCore from '@raftlens/raft/core';
import { cpuNowMs } from '../engine/real-time.ts';
import { isCalmable } from '../engine/tape-deck.ts';
import type { Action } from '../protocol/act.ts';
import { assert } from '../protocol/assert.ts';
import type { FailureKind } from '../protocol/failure.ts';
import type { Plan } from '../protocol/plan.ts';
import { type RunOutcome, runScenario } from '../run/run.ts';
import { scenarioOfPlan } from '../scenarios/registry.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { type Deviation, deviationsOf, withDeviations } from './deviations.ts';
import { type KeepOptions, sameFailure, sealed } from './keep.ts';
import { minimise } from './minimise.ts';
import { withoutServer } from './smaller-cluster.ts';

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
 * Makes a failing plan smaller while it fails in the same way: a violation of the same rule, or a failure of the same kind. Takes servers,
 * load and whole kinds of faults away first, lets snapshots come sooner, removes actions and deviations by delta debugging (Zeller and
 * Hildebrandt, 2002), shortens pauses, and ends the run at the failure. No try does more than the whole plan did: events count, too.
 */
export async function shrink(plan: Plan, options: ShrinkOptions = {}): Promise<ShrinkReport> {
  const shrinker = new Shrinker(plan, options);
  return await shrinker.shrink();
}

/** Longer than two elections of the labs: enough for a server to time out, be elected and commit. */
const SLACK_US = 1_500_000;
/** What the load consists of. Faults without load seldom fail, and load that does not matter costs the most runs. */
const LOAD: ReadonlySet<Action['do']> = new Set(['propose', 'client', 'read']);
/** Failures of checks that ask for progress: a plan may come to ask for more than any core could give. */
const OF_PROGRESS: ReadonlySet<FailureKind> = new Set(['agreement', 'leader', 'liveness', 'budget', 'size', 'virtual-limit']);

class Shrinker {
  readonly #original: Plan;
  readonly #scenario: Scenario;
  readonly #options: ShrinkOptions;
  readonly #endMs: number;
  readonly #runsMax: number;
  #eventsMax = Number.POSITIVE_INFINITY;
  #runs = 0;
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
    // However few actions a plan has, one that does more than the whole plan did is no smaller.
    this.#eventsMax = first.events;
    await this.#calmAll();
    for (let round = 0, size = Number.POSITIVE_INFINITY; this.#size < size && !this.#spent(); round += 1) {
      size = this.#size;
      if (this.#best.by === 'actions') {
        await this.#fewerServers();
        await this.#withoutKinds();
        await this.#smallerSnapshots();
        await this.#minimiseActions();
        await this.#shortenPauses();
      }
      await this.#minimiseDeviations(round === 0);
    }
    await this.#dropUnused();
    const run = this.#bestRun ?? first;
    assert(this.#best.actions.length <= this.#original.actions.length, 'a shrunk plan does no more than the whole one');
    assert(sameFailure(run.failure, this.#original.failure), 'a shrunk plan fails in the same way');
    assert(run.events <= first.events, 'a shrunk run is not longer than the whole one');
    const ended = this.#spent() ? 'budget' : 'done';
    return { plan: sealed(this.#best, run), before, after: sizeOf(this.#best, run), runs: this.#runs, ended };
  }

  get #size(): number {
    return this.#best.actions.length + deviationsOf(this.#best.tape).length + this.#servers;
  }

  get #servers(): number {
    return this.#best.setup?.servers ?? this.#scenario.servers;
  }

  /** The greatest step first: a network that carries everything at once and in order, and a disk that loses nothing. */
  async #calmAll(): Promise<void> {
    const kept = deviationsOf(this.#best.tape);
    if (kept.length > 0) await this.#try(withDeviations(this.#best, []));
  }

  /** A plan of a scenario that draws its setup, and that does not keep it, would draw another. */
  async #fewerServers(): Promise<void> {
    if (this.#scenario.vary !== undefined && this.#best.setup === undefined) return;
    for (let gone = this.#servers; gone >= 1 && !this.#spent(); gone -= 1) {
      const servers = this.#servers;
      if (servers < 2 || gone > servers) continue;
      const voters = this.#best.setup?.voters ?? this.#scenario.voters ?? servers;
      await this.#try(withoutServer(this.#best, gone, servers, voters));
    }
  }

  /** All load at once, then all actions of one kind: the fewest runs for the most actions. */
  async #withoutKinds(): Promise<void> {
    const without = (matches: (action: Action) => boolean): Promise<boolean> | boolean => {
      const actions = this.#best.actions.filter((action) => !matches(action));
      return actions.length < this.#best.actions.length && this.#try({ ...this.#best, actions });
    };
    await without((action) => LOAD.has(action.do));
    for (const kind of new Set(this.#best.actions.map((action) => action.do))) await without((action) => action.do === kind);
  }

  /** Snapshots that come sooner need fewer commands, and small ones fewer messages. */
  async #smallerSnapshots(): Promise<void> {
    const { setup } = this.#best;
    const every = setup?.snapshotEvery ?? this.#scenario.snapshotEvery ?? 0;
    if (this.#scenario.vary !== undefined && setup === undefined) return;
    if ((setup?.snapshotBytes ?? 0) > 0) await this.#try({ ...this.#best, setup: { ...this.#best.setup, snapshotBytes: 0 } });
    for (const sooner of [0, 1, 2, 3, 5]) {
      if (sooner >= every || this.#spent()) return;
      if (await this.#try({ ...this.#best, setup: { ...this.#best.setup, snapshotEvery: sooner } })) return;
    }
  }

  async #minimiseActions(): Promise<void> {
    await minimise<Action>(
      this.#best.actions,
      (actions) => this.#try({ ...this.#best, actions }),
      () => this.#spent(),
    );
  }

  /** Of one kind, then of one link or disk at once; then one by one. */
  async #minimiseDeviations(grouped: boolean): Promise<void> {
    if (grouped) {
      for (const groupOf of [({ label }: Deviation) => label.split(' ', 1)[0] ?? '', ({ label }: Deviation) => label]) {
        for (const group of new Set(deviationsOf(this.#best.tape).map(groupOf))) {
          const kept = deviationsOf(this.#best.tape).filter((deviation) => groupOf(deviation) !== group);
          await this.#try(withDeviations(this.#best, kept));
        }
      }
    }
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
    if (!sameFailure(run.failure, this.#original.failure) || !(await this.#isFair(longer, run))) return false;
    this.#take(longer, run);
    return true;
  }

  /** What asks for progress must be possible: the core of the repository passes, where the plan is of another. */
  async #isFair(plan: Plan, { failure }: RunOutcome): Promise<boolean> {
    const { core } = this.#options;
    if (core === undefined || failure === null || !OF_PROGRESS.has(failure.kind)) return true;
    const own = await this.#run(plan, ownCore);
    return !sameFailure(own.failure, failure);
  }

  /**
   * A smaller plan may fail a moment later than the one before. A check of the script is repeated at its own time, and keeps its end. No
   * try goes on longer than the whole plan and the slack.
   */
  #endWithSlack({ by, endUs, failure }: Plan): number {
    if (by === 'script' || failure?.check !== undefined) return endUs;
    return Math.min(endUs, this.#original.endUs) + SLACK_US;
  }

  /** When a run fails before its plan ends, the rest of the plan is not needed. */
  #take(plan: Plan, run: RunOutcome): void {
    const endUs = Math.round(run.virtualMs * 1000);
    const check = plan.failure?.check;
    this.#bestRun = run;
    this.#best = check === undefined ? { ...plan, endUs, actions: plan.actions.filter((action) => action.atUs <= endUs) } : plan;
  }

  async #run(plan: Plan, core = this.#options.core): Promise<RunOutcome> {
    this.#runs += 1;
    const options = { ...this.#options, ...(core === undefined ? {} : { core }), seed: plan.seed, plan };
    return await runScenario(this.#scenario, { ...options, eventsMax: this.#eventsMax });
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
