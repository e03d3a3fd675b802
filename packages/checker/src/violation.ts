/** A rule that was broken, with the lines that prove it. */
export interface Violation {
  /** The rule's title, as `ruleOf` knows it: "RequestVote receiver rule 2", "Election Safety". */
  readonly rule: string;
  /** Where the paper states it: "figure 2; 5.4.1". */
  readonly section: string;
  /** The server that took the wrong step. */
  readonly node: string;
  /** The wrong step itself. */
  readonly seq: number;
  /** The `seq`s of the lines that prove it, in order; the last is the wrong step, or the line that shows that it was wrong. */
  readonly evidence: readonly number[];
  readonly why: string;
  /** What the rule would have allowed in place of the step. */
  readonly allowed?: string;
}

/** A rule that the log did not tell enough to hold against every step that it governs. */
export interface UncheckedRule {
  readonly rule: string;
  readonly reason: string;
  /** How many steps were not checked, and how many were. */
  readonly skipped: number;
  readonly checked: number;
}

/** A part of Raft of which the log lets no rule be judged. */
export interface UnjudgedTopic {
  /** "logs", "commits", "snapshots". */
  readonly about: string;
  readonly reason: string;
}

/** How much was judged: a log that tells little holds to all rules easily. */
export interface Coverage {
  /** How many rules there are. */
  readonly rules: number;
  /** Those that were held against at least one step, by their titles. */
  readonly judged: readonly string[];
  readonly unjudged: readonly UnjudgedTopic[];
}

export interface CheckReport {
  /** In the order of the lines; in one line the step's own rule stands before the invariants that fell. */
  readonly violations: readonly Violation[];
  /** The first wrong step, where the story of the failure begins. */
  readonly first: Violation | null;
  /** How many more were found and not kept: the same rule broken by the same server again and again. */
  readonly suppressed: number;
  readonly unchecked: readonly UncheckedRule[];
  /** Rules that governed no step of this log, so that the log says nothing about them. */
  readonly notExercised: readonly string[];
  readonly coverage: Coverage;
  /** What is worth knowing although no rule is broken, and lines that were left out of the check, in a sentence each. */
  readonly notices: readonly string[];
  readonly checkedEvents: number;
}
