import type { Action } from '../protocol/act.ts';
import { assert } from '../protocol/assert.ts';
import type { Failure } from '../protocol/failure.ts';
import { PLAN_VERSION, type Plan } from '../protocol/plan.ts';
import { type Recording, type RunOptions, type RunOutcome, runScenario } from '../run/run.ts';
import type { Scenario } from '../scenarios/scenario.ts';

/** The options of a run without what only matters while it runs. */
export type KeepOptions = Pick<RunOptions, 'seed' | 'core' | 'structure' | 'config' | 'limits' | 'race'>;

/** Two failures count as the same when they are of one kind and, for violations, of one rule. */
export function sameFailure(a: Failure | null, b: Failure | null): boolean {
  if (a === null || b === null) return a === b;
  return a.kind === b.kind && a.rule === b.rule;
}

/**
 * Makes a failed run into a plan: runs it again and writes down what is done and drawn. The plan acts without the script when it then
 * fails in the same way; otherwise the script stays in it, with the tape of its draws.
 */
export async function keepFailure(scenario: string | Scenario, options: KeepOptions): Promise<{ plan: Plan; outcome: RunOutcome }> {
  const outcome = await runScenario(scenario, { ...options, record: true });
  const recording = outcome.recording ?? { setup: null, actions: [], tape: { version: 1, rest: 'calm', draws: {} } };
  const byActions = planOf(outcome, 'actions', recording);
  const replayed = await runScenario(scenario, { ...options, plan: byActions });
  if (outcome.failure !== null && sameFailure(replayed.failure, outcome.failure)) return { plan: sealed(byActions, replayed), outcome };
  const byScript = planOf(outcome, 'script', recording);
  return { plan: sealed(byScript, await runScenario(scenario, { ...options, plan: byScript })), outcome };
}

/** The plan with the hash of its own run. */
export function sealed(plan: Plan, run: RunOutcome): Plan {
  return { ...plan, failure: run.failure, traceHash: run.traceHash, checkpoints: run.checkpoints };
}

function planOf(outcome: RunOutcome, by: Plan['by'], recording: Recording): Plan {
  assert(isInOrder(recording.actions), 'actions are written down in the order of time');
  return {
    version: PLAN_VERSION,
    scenario: outcome.scenario,
    structure: outcome.structure,
    seed: outcome.seed,
    ...(recording.setup === null ? {} : { setup: recording.setup }),
    by,
    endUs: Math.round(outcome.virtualMs * 1000),
    actions: by === 'actions' ? withoutCheck(recording.actions, outcome.failure) : recording.actions,
    tape: by === 'actions' ? withoutScript(recording.tape) : recording.tape,
    failure: outcome.failure,
    traceHash: '',
    checkpoints: [],
  };
}

function isInOrder(actions: readonly Action[]): boolean {
  return actions.every(({ atUs }, at) => atUs >= (actions[at - 1]?.atUs ?? 0));
}

/** The check that failed proposes by itself when it is made again. */
function withoutCheck(actions: readonly Action[], failure: Failure | null): readonly Action[] {
  const check = failure?.check;
  if (check === undefined) return actions;
  return actions.filter((action) => action.atUs < check.atUs || action.do !== 'propose' || action.command !== check.command);
}

/** Nobody reads the script's draws without the script. */
function withoutScript(tape: Plan['tape']): Plan['tape'] {
  const draws = Object.fromEntries(Object.entries(tape.draws).filter(([label]) => label !== 'script'));
  return { ...tape, draws };
}
