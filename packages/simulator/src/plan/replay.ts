import { type Event, encodeLine } from '@raftlens/events';
import { CHECKPOINT_EVENTS } from '../cluster/trace.ts';
import { assert } from '../protocol/assert.ts';
import type { Plan } from '../protocol/plan.ts';
import { type RunOptions, type RunOutcome, runScenario } from '../run/run.ts';
import type { Scenario } from '../scenarios/scenario.ts';

export interface ReplayOptions extends Pick<RunOptions, 'core' | 'trace' | 'limits'> {
  /** For a plan of a scenario that is not among the known ones. */
  readonly scenario?: Scenario;
  /** The events of the run that the plan was made from, where they were kept: they let the difference be named to the event. */
  readonly expected?: Iterable<Event>;
}

/** Where a run first went another way than the one that it repeats. */
export interface Difference {
  /** The first event that differs is among these, by `seq`, both included. */
  readonly fromSeq: number;
  readonly toSeq: number;
  /** The line that was expected and the one that came; null where the events of the first run were not kept, or where there is none. */
  readonly expected: string | null;
  readonly found: string | null;
}

export interface ReplayReport {
  readonly same: boolean;
  readonly outcome: RunOutcome;
  readonly difference: Difference | null;
}

/**
 * Runs a plan again and says whether it went the same way. Where the events of the first run were kept they are compared line by line;
 * where they were not, the hash over all events tells, and the hashes along the way the block that differs.
 */
export async function replay(plan: Plan, options: ReplayOptions = {}): Promise<ReplayReport> {
  const { scenario, expected, trace, ...rest } = options;
  const lines: string[] = [];
  const keep = expected !== undefined;
  const outcome = await runScenario(scenario ?? plan.scenario, {
    ...rest,
    seed: plan.seed,
    plan,
    ...(trace === undefined && !keep ? {} : { trace: (event) => (keep && lines.push(encodeLine(event)), trace?.(event)) }),
  });
  const difference = expected === undefined ? firstBlock(plan, outcome) : firstDifference(expected, lines);
  return { same: difference === null, outcome, difference };
}

/** Compares two runs event by event; null when they are equal. */
export function firstDifference(expected: Iterable<Event>, found: readonly string[]): Difference | null {
  let at = 0;
  for (const event of expected) {
    const line = encodeLine(event);
    if (line !== found[at]) return { fromSeq: at + 1, toSeq: at + 1, expected: line, found: found[at] ?? null };
    at += 1;
  }
  return at < found.length ? { fromSeq: at + 1, toSeq: at + 1, expected: null, found: found[at] ?? null } : null;
}

/** The block of events in which the hashes along the way part; null when the hash of the whole is the same. */
function firstBlock({ traceHash, checkpoints }: Plan, outcome: RunOutcome): Difference | null {
  if (outcome.traceHash === traceHash) return null;
  assert(outcome.checkpoints.length === Math.floor(outcome.events / CHECKPOINT_EVENTS), 'there is a hash for every block of events');
  let block = 0;
  while (block < checkpoints.length && checkpoints[block] === outcome.checkpoints[block]) block += 1;
  return { fromSeq: block * CHECKPOINT_EVENTS + 1, toSeq: (block + 1) * CHECKPOINT_EVENTS, expected: null, found: null };
}
