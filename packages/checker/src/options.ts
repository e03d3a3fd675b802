/** What the checker may be told beside the events. Everything is optional: rules that need more than they were told say so in the report. */
export interface CheckerOptions {
  /** The voters of the cluster, for a log whose servers do not tell of a configuration. */
  readonly voters?: readonly string[];
}
