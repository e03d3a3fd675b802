import type { CheckReport } from '@raftlens/checker';
import type { LogStore } from '@raftlens/log-store';
import type { Survey } from './survey.ts';

/** Something that the checker found wrong, ready to be shown: nobody has to look its rule or its lines up again. */
export interface Finding {
  /** The rule that was broken: "All servers rule 1". */
  readonly rule: string;
  readonly section: string;
  /** The server that broke it, or the client that got what it should not. */
  readonly who: string;
  readonly why: string;
  /** What the rule says. */
  readonly text: string;
  /** What the rule would have allowed, null where that is not one thing. */
  readonly allowed: string | null;
  /** The wrong step. */
  readonly row: number;
  /** The lines that prove it, in order; the last is the wrong step. */
  readonly evidenceRows: readonly number[];
  /** Operations of clients that contradict each other, drawn over time; empty for a rule of Raft. */
  readonly picture: readonly string[];
}

/** What the checker, which runs behind, knows so far. */
export interface Findings {
  readonly found: readonly Finding[];
  readonly checkedRows: number;
  /** Null until the whole log was checked. */
  readonly report: Pick<CheckReport, 'unchecked' | 'suppressed'> | null;
  /** Why the checker stopped before its end, or null. */
  readonly failed: string | null;
}

export const NO_FINDINGS: Findings = { found: [], checkedRows: 0, report: null, failed: null };

/** The last TestEnd of the harness, when its outcome is a failure. */
export interface TestFailure {
  readonly row: number;
  readonly why: string;
}

/** The log as the renderers and the jumps read it. Nothing of it changes by a key; it grows while the file is indexed. */
export interface LogDocument {
  readonly name: string;
  readonly store: LogStore;
  readonly survey: Survey;
  /** Who has a column, in the order of the columns. */
  readonly peers: readonly string[];
  readonly findings: Findings;
  /** Why the test failed by its own word, null where it did not or the log does not tell. */
  readonly testFailure: TestFailure | null;
  /** The rows that prove some violation, for the mark at the left. */
  readonly evidence: ReadonlySet<number>;
}
