import type { FactName } from '../model/known.ts';
import type { Moment, Moments } from '../model/step.ts';
import type { ObservedMoment, ObservedMoments } from '../observed/moments.ts';
import type { Topic } from './topics.ts';

/** The step is as the rule wants it. */
export const HELD = { held: true } as const;

/** What the rule needs is not told, so that the step is not judged. It is reported as unchecked, never passed in silence. */
export interface Unknown {
  readonly unknown: string;
  /** The rest of what the rule says was held. */
  readonly inPart?: true;
}

/** The step broke the rule. */
export interface Broken {
  readonly why: string;
  /** The `seq`s of earlier lines that prove it; zeros (not known) are left out, and the step itself is added as the last. */
  readonly evidence: readonly number[];
  /** What the rule would have allowed. */
  readonly allowed: string;
  /** The wrong step, where the line of this moment only proves that it was wrong. */
  readonly seq?: number;
  /** The server that broke it, where another one's line tells of that. */
  readonly node?: string;
}

/** No step is wrong, and the log shows what a reader has to know all the same. It stands in the report and accuses nobody. */
export interface RuleNotice {
  readonly notice: string;
}

/** What a predicate says of a step: that the rule does not govern it (null), or that it was held, broken, is worth a notice, or cannot be judged. */
export type Verdict = null | typeof HELD | Unknown | RuleNotice | Broken | readonly Broken[];

export interface Check<M extends Moment = Moment> {
  readonly at: M;
  /** Whether the check is about the step at all; a step that it is not about is not counted, nor is a fact missed for it. */
  readonly governs: ((this: void, step: Moments[M]) => boolean) | null;
  /** Facts without which the step is not judged. */
  readonly needs: readonly FactName[];
  /** Further facts that the predicate reads, where they are known. */
  readonly reads: readonly FactName[];
  /** False for a second look at a step that another check of the rule has counted. */
  readonly counts: boolean;
  /** Pure: it reads the step and the facts that are named, and changes nothing. */
  readonly judge: (this: void, step: Moments[M]) => Verdict;
}

export type AnyCheck = { [M in Moment]: Check<M> }[Moment];

/**
 * A check of a server that was observed from outside: its messages, saves and applies are told, and its state is not. The rule is the same; what
 * proves that it was broken is another thing.
 */
export interface ObservedCheck<M extends ObservedMoment = ObservedMoment> {
  readonly at: M;
  readonly judge: (this: void, step: ObservedMoments[M]) => Verdict;
}

export type AnyObservedCheck = { [M in ObservedMoment]: ObservedCheck<M> }[ObservedMoment];

/** A row of the rulebook: what the rule says, and how a step is held against it. */
export interface RuleRow {
  readonly title: string;
  /** Where it is stated. Sections without a name are those of the extended Raft paper (Ongaro and Ousterhout, 2014); "thesis" is Ongaro's. */
  readonly section: string;
  readonly about: Topic;
  /** What the rule demands, in a sentence or two. The inspector shows it beside the evidence. */
  readonly text: string;
  /** `step` rules govern a single step of one server; an `invariant` holds over the whole cluster and falls because of a wrong step. */
  readonly kind: 'step' | 'invariant';
  readonly checks: readonly AnyCheck[];
  /** How the rule is held against servers that were observed from outside. Absent where nothing can be seen of it. */
  readonly observed?: readonly AnyObservedCheck[];
}

interface CheckOptions<M extends Moment> {
  readonly governs?: (this: void, step: Moments[M]) => boolean;
  readonly needs?: readonly FactName[];
  readonly reads?: readonly FactName[];
  readonly counts?: boolean;
  readonly judge: (this: void, step: Moments[M]) => Verdict;
}

/** A check of the steps at a moment. */
export function at<M extends Moment>(moment: M, { governs, needs = [], reads = [], counts = true, judge }: CheckOptions<M>): Check<M> {
  return { at: moment, governs: governs ?? null, needs, reads, counts, judge };
}

/** A check of what is seen of a server at a moment. */
export function seen<M extends ObservedMoment>(moment: M, judge: (this: void, step: ObservedMoments[M]) => Verdict): ObservedCheck<M> {
  return { at: moment, judge };
}

export function unknown(reason: string): Unknown {
  return { unknown: reason };
}

/** A part of the rule was held, and for the rest the log does not tell enough. */
export function unknownInPart(reason: string): Unknown {
  return { unknown: reason, inPart: true };
}

/** Held, or broken in these ways. */
export function heldUnless(...wrong: readonly (Broken | null)[]): Verdict {
  const found = wrong.filter((one) => one !== null);
  return found.length === 0 ? HELD : found;
}

export function broken(evidence: readonly number[], why: string, allowed: string): Broken {
  return { evidence, why, allowed };
}
