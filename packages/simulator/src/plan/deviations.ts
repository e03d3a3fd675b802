import { isCalmable } from '../engine/tape-deck.ts';
import { assert } from '../protocol/assert.ts';
import type { Plan } from '../protocol/plan.ts';
import type { Tape } from '../protocol/tape.ts';

/** One draw of the network, a disk or a service that is not the calm one. */
export interface Deviation {
  readonly label: string;
  readonly n: number;
  readonly value: number;
}

export function deviationsOf(tape: Tape): Deviation[] {
  const deviations: Deviation[] = [];
  for (const [label, pairs] of Object.entries(tape.draws)) {
    if (!isCalmable(label)) continue;
    assert(pairs.length % 2 === 0, 'a tape holds pairs');
    for (let at = 0; at + 1 < pairs.length; at += 2) deviations.push({ label, n: pairs[at] ?? 0, value: pairs[at + 1] ?? 0 });
  }
  return deviations;
}

/** The plan with these deviations in place of its own; timers and what the script drew stay. */
export function withDeviations(plan: Plan, deviations: readonly Deviation[]): Plan {
  const draws = new Map<string, number[]>();
  for (const [label, pairs] of Object.entries(plan.tape.draws)) if (!isCalmable(label)) draws.set(label, [...pairs]);
  for (const { label, n, value } of deviations) {
    assert(isCalmable(label), 'only what can be calm deviates');
    const pairs = draws.get(label);
    if (pairs === undefined) draws.set(label, [n, value]);
    else pairs.push(n, value);
  }
  return { ...plan, tape: { ...plan.tape, draws: Object.fromEntries(draws) } };
}
