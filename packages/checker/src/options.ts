import type { MessageBudget } from './budget.ts';

/** What the checker may be told beside the events. Everything is optional: rules that need more than they were told say so in the report. */
export interface CheckerOptions {
  /** The voters of the cluster, for a log whose servers do not tell of a configuration. */
  readonly voters?: readonly string[];
  /** Within so many milliseconds a cluster that is left alone has to have a leader, and to commit. Default: eight times the longest election timeout. */
  readonly livenessMs?: number;
  /** How many messages the servers may send, in place of what the line TestBegin says. */
  readonly budget?: MessageBudget;
  /** How many violations the report keeps. Default: those that a reader can take in, ten a rule and server, 500 in all. */
  readonly keptMax?: number;
  /**
   * Every line of the cluster is given, once and in order, as by a simulator: lines are not compared with one another to find those that are
   * missing, doubled or of another run. Default: false.
   */
  readonly isWhole?: boolean;
}
