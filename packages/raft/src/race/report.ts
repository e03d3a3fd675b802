import type { Event } from '@raftlens/events';

/** What a task did to guarded state, and where it stood. */
export interface Access {
  readonly task: string;
  readonly did: 'read' | 'wrote' | 'iterated' | 'sent' | 'asked for' | 'held';
  /** "raft.term", "raft.nextIndex[S2]", or the name of a lock or of what was called. */
  readonly what: string;
  /** The call stack, or '' where the detector was told to keep none. */
  readonly stack: string;
  /** The last event that the task had traced: the line of the log next to which it stood. Null before its first. */
  readonly event: Event | null;
}

export type RaceKind =
  /** Read before an await, written after it, and another task wrote in between. */
  | 'lost-update'
  /** Acted after an await on what it had read of a decisive field before it, although another task has changed it since. */
  | 'stale-decision'
  /** A collection was changed by another task in the middle of a loop over it. */
  | 'changed-while-iterated'
  /** Guarded state was touched by a task that does not hold its lock. */
  | 'no-lock'
  /** A lock was held over an RPC or a call into the service. */
  | 'lock-held-outside'
  /** Tasks wait for each other in a circle. */
  | 'deadlock';

/** One race. `accesses` are in the order in which they happened; in a deadlock each waits for the one that follows it. */
export interface RaceReport {
  readonly kind: RaceKind;
  /** What the race is about: a path of guarded state or the name of a lock. */
  readonly what: string;
  readonly message: string;
  readonly accesses: readonly Access[];
}

/** The report for eyes: a sentence, then each access with its log line and its stack. `line` prints an event. */
export function textOfRace(report: RaceReport, line: (event: Event) => string): string {
  const accesses = report.accesses.map((access) => {
    const at = access.event === null ? '' : `\n    log line ${access.event.seq}: ${line(access.event)}`;
    const stack = access.stack === '' ? '' : `\n${access.stack}`;
    return `  ${access.task} ${access.did} ${access.what}${at}${stack}`;
  });
  return `${report.kind}: ${report.message}\n${accesses.join('\n')}`;
}
